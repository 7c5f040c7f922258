"""The way to the subgraphs: the engine's `Fetcher` over HTTP.

Connections are pooled and kept alive. A fetch ends at the request's deadline or at the subgraph's own time limit,
whichever comes first; an answer is read up to a bound and checked to be a GraphQL response before the engine sees it.
What goes wrong is told to the client by the subgraph's name alone: addresses and causes go to the log.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson

from gateway.federation.errors import FetchError
from gateway.federation.execution.fetcher import SubgraphRequest, SubgraphResponse
from gateway.upstream.context import RequestContext

log = logging.getLogger(__name__)

_JSON_TYPES = frozenset({"application/json", "application/graphql-response+json"})
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class UpstreamSettings:
    """`timeout`: seconds for one fetch; `max_bytes`: size of one answer, inflated; `connections`: pool per subgraph."""

    timeout: float = 10.0
    max_bytes: int = 32 * 1024 * 1024
    connections: int = 100


@dataclass(eq=False)
class SubgraphClient:
    """Asks subgraphs over HTTP. Open it inside a running event loop; close it when done."""

    urls: Mapping[str, str]
    settings: UpstreamSettings = field(default_factory=UpstreamSettings)
    _session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Makes the pool of connections."""
        connector = aiohttp.TCPConnector(limit=0, limit_per_host=self.settings.connections)
        self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def close(self) -> None:
        """Closes all connections."""
        if self._session is not None:
            await self._session.close()

    async def fetch(self, request: SubgraphRequest, context: object) -> SubgraphResponse:
        """One request to one subgraph. Raises `FetchError`."""
        assert isinstance(context, RequestContext)  # noqa: S101 - the transport gives nothing else
        name = request.subgraph
        left = min(self.settings.timeout, context.deadline - asyncio.get_running_loop().time())
        try:
            async with asyncio.timeout(left):
                raw = await self._post(request, context)
        except TimeoutError as error:
            log.warning("subgraph %s gave no answer in %.1f s", name, max(left, 0))
            raise FetchError(name, f"{name} did not answer in time.", "SUBGRAPH_TIMEOUT") from error
        except aiohttp.ClientError as error:
            log.warning("subgraph %s: %s", name, error)
            raise FetchError(name, f"{name} cannot be reached.", "SUBGRAPH_UNREACHABLE") from error
        return _response(name, raw)

    async def _post(self, request: SubgraphRequest, context: RequestContext) -> bytes:
        assert self._session is not None, "open() comes first"  # noqa: S101
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/graphql-response+json, application/json",
            "X-Request-Id": context.request_id,
        }
        if context.traceparent is not None:
            headers["traceparent"] = context.traceparent
        async with self._session.post(
            self.urls[request.subgraph], data=_body(request), headers=headers, allow_redirects=False
        ) as response:
            if response.content_type not in _JSON_TYPES:
                log.warning("subgraph %s: status %d, %s", request.subgraph, response.status, response.content_type)
                raise _bad(request.subgraph, "did not answer with JSON")
            return await self._read(request.subgraph, response)

    async def _read(self, name: str, response: aiohttp.ClientResponse) -> bytes:
        chunks = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            chunks += chunk
            if len(chunks) > self.settings.max_bytes:
                raise FetchError(
                    name, f"{name} answered with more than {self.settings.max_bytes} bytes.", "SUBGRAPH_TOO_LARGE"
                )
        return bytes(chunks)


def _body(request: SubgraphRequest) -> bytes:
    payload: dict[str, Any] = {"query": request.operation}
    if request.variables:
        payload["variables"] = request.variables
    if request.operation_name:
        payload["operationName"] = request.operation_name
    return orjson.dumps(payload)


def _response(name: str, raw: bytes) -> SubgraphResponse:
    try:
        answer = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise _bad(name, "answered with broken JSON") from error
    if not isinstance(answer, dict) or not ("data" in answer or "errors" in answer):
        raise _bad(name, "did not answer as GraphQL does")
    data, errors = answer.get("data"), answer.get("errors") or []
    if not isinstance(data, dict | None) or not isinstance(errors, list):
        raise _bad(name, "did not answer as GraphQL does")
    return SubgraphResponse(data, tuple(error for error in errors if isinstance(error, dict)))


def _bad(name: str, what: str) -> FetchError:
    return FetchError(name, f"{name} {what}.", "SUBGRAPH_BAD_RESPONSE")
