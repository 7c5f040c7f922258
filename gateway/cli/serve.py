"""`quipu serve`: any federation supergraph behind one endpoint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.access.loopback import is_loopback
from gateway.cli.arguments import named_values, read_signer, supergraph_of
from gateway.cli.errors import CommandError, read_text
from gateway.cli.gateway_app import engine_over, gateway_app, settings_with
from gateway.cli.network import serve_on
from gateway.cli.trust import trust_of

if TYPE_CHECKING:
    from gateway.federation.engine import Engine
    from gateway.federation.supergraph.model import Supergraph
    from gateway.settings import Settings
    from gateway.transport.current import Follow
    from gateway.upstream.client import SubgraphClient
    from gateway.upstream.signing import Signer

_FIRST_QUERY = "{\n  __typename\n}\n"


def serve(
    supergraph: Annotated[Path, typer.Option(help="The supergraph SDL.")],
    host: Annotated[str | None, typer.Option(help="The address to listen on; loopback if not given.")] = None,
    port: Annotated[int | None, typer.Option(help="The port; 4000 if not given.")] = None,
    open_: Annotated[bool, typer.Option("--open", help="Ask for no identity: for public data, on loopback.")] = False,
    subgraph: Annotated[
        list[str] | None, typer.Option(help="NAME=URL: an address in place of the one in the supergraph.")
    ] = None,
    issuers: Annotated[
        Path | None, typer.Option(help="The file that names each institution's token issuer (issuers.toml).")
    ] = None,
    jwks: Annotated[str | None, typer.Option(help="The token issuer's public keys: a JWKS file or URL.")] = None,
    issuer: Annotated[str | None, typer.Option(help="The issuer that tokens must name.")] = None,
    audience: Annotated[
        str | None, typer.Option(help="The audience that tokens must name; quipu if not given.")
    ] = None,
    keys: Annotated[
        Path | None, typer.Option(help="Folder of the gateway's own signing keys, made if missing.")
    ] = None,
    introspection: Annotated[
        list[str] | None, typer.Option(help="A role that may read the schema, or * for all; nobody if not given.")
    ] = None,
    store: Annotated[
        str | None, typer.Option(help="redis://…: where replicas share state; in this process if not given.")
    ] = None,
    agreements: Annotated[
        Path | None, typer.Option(help="Folder of the signed agreements to enforce; needs a ledger.")
    ] = None,
    ledger: Annotated[
        str | None,
        typer.Option(help="Where every reading is recorded: an SQLite file, or postgresql://… for several gateways."),
    ] = None,
    ledger_keys: Annotated[
        Path | None, typer.Option(help="Folder of the ledger's keys and last head, made if missing.")
    ] = None,
    graphiql: Annotated[bool, typer.Option(help="Show GraphiQL to browsers at /graphql.")] = True,
    query_plans: Annotated[
        bool | None,
        typer.Option(help="Show clients that ask with the header Quipu-Query-Plan how their operation is answered."),
    ] = None,
    watch: Annotated[
        bool | None,
        typer.Option(
            help="Look at the supergraph's file every second, and serve what it then holds. Requests end "
            "with the supergraph that they began with; a file that cannot be served is told, and changes nothing."
        ),
    ] = None,
) -> None:
    """Serve a supergraph on http://HOST:PORT/graphql.

    Without --open, callers need a token of one of --issuers, or of --issuer, and subgraphs get the caller's identity
    signed by the gateway.
    What is not given here is read from the environment: QUIPU_SERVER__PORT, QUIPU_HTTP__DEADLINE, and so on.
    """
    from gateway.transport.graphiql import GraphiQLConfig

    settings = settings_with(
        server=_given(host=host, port=port, watch=watch),
        identity=_given(
            issuers=issuers, jwks=jwks, issuer=issuer, audience=audience, keys=keys, introspection=introspection
        ),
        store=_given(url=store),
        agreements=_given(folder=agreements),
        ledger=_given(url=ledger, keys=ledger_keys),
        http=_given(query_plans=query_plans),
        subgraphs=named_values(subgraph or [], "--subgraph "),
    )
    if open_ and not is_loopback(settings.server.host):
        raise CommandError("--open asks nobody who they are: it is served on loopback alone.")
    identity = settings.identity
    if open_ and (settings.agreements.folder or settings.ledger.url):
        raise CommandError("--open asks nobody who they are: it goes with neither agreements nor a ledger.")
    graph = _supergraph(supergraph, read_text(supergraph))
    signer = read_signer(identity.keys) if identity.keys else None
    trust = trust_of(settings, signer, open_)
    page = GraphiQLConfig(query=_FIRST_QUERY, logins=trust.logins) if graphiql else None
    follow = [_follow(supergraph, settings, signer)] if settings.server.watch else []
    app = gateway_app(graph, _urls(graph, settings), settings, signer, trust, page, follow=follow)
    serve_on(app, settings.server.host, settings.server.port)


def _given(**flags: Any) -> dict[str, Any]:
    return {name: value for name, value in flags.items() if value is not None}


def _follow(file: Path, settings: Settings, signer: Signer | None) -> Follow:
    from gateway.cli.reload import Reload

    def make(sdl: str) -> tuple[Engine, SubgraphClient]:
        graph = _supergraph(file, sdl)
        return engine_over(graph, _urls(graph, settings), settings, signer)

    return Reload(file, settings.server.interval, make).follow


def _supergraph(file: Path, sdl: str) -> Supergraph:
    graph = supergraph_of(file, sdl)
    if graph.connectors:
        named = ", ".join(sorted(graph.connectors))
        raise CommandError(f"{file}: {named}: connectors reach it (@connect), which this gateway does not run.")
    return graph


def _urls(graph: Supergraph, settings: Settings) -> dict[str, str]:
    urls = {name: known.url for name, known in graph.subgraphs.items()} | settings.subgraphs
    if missing := sorted(name for name, url in urls.items() if not url.startswith(("http://", "https://"))):
        raise CommandError(f"no http address for {', '.join(missing)}: pass --subgraph NAME=URL.")
    return urls
