"""Ten thousand failures leave nothing behind."""

from __future__ import annotations

import asyncio
import gc
import itertools
import logging
import os
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from faults_kit import Subgraph, http, says, silent, then_reset, until, writes

from gateway.federation.errors import FetchError
from gateway.federation.execution.fetcher import read_response, subgraph_request
from gateway.upstream.client import SubgraphClient, UpstreamSettings
from gateway.upstream.context import RequestContext

FAULTS = {
    "html": writes(http(b"<html>", media="text/html")),
    "500": writes(http(b"oops", "500 Oops", "text/plain")),
    "closes": writes(b""),
    "cut off": writes(http(b'{"data":', length=500)),
    "broken": writes(http(b'{"data":')),
    "huge": writes(http(b" " * 20_000)),
    "wrong": says([1]),
    "reset": then_reset(http(b"{", length=500)),
    "silent": silent,
}
AT_ONCE = 50
ALL = {"SUBGRAPH_BAD_RESPONSE", "SUBGRAPH_UNREACHABLE", "SUBGRAPH_TOO_LARGE", "SUBGRAPH_TIMEOUT", "GONE"}
OPEN_FILES = "/dev/fd"
QUERY = "query ($n: Int) { books { title } }"


@asynccontextmanager
async def faulty() -> AsyncIterator[tuple[SubgraphClient, dict[str, Subgraph]]]:
    """A client whose subgraphs fail, each in its own way; `closed` is a port that nobody listens on."""
    subgraphs = {name: Subgraph("catalogue", fault) for name, fault in FAULTS.items()}
    async with AsyncExitStack() as stack:
        for subgraph in subgraphs.values():
            await stack.enter_async_context(subgraph.listening())
        urls = {name: subgraph.url for name, subgraph in subgraphs.items()} | {"closed": "http://127.0.0.1:1/graphql"}
        # Open breakers probe at each attempt: places that are not given back would refuse all that follow.
        client = SubgraphClient(urls, UpstreamSettings(max_bytes=10_000, failures=5, pause=0))
        await client.open()
        stack.push_async_callback(client.close)
        yield client, subgraphs


async def fail(client: SubgraphClient, name: str, number: int) -> str:
    """One request that fails. Every other has an equal one beside it; each seventh client goes away."""
    request = subgraph_request(name, "query", QUERY, None, {"n": number // 2})
    deadline = asyncio.get_running_loop().time() + (0.02 if name == "silent" else 30)
    fetching = asyncio.create_task(client.fetch(request, RequestContext(None, "r", deadline)))
    if number % 7 == 0:
        await asyncio.sleep(0.001)
        fetching.cancel()
    try:
        read_response(name, await fetching)
    except FetchError as error:
        return error.code
    except asyncio.CancelledError:
        return "GONE"
    return "ANSWERED"


async def fail_often(
    client: SubgraphClient, subgraphs: dict[str, Subgraph], names: Iterator[str], times: int
) -> set[str]:
    seen: set[str] = set()
    for batch in range(times // AT_ONCE):
        numbers = range(batch * AT_ONCE, (batch + 1) * AT_ONCE)
        seen.update(await asyncio.gather(*(fail(client, next(names), number) for number in numbers)))
        for subgraph in subgraphs.values():
            subgraph.seen.clear()
    await until(lambda: all(subgraph.open_connections == 0 for subgraph in subgraphs.values()))
    return seen


async def test_ten_thousand_failures_leave_no_connection_task_place_or_memory(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL, "gateway")  # captured records are memory too
    async with faulty() as (client, subgraphs):
        names = itertools.cycle(name for name in client.urls for _ in range(2))
        await fail_often(client, subgraphs, names, 1000)
        gc.collect()
        tasks, files = len(asyncio.all_tasks()), len(os.listdir(OPEN_FILES))
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        codes = await fail_often(client, subgraphs, names, 9000)
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        assert codes >= ALL
        assert "ANSWERED" not in codes
        assert client._in_flight._running == {}
        await until(lambda: len(asyncio.all_tasks()) <= tasks)
        assert len(os.listdir(OPEN_FILES)) <= files + 2
        assert grown < 1_000_000
        for name, subgraph in subgraphs.items():
            subgraph.misbehave = None
            raw = await client.fetch(
                subgraph_request(name, "query", "{ books { title } }", None, {}),
                RequestContext(None, "r", asyncio.get_running_loop().time() + 30),
            )
            assert read_response(name, raw).data is not None
