"""Records that wait to be written: bounded, whatever the database does."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from gateway.ledger.errors import LedgerError, LedgerUnavailableError
from gateway.ledger.leaf import Leaf


@dataclass(eq=False, slots=True)
class Entry:
    """Records that are written together. `settled`: their positions, or why they may not be durable."""

    leaves: Sequence[Leaf]
    settled: asyncio.Future[range | LedgerError]
    size: int = field(init=False)

    def __post_init__(self) -> None:
        self.size = sum(len(leaf.record) for leaf in self.leaves)

    def settle(self, outcome: range | LedgerError) -> None:
        if not self.settled.done():
            self.settled.set_result(outcome)


class Queue:
    """Entries in the order in which they came. What was taken counts until `finish`: it is in memory still."""

    def __init__(self, max_records: int, max_bytes: int) -> None:
        self._max_records, self._max_bytes = max_records, max_bytes
        self._waiting: deque[Entry] = deque()
        self._filled = asyncio.Event()
        self._emptied = asyncio.Event()
        self._emptied.set()
        self.records = 0
        self.bytes = 0

    def add(self, leaves: Sequence[Leaf]) -> Entry:
        """Raises `LedgerUnavailableError` if there is no room."""
        entry = Entry(leaves, asyncio.get_running_loop().create_future())
        if self.records + len(leaves) > self._max_records or self.bytes + entry.size > self._max_bytes:
            raise LedgerUnavailableError(
                f"the ledger cannot keep up: {self.records} records ({self.bytes} bytes) wait to be written."
            )
        self._waiting.append(entry)
        self._count(entry, 1)
        self._filled.set()
        return entry

    async def take(self, max_records: int, max_bytes: int) -> list[Entry]:
        """The next entries, at least one: as many as the bounds allow."""
        await self._filled.wait()
        taken = [self._waiting.popleft()]
        records, size = len(taken[0].leaves), taken[0].size
        while self._waiting:
            records, size = records + len(self._waiting[0].leaves), size + self._waiting[0].size
            if records > max_records or size > max_bytes:
                break
            taken.append(self._waiting.popleft())
        self._mark()
        return taken

    def finish(self, entries: Sequence[Entry]) -> None:
        """They were written, or failed."""
        for entry in entries:
            self._count(entry, -1)

    def drop(self, entry: Entry) -> None:
        """Nobody waits for it any more: it is not written, unless that has begun."""
        if entry in self._waiting:
            self._waiting.remove(entry)
            self._count(entry, -1)
            self._mark()

    async def emptied(self) -> None:
        """Returns when nothing waits, and nothing is being written."""
        await self._emptied.wait()

    def _count(self, entry: Entry, sign: int) -> None:
        self.records += sign * len(entry.leaves)
        self.bytes += sign * entry.size
        if self.records:
            self._emptied.clear()
        else:
            self._emptied.set()

    def _mark(self) -> None:
        if not self._waiting:
            self._filled.clear()
