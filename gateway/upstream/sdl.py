"""Asking a running subgraph for its schema (https://specs.apollo.dev/federation, `_Service.sdl`)."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from gateway.access.identity import Identity
from gateway.federation.errors import FetchError
from gateway.federation.execution.fetcher import SubgraphResponse, read_response, subgraph_request
from gateway.upstream.client import SubgraphClient, UpstreamSettings
from gateway.upstream.context import RequestContext
from gateway.upstream.signing import Signer

NO_SCHEMA = "SUBGRAPH_NO_SCHEMA"
"""The code of an answer that holds no SDL."""
_MAX_BYTES = 8 * 1024 * 1024
_NEVER = 1_000_000_000
_IDENTITY = Identity("quipu-compose", "", (), None, None, None)

Ask = Callable[[str], Awaitable[str | FetchError]]
"""A subgraph's name to its SDL, or to why there is none."""


@dataclass(frozen=True, slots=True)
class Subgraphs:
    """Who is asked, and how. `urls` and `headers` by subgraph; `deadline`: seconds for each. A signer tells them who
    asks."""

    urls: Mapping[str, str]
    deadline: float
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    signer: Signer | None = None


async def ask_for_sdls(subgraphs: Subgraphs) -> dict[str, str | FetchError]:
    """The SDL of each subgraph by name, or why there is none; all are asked at once."""
    async with asking(subgraphs) as ask:
        answers = await asyncio.gather(*map(ask, subgraphs.urls))
    return dict(zip(subgraphs.urls, answers, strict=True))


@asynccontextmanager
async def asking(subgraphs: Subgraphs) -> AsyncIterator[Ask]:
    """Gives what asks one of them, as often as one likes, over connections that are kept between."""
    settings = UpstreamSettings(timeout=subgraphs.deadline, max_bytes=_MAX_BYTES, failures=_NEVER)
    client = SubgraphClient(subgraphs.urls, settings, subgraphs.signer, headers=subgraphs.headers)
    await client.open()
    try:
        yield lambda name: _ask(client, name)
    finally:
        await client.close()


async def _ask(client: SubgraphClient, name: str) -> str | FetchError:
    deadline = asyncio.get_running_loop().time() + client.settings.timeout
    context = RequestContext(_IDENTITY, secrets.token_hex(8), deadline)
    try:
        raw = await client.fetch(subgraph_request(name, "query", "{ _service { sdl } }", None, {}), context)
        answer = read_response(name, raw)
    except FetchError as error:
        return error
    return _sdl(name, answer)


def _sdl(name: str, answer: SubgraphResponse) -> str | FetchError:
    service = (answer.data or {}).get("_service")
    sdl = service.get("sdl") if isinstance(service, dict) else None
    if isinstance(sdl, str):
        return sdl
    reasons = "; ".join(str(error.get("message")) for error in answer.errors) or "no errors, and no SDL"
    return FetchError(name, f"{name} did not give its schema: {reasons}", NO_SCHEMA)
