"""`quipu subgraph`: one institution's subgraph over its database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.errors import CommandError
from gateway.cli.network import serve_on_loopback

PORTS = {"judiciary": 4001, "prosecution": 4002, "constitutional_court": 4003, "academy": 4004}
"""Where each institution listens unless told otherwise."""


def subgraph(
    name: Annotated[str, typer.Argument(help=f"The institution: {', '.join(PORTS)}.")],
    data: Annotated[Path | None, typer.Option(help="The folder that has its database, NAME.db.")] = None,
    port: Annotated[int | None, typer.Option(help="The port on loopback; the institution's own if not given.")] = None,
    gateway_keys: Annotated[
        str, typer.Option(help="The gateway's public keys: a JWKS file or URL.")
    ] = "http://127.0.0.1:4000/.well-known/jwks.json",
    sdl: Annotated[bool, typer.Option("--sdl", help="Print the schema for composition, and serve nothing.")] = False,
) -> None:
    """Serve an institution's subgraph on loopback. It answers requests that the gateway signed, and no others.

    Reserved people appear under pseudonyms keyed by QUIPU_PSEUDONYM_KEY (at least 32 characters); without it they
    change whenever the subgraph starts.
    """
    from subgraphs.common.server import INSTITUTIONS, SubgraphSettings, create_app, schema_sdl

    if name not in INSTITUTIONS:
        raise CommandError(f"no subgraph is called {name}: there are {', '.join(INSTITUTIONS)}.")
    if sdl:
        typer.echo(schema_sdl(name))
        return
    if data is None:
        raise CommandError("pass --data, the folder that has the database; `quipu sample --data DIR` makes one.")
    database = data / f"{name}.db"
    if not database.is_file():
        raise CommandError(f"there is no {database}: `quipu sample --data {data}` makes sample databases.")
    try:
        app = create_app(name, SubgraphSettings(database, gateway_keys))
    except ValueError as error:
        raise CommandError(str(error)) from error
    serve_on_loopback(app, PORTS[name] if port is None else port)
