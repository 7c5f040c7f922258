"""State that requests share, and replicas too where it is in Redis. A lost entry costs time, never an answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from gateway.store.marks import Marks, MemoryMarks
from gateway.store.memory import MemoryStore
from gateway.store.redis_marks import RedisMarks
from gateway.store.redis_store import RedisStore


class Store(Protocol):
    """Bytes by key. Both calls are quick and raise nothing: what cannot be read is a miss, what cannot be kept is
    not kept. `hits` and `misses` count what was read."""

    hits: int
    misses: int

    async def get(self, key: str) -> bytes | None: ...

    async def put(self, key: str, value: bytes, life: float) -> None:
        """Keeps the value for `life` seconds at most."""
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """`url`: redis://, rediss:// or unix://, password included; without one the store is in this process, and holds at
    most `max_bytes` and `max_entries`. In Redis every key begins with `prefix`; a call takes at most `timeout` seconds,
    and a server that failed is left alone for `pause` seconds."""

    url: str | None = field(default=None, repr=False)
    prefix: str = "quipu:"
    timeout: float = 0.25
    pause: float = 5.0
    max_bytes: int = 32 * 1024 * 1024
    max_entries: int = 10_000


def open_marks(settings: StoreSettings) -> Marks:
    """The marks beside the store. Raises ValueError for an address that is none of Redis."""
    if settings.url is None:
        return MemoryMarks()
    return RedisMarks(settings.url, settings.prefix, settings.timeout)


def open_store(settings: StoreSettings) -> Store:
    """The store of the settings. Raises ValueError for an address that is none of Redis."""
    if settings.url is None:
        return MemoryStore(settings.max_bytes, settings.max_entries)
    return RedisStore(settings.url, settings.prefix, settings.timeout, settings.pause)
