"""`quipu serve`: any federation supergraph behind one endpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.arguments import named_values, read_signer
from gateway.cli.errors import CommandError, read_text
from gateway.cli.network import serve_on_loopback

_FIRST_QUERY = "{\n  __typename\n}\n"


def serve(
    supergraph: Annotated[Path, typer.Option(help="The supergraph SDL.")],
    port: Annotated[int, typer.Option(help="The port on loopback.")] = 4000,
    open_: Annotated[bool, typer.Option("--open", help="Ask for no identity: for public data, on loopback.")] = False,
    subgraph: Annotated[
        list[str] | None, typer.Option(help="NAME=URL: an address in place of the one in the supergraph.")
    ] = None,
    jwks: Annotated[str | None, typer.Option(help="The token issuer's public keys: a JWKS file or URL.")] = None,
    issuer: Annotated[str | None, typer.Option(help="The issuer that tokens must name.")] = None,
    audience: Annotated[str, typer.Option(help="The audience that tokens must name.")] = "quipu",
    keys: Annotated[
        Path | None, typer.Option(help="Folder of the gateway's own signing keys, made if missing.")
    ] = None,
    graphiql: Annotated[bool, typer.Option(help="Show GraphiQL to browsers at /graphql.")] = True,
) -> None:
    """Serve a supergraph on http://127.0.0.1:PORT/graphql.

    Without --open, callers need a token of --issuer, and subgraphs get the caller's identity signed by the gateway.
    """
    from gateway.access.keys import KeySource
    from gateway.access.tokens import TokenRules, TokenVerifier
    from gateway.federation.engine import Engine
    from gateway.federation.supergraph.read import SupergraphError, read_supergraph
    from gateway.transport.app import create_app
    from gateway.transport.graphiql import GraphiQLConfig
    from gateway.upstream.client import SubgraphClient

    if open_ == bool(jwks or issuer or keys):
        raise CommandError("pass either --open, for public data, or --jwks, --issuer and --keys.")
    if not open_ and not (jwks and issuer and keys):
        raise CommandError("identities need all three: --jwks, --issuer and --keys.")
    try:
        graph = read_supergraph(read_text(supergraph))
    except SupergraphError as error:
        raise CommandError(f"{supergraph}: {error}") from error
    urls = {name: known.url for name, known in graph.subgraphs.items()} | named_values(subgraph or [], "--subgraph ")
    if missing := sorted(name for name, url in urls.items() if not url.startswith(("http://", "https://"))):
        raise CommandError(f"no http address for {', '.join(missing)}: pass --subgraph NAME=URL.")
    verifier = TokenVerifier(KeySource(jwks), TokenRules(issuer, audience)) if jwks and issuer else None
    client = SubgraphClient(urls, signer=read_signer(keys) if keys else None)
    page = GraphiQLConfig(query=_FIRST_QUERY) if graphiql else None
    app = create_app(Engine(graph, client), client, verifier=verifier, graphiql=page)
    serve_on_loopback(app, port)
