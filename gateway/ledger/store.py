"""Where a ledger is kept: what both databases can do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from gateway.ledger.leaf import Leaf
from gateway.ledger.tiles import Edge, TileId, edge_tiles, read_edge

POSTGRESQL = ("postgresql://", "postgres://")
"""How the addresses of such ledgers begin; others are files."""
CHUNK = 500
"""Records that are read at a time."""


class Reader(Protocol):
    """Every call raises `LedgerUnavailableError` if the database does not answer, and `LedgerDamagedError` if what it
    holds is no ledger."""

    async def origin(self) -> str: ...

    async def size(self) -> int:
        """How many records the tree has."""
        ...

    async def tiles(self, wanted: Iterable[TileId]) -> dict[TileId, bytes]:
        """Those of the tiles that there are."""
        ...

    def records(self, start: int, stop: int) -> AsyncIterator[list[tuple[int, bytes]]]:
        """The records that there are between these positions, in their order, some hundreds at a time."""
        ...

    async def last_head(self) -> str | None:
        """The note with the largest size."""
        ...

    def heads(self) -> AsyncIterator[str]:
        """Every note, by size."""
        ...

    async def close(self) -> None: ...


class Store(Reader, Protocol):
    """A ledger that records are added to."""

    async def open(self) -> None:
        """Before anything else; makes what is missing. Raises `LedgerError`."""
        ...

    async def append(self, leaves: Sequence[Leaf]) -> int:
        """Adds them at the end, durably, and returns the first one's position. Raises `LedgerError`: then they may or
        may not have been added."""
        ...

    def signing(self) -> AbstractAsyncContextManager[bool]:
        """Whether this process may sign a head now: one of all at a time."""
        ...

    async def add_head(self, size: int, note: str) -> None:
        """Keeps the note durably, unless there is one of that size."""
        ...


async def edge_at(reader: Reader, size: int) -> Edge:
    """The right edge that the tree had at that size. Raises KeyError if its tiles are missing."""
    return read_edge(size, await reader.tiles(edge_tiles(size)))
