"""The gateway's HTTP surface: GraphQL over HTTP, GraphiQL for browsers, and health."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.access.identity import Identity
from gateway.access.profile import profile_of
from gateway.access.tokens import AuthenticationError, TokenVerifier
from gateway.federation.answer import Answer
from gateway.federation.engine import OPEN, Engine
from gateway.federation.errors import ClientError, RequestError
from gateway.transport.graphiql import GraphiQLConfig, graphiql_files, graphiql_page, graphiql_routes
from gateway.transport.negotiation import GRAPHQL_RESPONSE, JSON, choose_media_type, prefers_page
from gateway.transport.requests import GraphQLRequest, HttpError, read_request
from gateway.upstream.client import SubgraphClient
from gateway.upstream.context import RequestContext

log = logging.getLogger(__name__)

_CLIENT_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_CLIENT_CLOSED = 499


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """`deadline`: seconds for one request, all fetches included; `max_body`: bytes of a request, inflated."""

    deadline: float = 15.0
    max_body: int = 1024 * 1024


def create_app(
    engine: Engine,
    client: SubgraphClient,
    settings: HttpSettings | None = None,
    verifier: TokenVerifier | None = None,
    graphiql: GraphiQLConfig | None = None,
) -> Starlette:
    """The application. Without a verifier it asks for no identity: for public data alone. Without `graphiql` browsers
    get no page. Raises `GraphiQLFilesError`."""
    surface = _Surface(engine, settings or HttpSettings(), verifier)
    signer = client.signer
    files = graphiql_files() if graphiql else {}
    page = graphiql_page(files) if graphiql else None

    async def graphql(request: Request) -> Response:
        if page is not None and request.method == "GET" and prefers_page(request.headers.get("accept")):
            return page
        return await surface.graphql(request)

    async def jwks(_: Request) -> Response:
        return JSONResponse(signer.jwks() if signer else {"keys": []}, headers={"Cache-Control": "no-store"})

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await client.open()
        yield
        await client.close()

    return Starlette(
        routes=[
            Route("/graphql", graphql, methods=["GET", "POST"]),
            Route("/.well-known/jwks.json", jwks),
            Route("/health/live", _alive),
            Route("/health/ready", _alive),
            *(graphiql_routes(graphiql, files) if graphiql else []),
        ],
        middleware=[Middleware(GZipMiddleware, minimum_size=1024)],
        lifespan=lifespan,
    )


async def _alive(_: Request) -> Response:
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


@dataclass(frozen=True, slots=True)
class _Surface:
    engine: Engine
    settings: HttpSettings
    verifier: TokenVerifier | None

    async def graphql(self, request: Request) -> Response:
        """Answers one GraphQL request."""
        request_id = secrets.token_hex(8)
        media = choose_media_type(request.headers.get("accept"))
        if media is None:
            message = f"Accept {GRAPHQL_RESPONSE} or {JSON}."
            return _respond(406, JSON, _refusal([ClientError(message, "NOT_ACCEPTABLE")]), request_id, {})
        try:
            identity = await self._identify(request)
            asked = await read_request(request, self.settings.max_body)
            return await self._run(request, asked, media, request_id, identity)
        except AuthenticationError as error:
            log.info("request %s: %s %s", request_id, error.code, error.reason)
            headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
            return _respond(error.status, media, _refusal([ClientError(str(error), error.code)]), request_id, headers)
        except HttpError as error:
            return _respond(error.status, media, _refusal([error.error]), request_id, error.headers)
        except RequestError as error:
            status = 400 if media == GRAPHQL_RESPONSE else 200
            return _respond(status, media, _refusal(error.errors), request_id, {})
        except Exception:
            log.exception("request %s failed (the client's id: %s)", request_id, _client_id(request))
            failed = ClientError("The gateway failed. Tell its operators the request's id.", "INTERNAL_SERVER_ERROR")
            return _respond(500, media, _refusal([failed]), request_id, {})

    async def _identify(self, request: Request) -> Identity | None:
        if self.verifier is None:
            return None
        return await self.verifier.identify(request.headers.getlist("authorization"), request.headers)

    async def _run(
        self, request: Request, asked: GraphQLRequest, media: str, request_id: str, identity: Identity | None
    ) -> Response:
        profile = OPEN if identity is None else profile_of(identity)
        prepared = self.engine.prepare(asked.query, asked.operation_name, profile)
        if request.method == "GET" and prepared.kind != "query":
            raise HttpError(405, "METHOD_NOT_ALLOWED", "Send mutations with POST.", {"Allow": "POST"})
        context = RequestContext(
            identity=identity,
            request_id=request_id,
            deadline=asyncio.get_running_loop().time() + self.settings.deadline,
            traceparent=_traceparent(request),
        )
        answer = await _unless_gone(request, lambda: self.engine.execute(prepared, asked.variables, context))
        if answer is None:
            return Response(status_code=_CLIENT_CLOSED)
        return _respond(200, media, _payload(answer), request_id, {})


async def _unless_gone(request: Request, work: Callable[[], Awaitable[Answer]]) -> Answer | None:
    """The work's result; None, and the work cancelled, if the client goes away first."""
    working = asyncio.ensure_future(work())
    watching = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        return await working if working.done() else None
    finally:
        working.cancel()
        watching.cancel()
        await asyncio.gather(working, watching, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _payload(answer: Answer) -> dict[str, Any]:
    payload: dict[str, Any] = {"data": answer.data}
    if answer.errors:
        payload["errors"] = [error.as_json() for error in answer.errors]
    if answer.extensions:
        payload["extensions"] = answer.extensions
    return payload


def _refusal(errors: list[ClientError] | tuple[ClientError, ...]) -> dict[str, Any]:
    return {"errors": [error.as_json() for error in errors]}


def _respond(status: int, media: str, payload: dict[str, Any], request_id: str, headers: dict[str, str]) -> Response:
    return Response(
        orjson.dumps(payload),
        status_code=status,
        headers={
            "Content-Type": f"{media}; charset=utf-8",
            "Cache-Control": "no-store",
            "Vary": "Accept",
            "X-Content-Type-Options": "nosniff",
            "X-Request-Id": request_id,
            **headers,
        },
    )


def _client_id(request: Request) -> str:
    given = request.headers.get("x-request-id", "")
    return given if _CLIENT_REQUEST_ID.fullmatch(given) else "-"


def _traceparent(request: Request) -> str | None:
    given = request.headers.get("traceparent", "")
    return given if _TRACEPARENT.fullmatch(given) else None
