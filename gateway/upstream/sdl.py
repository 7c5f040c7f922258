"""Asking a running subgraph for its schema (https://specs.apollo.dev/federation, `_Service.sdl`)."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping

from gateway.access.identity import Identity
from gateway.federation.errors import FetchError
from gateway.federation.execution.fetcher import SubgraphResponse, read_response, subgraph_request
from gateway.upstream.client import SubgraphClient, UpstreamSettings
from gateway.upstream.context import RequestContext
from gateway.upstream.signing import Signer

SETTINGS = UpstreamSettings(timeout=10.0, max_bytes=8 * 1024 * 1024)
NO_SCHEMA = "SUBGRAPH_NO_SCHEMA"
"""The code of an answer that holds no SDL."""
_IDENTITY = Identity("quipu-compose", "", (), None, None, None)


async def ask_for_sdls(urls: Mapping[str, str], signer: Signer | None = None) -> dict[str, str | FetchError]:
    """The SDL of each subgraph by name, or why there is none; all are asked at once. A signer tells them who asks."""
    client = SubgraphClient(urls, SETTINGS, signer)
    await client.open()
    try:
        answers = await asyncio.gather(*(_ask(client, name) for name in urls))
    finally:
        await client.close()
    return dict(zip(urls, answers, strict=True))


async def _ask(client: SubgraphClient, name: str) -> str | FetchError:
    deadline = asyncio.get_running_loop().time() + SETTINGS.timeout
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
