"""`quipu serve`: any federation supergraph behind one endpoint."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.errors import CommandError, read_text


def serve(
    supergraph: Annotated[Path, typer.Option(help="The supergraph SDL.")],
    port: Annotated[int, typer.Option(help="The port on loopback.")] = 4000,
    open_: Annotated[bool, typer.Option("--open", help="Ask for no identity: for public data, on loopback.")] = False,
    subgraph: Annotated[
        list[str] | None, typer.Option(help="NAME=URL: an address in place of the one in the supergraph.")
    ] = None,
) -> None:
    """Serve a supergraph on http://127.0.0.1:PORT/graphql."""
    import uvicorn

    from gateway.federation.engine import Engine
    from gateway.federation.supergraph.read import SupergraphError, read_supergraph
    from gateway.transport.app import create_app
    from gateway.upstream.client import SubgraphClient

    if not open_:
        raise CommandError("identities are not served yet: pass --open, for public data on loopback.")
    try:
        graph = read_supergraph(read_text(supergraph))
    except SupergraphError as error:
        raise CommandError(f"{supergraph}: {error}") from error
    urls = {name: known.url for name, known in graph.subgraphs.items()} | _overrides(subgraph or [])
    if missing := sorted(name for name, url in urls.items() if not url.startswith(("http://", "https://"))):
        raise CommandError(f"no http address for {', '.join(missing)}: pass --subgraph NAME=URL.")
    client = SubgraphClient(urls)
    listener = _listen(port)
    config = uvicorn.Config(create_app(Engine(graph, client), client), log_level="warning", server_header=False)
    typer.echo(f"http://127.0.0.1:{listener.getsockname()[1]}/graphql", err=True)
    uvicorn.Server(config).run(sockets=[listener])


def _overrides(given: list[str]) -> dict[str, str]:
    overrides = {}
    for entry in given:
        name, separator, url = entry.partition("=")
        if not separator:
            raise CommandError(f"--subgraph {entry}: write NAME=URL.")
        overrides[name] = url
    return overrides


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise CommandError(f"port {port} is taken: pass another with --port.") from error
    return listener
