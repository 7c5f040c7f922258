"""A store in this process, bounded in bytes and in entries; the least recently used goes first."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(eq=False)
class MemoryStore:
    """`max_bytes` counts keys and values. `clock` gives seconds."""

    max_bytes: int
    max_entries: int
    clock: Callable[[], float] = time.monotonic
    hits: int = 0
    misses: int = 0
    held: int = 0
    """Bytes of all entries."""
    _entries: OrderedDict[str, tuple[bytes, float]] = field(default_factory=OrderedDict)

    def __len__(self) -> int:
        return len(self._entries)

    async def get(self, key: str) -> bytes | None:
        """The value, unless it has expired or made room for others."""
        value, until = self._entries.get(key, (None, 0.0))
        if value is None or self.clock() >= until:
            self._drop(key)
            self.misses += 1
            return None
        self.hits += 1
        self._entries.move_to_end(key)
        return value

    async def put(self, key: str, value: bytes, life: float) -> None:
        """Keeps the value for `life` seconds at most; one larger than the store is not kept."""
        self._drop(key)
        if _size(key, value) > self.max_bytes:
            return
        self._entries[key] = (value, self.clock() + life)
        self.held += _size(key, value)
        while len(self._entries) > self.max_entries or self.held > self.max_bytes:
            self._drop(next(iter(self._entries)))

    async def close(self) -> None:
        """Forgets everything."""
        self._entries.clear()
        self.held = 0

    def _drop(self, key: str) -> None:
        found = self._entries.pop(key, None)
        if found is not None:
            self.held -= _size(key, found[0])


def _size(key: str, value: bytes) -> int:
    return len(key.encode()) + len(value)
