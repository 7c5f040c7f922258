"""The client against servers that misbehave, each a real one on loopback."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from gateway.federation.errors import FetchError
from gateway.federation.execution.fetcher import SubgraphRequest
from gateway.upstream.client import SubgraphClient, UpstreamSettings
from gateway.upstream.context import RequestContext

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


def http(body: bytes, status: str = "200 OK", media: str = "application/json", length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


@asynccontextmanager
async def server(answer: Answer) -> AsyncIterator[tuple[str, list[bytes]]]:
    seen: list[bytes] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line.split(b":")[1]) for line in head.lower().splitlines() if b"content-length" in line)
        seen.append(head + await reader.readexactly(length))
        try:
            await answer(writer)
        except (ConnectionError, asyncio.CancelledError):
            return
        finally:
            writer.close()

    listening = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/graphql", seen
    finally:
        listening.close()


async def fetch(url: str, settings: UpstreamSettings | None = None, deadline: float = 5.0) -> object:
    client = SubgraphClient({"court": url}, settings or UpstreamSettings())
    await client.open()
    try:
        request = SubgraphRequest("court", "query", "{ a }", None, {"x": 1})
        context = RequestContext(None, "r1", asyncio.get_running_loop().time() + deadline)
        return await client.fetch(request, context)
    finally:
        await client.close()


def writes(raw: bytes) -> Answer:
    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()

    return answer


async def never(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def forever(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n")
    while True:
        writer.write(b" " * 65536)
        await writer.drain()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (writes(http(b"<html>", media="text/html")), "SUBGRAPH_BAD_RESPONSE"),
        (writes(http(b"oops", "500 Internal Server Error", "text/plain")), "SUBGRAPH_BAD_RESPONSE"),
        (writes(http(b'{"data": {"a"')), "SUBGRAPH_BAD_RESPONSE"),
        (writes(http(b"[1]")), "SUBGRAPH_BAD_RESPONSE"),
        (writes(http(b'{"data": 3}')), "SUBGRAPH_BAD_RESPONSE"),
        (writes(http(b'{"errors": "x"}')), "SUBGRAPH_BAD_RESPONSE"),
        (writes(http(b'{"data":', length=2_000_000_000)), "SUBGRAPH_UNREACHABLE"),
        (
            writes(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"),
            "SUBGRAPH_BAD_RESPONSE",
        ),
        (writes(b""), "SUBGRAPH_UNREACHABLE"),
        (forever, "SUBGRAPH_TOO_LARGE"),
        (never, "SUBGRAPH_TIMEOUT"),
    ],
    ids=[
        "html",
        "500",
        "truncated",
        "list",
        "scalar",
        "shape",
        "claims-2GB",
        "redirect",
        "closes",
        "endless",
        "silent",
    ],
)
async def test_an_answer_that_is_no_graphql_is_an_error_naming_the_subgraph(answer: Answer, code: str) -> None:
    async with server(answer) as (url, _):
        with pytest.raises(FetchError) as failed:
            await fetch(url, UpstreamSettings(timeout=0.5, max_bytes=1_000_000))
    assert failed.value.code == code
    assert failed.value.subgraph == "court"
    assert "127.0.0.1" not in failed.value.message


async def test_a_port_that_nobody_listens_on_is_an_unreachable_subgraph() -> None:
    with pytest.raises(FetchError) as failed:
        await fetch("http://127.0.0.1:1/graphql")
    assert failed.value.code == "SUBGRAPH_UNREACHABLE"


async def test_the_requests_deadline_ends_a_fetch_before_its_own_limit() -> None:
    async with server(never) as (url, _):
        with pytest.raises(FetchError) as failed:
            await asyncio.wait_for(fetch(url, UpstreamSettings(timeout=60), deadline=0.2), 10)
    assert failed.value.code == "SUBGRAPH_TIMEOUT"


async def test_a_good_answer_is_read_and_only_our_headers_are_sent() -> None:
    body = json.dumps({"data": {"a": 1}, "errors": [{"message": "m"}]}).encode()
    async with server(writes(http(body))) as (url, seen):
        response = await fetch(url)
    assert (response.data, response.errors) == ({"a": 1}, ({"message": "m"},))  # type: ignore[attr-defined]
    head, _, sent = seen[0].partition(b"\r\n\r\n")
    assert json.loads(sent) == {"query": "{ a }", "variables": {"x": 1}}
    assert b"X-Request-Id: r1" in head
    assert b"authorization" not in head.lower()
    assert b"cookie" not in head.lower()
