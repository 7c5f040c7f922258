"""A subgraph as a server: POST /graphql for the gateway alone, and two health checks for whoever runs it."""

import asyncio
import importlib
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

import orjson
from graphql import GraphQLError
from sqlalchemy import MetaData, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from subgraphs.common.account import check_account
from subgraphs.common.agreements.decision import Decision, Provider
from subgraphs.common.agreements.enforced import Enforced
from subgraphs.common.agreements.gate import Row, acting_with
from subgraphs.common.database import open_read_only
from subgraphs.common.federation import SubgraphSchema
from subgraphs.common.identity import HEADER, Caller, GatewayKeys, UnidentifiedError, verify
from subgraphs.common.postgresql import DatabaseError, DatabaseUrl
from subgraphs.common.privacy import pseudonym_key
from subgraphs.common.recorder import Recorder, Sent
from subgraphs.common.served import RecordUnavailableError, ServedRecords

INSTITUTIONS = ("judiciary", "prosecution", "constitutional_court", "academy", "ledger")
LARGEST_BODY = 2_000_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SubgraphSettings:
    database: Path | DatabaseUrl
    gateway_keys: str
    """The gateway's JWKS: a file or an address."""
    agreements: Path | None = None
    """The folder of the agreements that the institution signed; without one every caller has everything."""
    served: Path | None = None
    """The file of its own record of what it serves; without one it keeps none."""


class Institution(Protocol):
    """What an institution's `schema` module gives."""

    schema: SubgraphSchema

    def context(self, engine: AsyncEngine, caller: Caller) -> object: ...


class _RefusedError(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


def schema_sdl(institution: str) -> str:
    return _institution(institution).schema.as_str()


async def check_database(institution: str, database: Path | DatabaseUrl) -> None:
    """Raises `DatabaseError` if the subgraph would not start: it cannot read its tables, or could write them."""
    engine = open_read_only(database)
    try:
        await check_account(engine, _metadata(institution))
    finally:
        await engine.dispose()


def create_app(institution: str, settings: SubgraphSettings) -> Starlette:
    """The subgraph as an application. It does not start, raising `DatabaseError`, over an account that could write.

    Raises `ValueError` for an institution that is not one, or a key of pseudonyms that is too short, `AgreementError`
    for agreements that cannot be enforced, and `RecordUnavailableError`.
    """
    known = _institution(institution)
    pseudonym_key()
    recorder = None if settings.served is None else Recorder(ServedRecords(settings.served), known.schema.keys)
    enforced = Enforced(institution, Provider(known.schema.graphql_schema, known.schema.keys), settings.agreements)
    engine = open_read_only(settings.database)
    keys = GatewayKeys(settings.gateway_keys)

    async def graphql(request: Request) -> Response:
        try:
            caller = await _caller(request, institution, keys)
            asked = await _asked(request)
        except _RefusedError as refusal:
            error = {"message": str(refusal), "extensions": {"code": refusal.code}}
            return _json({"errors": [error]}, refusal.status)
        decision = enforced.decide(caller, asked["query"])
        sent = Sent(request.headers.get("x-request-id", "-"), asked["query"], caller, decision)
        if decision.refused:
            return await _recorded(recorder, sent, {}, "REFUSED", {"data": None, "errors": [_not_given(decision)]})
        with acting_with(decision.rights, caller) as acting:
            result = await known.schema.execute(
                asked["query"],
                variable_values=asked.get("variables"),
                operation_name=asked.get("operationName"),
                context_value=known.context(engine, caller),
            )
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer["errors"] = [_shown(error) for error in result.errors]
        return await _recorded(recorder, sent, acting.rows, "PARTIAL" if result.errors else "OK", answer)

    async def live(_request: Request) -> Response:
        return _json({"status": "ok"})

    async def ready(_request: Request) -> Response:
        try:
            async with engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except (SQLAlchemyError, DatabaseError, TimeoutError):
            return _json({"status": "database unavailable"}, 503)
        return _json({"status": "ok"})

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        following = asyncio.create_task(enforced.follow())
        try:
            await check_account(engine, _metadata(institution))
            yield
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
            if recorder is not None:
                await recorder.records.close()
            await engine.dispose()

    routes = [
        Route("/graphql", graphql, methods=["POST"]),
        Route("/health/live", live),
        Route("/health/ready", ready),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


def _institution(name: str) -> Institution:
    if name not in INSTITUTIONS:
        raise ValueError(f"No subgraph is called {name!r}; there are {', '.join(INSTITUTIONS)}.")
    return cast(Institution, importlib.import_module(f"subgraphs.{name}.schema"))


def _metadata(name: str) -> MetaData:
    return cast(MetaData, importlib.import_module(f"subgraphs.{name}.tables").metadata)


async def _caller(request: Request, audience: str, keys: GatewayKeys) -> Caller:
    tokens = request.headers.getlist(HEADER)
    try:
        if len(tokens) != 1:
            raise UnidentifiedError("Only the gateway may ask here, with one identity.")
        return await verify(tokens[0], audience, keys)
    except UnidentifiedError as error:
        raise _RefusedError(401, "UNIDENTIFIED", str(error)) from error


async def _asked(request: Request) -> dict[str, Any]:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_BODY:
                raise _RefusedError(413, "BODY_TOO_LARGE", f"A request has at most {LARGEST_BODY} bytes.")
    except ClientDisconnect as error:  # the gateway waits no longer
        raise _RefusedError(400, "BAD_REQUEST", "The body ended early.") from error
    try:
        asked = orjson.loads(body)
    except ValueError as error:
        raise _RefusedError(400, "BAD_REQUEST", "The body is not JSON.") from error
    if not isinstance(asked, dict) or not isinstance(asked.get("query"), str):
        raise _RefusedError(400, "BAD_REQUEST", "The body is an object with a 'query'.")
    if not isinstance(asked.get("variables"), dict | None) or not isinstance(asked.get("operationName"), str | None):
        raise _RefusedError(400, "BAD_REQUEST", "'variables' is an object and 'operationName' a string.")
    return asked


async def _recorded(
    recorder: Recorder | None, sent: Sent, rows: Mapping[tuple[str, int], Row], outcome: str, answer: dict[str, Any]
) -> Response:
    """The answer, once the institution has its own record of it."""
    if recorder is None or not sent.decision.coordinates:
        return _json(answer)
    try:
        await recorder.record(sent, rows, outcome)
    except RecordUnavailableError as error:
        _log.error("Request %s is not answered: %s", sent.request, error)
        message = "The institution could not record what it would serve, so it serves nothing. Try again in a while."
        return _json({"data": None, "errors": [{"message": message, "extensions": {"code": "RECORD_UNAVAILABLE"}}]})
    return _json(answer)


def _not_given(decision: Decision) -> dict[str, Any]:
    named = ", ".join(decision.refused[:10])
    message = f"No agreement that this institution holds gives {named} to this caller for this purpose."
    return {"message": message, "extensions": {"code": "AGREEMENT_REQUIRED"}}


def _shown(error: GraphQLError) -> dict[str, Any]:
    """The error as the gateway may see it: what was not meant for clients becomes one stable sentence."""
    cause = error.original_error
    if cause is None or isinstance(cause, GraphQLError):
        return dict(error.formatted)
    _log.error("A resolver failed", exc_info=cause)
    hidden = {"message": "The institution could not answer this field.", "extensions": {"code": "INTERNAL"}}
    return hidden | ({"path": error.path} if error.path else {})


def _json(content: object, status: int = 200) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(orjson.dumps(content), status, headers=headers, media_type="application/json")
