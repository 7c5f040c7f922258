"""The ledger for audit integrations: its last signed head, and its records with their proofs, from any position on.

An export is bounded as `Query.accessRecords` is, by the very same plan: a caller who is refused the list is refused the
export; to one who is given every field of a record the records go whole; otherwise, and for what is no access, the hash
of the leaf stands in place of the record, so that the proofs still hold and nothing else is told. An export is recorded
before it leaves, like every reading.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

import msgspec
from graphql import GraphQLNamedType, GraphQLObjectType, GraphQLSchema, get_named_type
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from gateway.access.agreements.register import today
from gateway.access.errors import AuthenticationError
from gateway.access.tokens import TokenVerifier
from gateway.federation.answer import answer_of
from gateway.federation.engine import Prepared, Profile
from gateway.federation.errors import ClientError
from gateway.federation.policy import Allow
from gateway.ledger.errors import LedgerError
from gateway.ledger.merkle import leaf_hash
from gateway.transport.current import Current
from gateway.transport.negotiation import JSON
from gateway.transport.recording import Operation, Recording
from gateway.transport.requests import HttpError
from gateway.transport.responses import refused
from gateway.upstream.context import RequestContext

log = logging.getLogger(__name__)

MOST = 1_000
"""Records of one answer; a client goes on where it ended."""
LINES = "application/jsonl"
_LIST, _RECORD, _NAME = "Query.accessRecords", "AccessRecord", "LedgerExport"
_DEADLINE = 60.0


class LedgerSource(Protocol):
    """What is exported. Both raise `LedgerError`."""

    async def checkpoint(self) -> str:
        """The last signed head, a C2SP checkpoint."""
        ...

    def lines(self, start: int, limit: int) -> AsyncIterator[bytes]:
        """JSON, without line ends: first the head and the bounds, then `{position, record, proof}` each. A start at or
        after the head's size gives no record."""
        ...


class _Line(msgspec.Struct):
    position: int
    record: msgspec.Raw
    proof: msgspec.Raw


class _Kind(msgspec.Struct):
    kind: str = ""


@dataclass(frozen=True, slots=True)
class LedgerExport:
    """The two endpoints of a ledger whose read side is in the supergraph."""

    current: Current
    verifier: TokenVerifier
    recording: Recording
    source: LedgerSource

    def routes(self) -> list[Route]:
        """GET /ledger/checkpoint, and GET /ledger/export?from=N&limit=M."""
        return [Route("/ledger/checkpoint", self._checkpoint), Route("/ledger/export", self._export)]

    async def _checkpoint(self, request: Request) -> Response:
        return await self._answered(request, self._note)

    async def _export(self, request: Request) -> Response:
        return await self._answered(request, self._records)

    async def _answered(self, request: Request, answer: Callable[[Request, Grant], Awaitable[Response]]) -> Response:
        request_id = secrets.token_hex(8)
        try:
            return await answer(request, await self._grant(request, request_id))
        except AuthenticationError as error:
            headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
            return refused(error.status, [ClientError(str(error), error.code)], JSON, request_id, headers).response
        except HttpError as error:
            return refused(error.status, [error.error], JSON, request_id, error.headers).response
        except LedgerError as error:
            log.error("request %s: the ledger cannot be exported: %s", request_id, error)
            told = ClientError("The ledger cannot be exported at the moment.", error.code)
            return refused(503, [told], JSON, request_id).response

    async def _grant(self, request: Request, request_id: str) -> Grant:
        identity = await self.verifier.identify(request.headers)
        with self.current.held() as served:
            text = operation(served.engine.supergraph.api_schema)
            profile = self.current.access.profile(identity, served.engine.supergraph, today())
            prepared = served.engine.prepare(text, None, profile)
        context = RequestContext(identity, request_id, asyncio.get_running_loop().time() + _DEADLINE)
        return Grant(Operation(text, _NAME), prepared, profile, context)

    async def _note(self, _: Request, grant: Grant) -> Response:
        """A head tells how many records there are, and so is for those alone who may list them."""
        await self._permit(grant)
        return PlainTextResponse(await self.source.checkpoint(), headers=_headers(grant))

    async def _records(self, request: Request, grant: Grant) -> Response:
        start, limit = _number(request, "from", 0), min(_number(request, "limit", MOST), MOST)
        await self._permit(grant)
        lines = self.source.lines(start, limit)
        first = await anext(lines)  # what fails at once is an error, and no export that breaks off
        return StreamingResponse(_bounded(first, lines, grant.whole), media_type=LINES, headers=_headers(grant))

    async def _permit(self, grant: Grant) -> None:
        """Records what is asked. Raises `HttpError` if the list is refused, or nothing can be recorded."""
        code = dict(grant.prepared.plan.refused).get(_LIST)
        message = f"You are not given {_LIST}, and so no export of the ledger."
        errors = [] if code is None else [ClientError(message, code, extensions={"coordinate": _LIST})]
        answer = answer_of(None, errors)
        await self.recording.answered(grant.operation, grant.prepared, grant.context, answer, frozenset())
        if code is not None:
            raise HttpError(403, code, message)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a caller would be given of all that records hold: the plan of asking for it, and who it is for."""

    operation: Operation
    prepared: Prepared
    profile: Profile
    context: RequestContext

    @property
    def whole(self) -> bool:
        """Whether each record is given with every field, whatever it says."""
        plan = self.prepared.plan
        decisions = (self.profile.policy(step.subgraph, place) for step in plan.steps for place in plan.given)
        return not plan.refused and all(isinstance(each, Allow) and each.condition is None for each in decisions)


def operation(schema: GraphQLSchema) -> str:
    """The query of the list with all that a record has. Raises `HttpError` where nobody serves the list."""
    record = schema.type_map.get(_RECORD)
    if schema.query_type is None or "accessRecords" not in schema.query_type.fields or record is None:
        raise HttpError(404, "BAD_REQUEST", "This gateway publishes no ledger.")
    return f"query {_NAME} {{ accessRecords(first: 1) {{ nodes {{ {_all_of(record)} }} }} }}"


def _all_of(type_: GraphQLNamedType) -> str:
    if not isinstance(type_, GraphQLObjectType):
        return ""
    parts = ((name, _all_of(get_named_type(field.type))) for name, field in type_.fields.items())
    return " ".join(f"{name} {{ {inner} }}" if inner else name for name, inner in parts)


async def _bounded(first: bytes, lines: AsyncIterator[bytes], whole: bool) -> AsyncIterator[bytes]:
    yield first + b"\n"
    async for line in lines:
        yield (line if whole and _is_access(line) else _hashed(line)) + b"\n"


def _is_access(line: bytes) -> bool:
    return msgspec.json.decode(msgspec.json.decode(line, type=_Line).record, type=_Kind).kind == "access"


def _hashed(line: bytes) -> bytes:
    """The line with the hash of its leaf (RFC 9162, section 2.1.1) in place of the record."""
    read = msgspec.json.decode(line, type=_Line)
    hash_ = base64.b64encode(leaf_hash(bytes(read.record))).decode()
    return msgspec.json.encode({"position": read.position, "leafHash": hash_, "proof": read.proof})


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise HttpError(400, "BAD_REQUEST", f"{name!r} is a whole number, not below 0.")
    return int(text)


def _headers(grant: Grant) -> dict[str, str]:
    return {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Request-Id": grant.context.request_id,
    }
