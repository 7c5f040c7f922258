"""The GraphQL endpoint: one request, from its headers to its response."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import traceback
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from gateway.access.agreements.register import today
from gateway.access.errors import AuthenticationError
from gateway.access.identity import Identity
from gateway.access.tokens import TokenVerifier
from gateway.federation.answer import Answer, answer_of
from gateway.federation.engine import Prepared
from gateway.federation.errors import ClientError, RequestError
from gateway.transport.current import Current, Served
from gateway.transport.disconnect import unless_gone
from gateway.transport.metrics import Metrics
from gateway.transport.negotiation import GRAPHQL_RESPONSE, JSON, choose_media_type
from gateway.transport.persisted import PersistedQueries
from gateway.transport.plans import PlanWanted, plan_extension, plan_wanted
from gateway.transport.recording import Operation, Recording
from gateway.transport.requests import GraphQLRequest, HttpError, read_request
from gateway.transport.responses import Outcome, answered, refused
from gateway.transport.running import execute
from gateway.transport.settings import HttpSettings
from gateway.upstream.context import RequestContext

log = logging.getLogger(__name__)

_CLIENT_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_CLIENT_CLOSED = 499


@dataclass(frozen=True, slots=True)
class GraphQLEndpoint:
    """Without a verifier it asks for no identity."""

    current: Current
    settings: HttpSettings
    verifier: TokenVerifier | None
    persisted: PersistedQueries
    metrics: Metrics
    recording: Recording

    async def __call__(self, request: Request) -> Response:
        """Answers one GraphQL request, and says in a line of the log and in the metrics how it went."""
        clock = asyncio.get_running_loop().time
        request_id, started = secrets.token_hex(8), clock()
        with self.current.held() as served:
            outcome = await self._answer(served, request, request_id, started + self.settings.deadline)
        self.metrics.answered(outcome.word, clock() - started)
        log.info("request %s (the client's id: %s): %s", request_id, _client_id(request), outcome.word)
        return outcome.response

    async def _answer(self, served: Served, request: Request, request_id: str, deadline: float) -> Outcome:
        media = choose_media_type(request.headers.get("accept"))
        if media is None:
            message = f"Accept {GRAPHQL_RESPONSE} or {JSON}."
            return refused(406, [ClientError(message, "NOT_ACCEPTABLE")], JSON, request_id)
        try:
            identity = await self._identify(request)
            asked = await self._read(request, deadline)
            operation = Operation(await self.persisted.document(asked), asked.operation_name)
            prepared = await self._prepare(served, request, asked, operation, identity)
            context = RequestContext(identity, request_id, deadline, _traceparent(request))
            answer = await self._run(served, request, prepared, operation, asked.variables, context)
            if answer is None:
                return Outcome("CLIENT_CLOSED", Response(status_code=_CLIENT_CLOSED))
            return answered(answer, media, request_id)
        except AuthenticationError as error:
            log.info("request %s: %s %s", request_id, error.code, error.reason)
            headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
            return refused(error.status, [ClientError(str(error), error.code)], media, request_id, headers)
        except HttpError as error:
            return refused(error.status, [error.error], media, request_id, error.headers)
        except RequestError as error:
            return refused(400 if media == GRAPHQL_RESPONSE else 200, error.errors, media, request_id)
        except Exception as error:
            log.error("request %s failed: %s", request_id, _where(error))
            failed = ClientError("The gateway failed. Tell its operators the request's id.", "INTERNAL_SERVER_ERROR")
            return refused(500, [failed], media, request_id)

    async def _identify(self, request: Request) -> Identity | None:
        if self.verifier is None:
            return None
        return await self.verifier.identify(request.headers)

    async def _read(self, request: Request, deadline: float) -> GraphQLRequest:
        try:
            async with asyncio.timeout_at(deadline):
                return await read_request(request, self.settings.max_body, self.settings.json_depth)
        except TimeoutError as error:
            raise HttpError(408, "REQUEST_TIMEOUT", "The body came too slowly.", {"Connection": "close"}) from error

    async def _prepare(
        self,
        served: Served,
        request: Request,
        asked: GraphQLRequest,
        operation: Operation,
        identity: Identity | None,
    ) -> Prepared:
        profile = self.current.access.profile(identity, served.engine.supergraph, today())
        prepared = served.engine.prepare(operation.text, operation.name, profile)
        if request.method == "GET" and prepared.kind != "query":
            raise HttpError(405, "METHOD_NOT_ALLOWED", "Send mutations with POST.", {"Allow": "POST"})
        await self.persisted.remember(asked)
        return prepared

    async def _run(
        self,
        served: Served,
        request: Request,
        prepared: Prepared,
        operation: Operation,
        variables: dict[str, Any],
        context: RequestContext,
    ) -> Answer | None:
        """The answer, with the plan where that is wanted and shown; None if the client is gone. It is recorded."""
        wanted = plan_wanted(request.headers) if self.settings.query_plans else PlanWanted.NO
        if wanted is PlanWanted.ALONE:
            return replace(answer_of(None), extensions=plan_extension(prepared.plan))
        try:
            executed = await unless_gone(request, lambda: execute(served, prepared, variables, context))
        except Exception:
            await self.recording.ended(operation, prepared, context, "ERROR")
            raise
        if executed is None:
            await self.recording.ended(operation, prepared, context, "ABANDONED")
            return None
        answer = executed.answer
        await self.recording.answered(operation, prepared, context, answer, executed.sources)
        if wanted is PlanWanted.NO:
            return answer
        return replace(answer, extensions={**answer.extensions, **plan_extension(prepared.plan)})


def _where(error: BaseException) -> str:
    """What kind of error it was and where it came from, causes first, without what their messages say."""
    before = error.__cause__ or error.__context__
    told = f"{_where(before)}then " if before is not None else ""
    return f"{told}{type(error).__name__}\n" + "".join(traceback.format_tb(error.__traceback__))


def _client_id(request: Request) -> str:
    given = request.headers.get("x-request-id", "")
    return given if _CLIENT_REQUEST_ID.fullmatch(given) else "-"


def _traceparent(request: Request) -> str | None:
    given = request.headers.get("traceparent", "")
    return given if _TRACEPARENT.fullmatch(given) else None
