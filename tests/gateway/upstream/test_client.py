"""The client against servers that misbehave, each a real one on loopback."""

from __future__ import annotations

import asyncio
import json
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from faults_kit import Subgraph, gzip_bomb, http

from gateway.federation.errors import FetchError
from gateway.federation.execution.fetcher import read_response, subgraph_request
from gateway.upstream.client import SubgraphClient, UpstreamSettings
from gateway.upstream.context import RequestContext

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


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


async def fetch(
    url: str, settings: UpstreamSettings | None = None, deadline: float = 5.0, variable: object = 1
) -> object:
    client = SubgraphClient({"court": url}, settings or UpstreamSettings())
    await client.open()
    try:
        request = subgraph_request("court", "query", "{ a }", None, {"x": variable})
        context = RequestContext(None, "r1", asyncio.get_running_loop().time() + deadline)
        return read_response("court", await client.fetch(request, context))
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


async def test_an_answer_that_inflates_is_cut_off_before_it_fills_the_memory() -> None:
    async with server(writes(gzip_bomb(200_000_000))) as (url, _):
        tracemalloc.start()
        try:
            with pytest.raises(FetchError) as failed:
                await fetch(url, UpstreamSettings(max_bytes=1_000_000))
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert failed.value.code == "SUBGRAPH_TOO_LARGE"
    assert peak < 20_000_000


async def test_variables_too_deep_to_be_written_are_the_clients_error_and_are_not_sent() -> None:
    deep: list[object] = []
    for _ in range(20_000):
        deep = [deep]
    async with server(writes(http(b'{"data": {}}'))) as (url, seen):
        with pytest.raises(FetchError) as failed:
            await fetch(url, variable=deep)
    assert (failed.value.code, seen) == ("VARIABLES_TOO_DEEP", [])


@pytest.mark.parametrize(("idle", "connections"), [(30.0, 1), (0.01, 2)])
async def test_an_idle_connection_is_used_again_for_as_long_as_it_is_kept(idle: float, connections: int) -> None:
    subgraph = Subgraph("catalogue")
    async with subgraph.listening():
        client = SubgraphClient({"catalogue": subgraph.url}, UpstreamSettings(idle=idle))
        await client.open()
        for _ in range(2):
            context = RequestContext(None, "r1", asyncio.get_running_loop().time() + 5)
            await client.fetch(subgraph_request("catalogue", "query", "{ books { title } }", None, {}), context)
            await asyncio.sleep(0.05)
        assert len({exchange.writer for exchange in subgraph.seen}) == connections
        await client.close()
