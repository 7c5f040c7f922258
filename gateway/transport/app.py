"""The gateway's HTTP surface: GraphQL over HTTP, GraphiQL for browsers, health and metrics."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.access.profile import Access
from gateway.access.tokens import TokenVerifier
from gateway.federation.engine import Engine
from gateway.ledger.source import LedgerSource
from gateway.store.store import Store, StoreSettings, open_store
from gateway.transport.cors import cors
from gateway.transport.current import Current, Follow, Served
from gateway.transport.docs import docs_routes
from gateway.transport.endpoint import GraphQLEndpoint
from gateway.transport.graphiql import GraphiQLConfig, graphiql_files, graphiql_page, graphiql_routes
from gateway.transport.health import Health
from gateway.transport.ledger_export import LedgerExport
from gateway.transport.linger import LingeringClose
from gateway.transport.metrics import Metrics
from gateway.transport.negotiation import prefers_page
from gateway.transport.oauth import TokenEndpoint
from gateway.transport.persisted import PersistedQueries
from gateway.transport.recording import Recording
from gateway.transport.settings import HttpSettings
from gateway.upstream.client import SubgraphClient

__all__ = ["HttpSettings", "create_app"]


def create_app(
    engine: Engine,
    client: SubgraphClient,
    settings: HttpSettings | None = None,
    verifier: TokenVerifier | None = None,
    graphiql: GraphiQLConfig | None = None,
    *,
    store: Store | None = None,
    access: Access | None = None,
    recording: Recording | None = None,
    tokens: TokenEndpoint | None = None,
    follow: Sequence[Follow] = (),
) -> Starlette:
    """The application. Without a verifier it asks for no identity: for public data alone. Without `graphiql` browsers
    get no page. Without a store it has one in process; it closes the store and the client at its end. Without `access`
    the supergraph's own rules decide alone, and without `recording` nothing is recorded. `tokens` are for machine
    clients. `follow` may bring other
    supergraphs and agreements while it serves. Raises `GraphiQLFilesError`."""
    settings = settings or HttpSettings()
    shared = open_store(StoreSettings()) if store is None else store
    metrics = Metrics()
    current = Current(Served(engine, client), metrics.fetched, access or Access())
    metrics.watch(current, shared)
    persisted = PersistedQueries(shared, settings.persisted_life, settings.persisted_bytes)
    recording = recording or Recording()
    revocations = verifier.revocations if verifier else None
    endpoint = GraphQLEndpoint(current, settings, verifier, persisted, metrics, recording)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with recording.opened():
            if current.access.register is not None:
                await recording.loaded(current.access.register)
            await current.open()
            following = [asyncio.create_task(each(current)) for each in follow]
            if revocations is not None:
                await revocations.look()
                following.append(asyncio.create_task(revocations.follow()))
            yield
            for task in following:
                task.cancel()
            await asyncio.gather(*following, return_exceptions=True)
            await current.close()
            await shared.close()
            if revocations is not None:
                await revocations.marks.close()

    files = graphiql_files() if graphiql else {}
    return Starlette(
        routes=[
            _graphql(endpoint, graphiql_page(files) if graphiql else None, settings),
            _jwks(current),
            *Health(current).routes(),
            Route("/metrics", metrics.endpoint),
            *docs_routes(),
            *_ledger(current, verifier, recording),
            *(tokens.routes() if tokens else []),
            *(graphiql_routes(graphiql, files) if graphiql else []),
        ],
        middleware=[
            Middleware(LingeringClose, seconds=settings.linger),
            Middleware(GZipMiddleware, minimum_size=1024),
        ],
        lifespan=lifespan,
    )


def _graphql(endpoint: GraphQLEndpoint, page: Callable[[], Response] | None, settings: HttpSettings) -> Route:
    async def graphql(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=405, headers={"Allow": "GET, POST"})
        if page is not None and request.method == "GET" and prefers_page(request.headers.get("accept")):
            return page()
        return await endpoint(request)

    return Route("/graphql", graphql, methods=["GET", "POST", "OPTIONS"], middleware=cors(settings.origins))


def _ledger(current: Current, verifier: TokenVerifier | None, recording: Recording) -> list[Route]:
    """The export of the ledger, to those whose identity is known."""
    if verifier is None or recording.settings is None or recording.settings.url is None:
        return []
    return LedgerExport(current, verifier, recording, LedgerSource(recording.settings.url)).routes()


def _jwks(current: Current) -> Route:
    async def jwks(_: Request) -> Response:
        signer = current.served.client.signer
        keys = signer.jwks() if signer else {"keys": []}
        return JSONResponse(keys, headers={"Cache-Control": "no-store"})

    return Route("/.well-known/jwks.json", jwks)
