"""A ledger that is read, wherever it is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from gateway.ledger.store import POSTGRESQL, Reader
from gateway.ledger.store_postgresql import PostgresReader
from gateway.ledger.store_sqlite import SqliteReader


@asynccontextmanager
async def open_reader(url: str) -> AsyncIterator[Reader]:
    """The ledger at that address, a file or postgresql://…, until the block ends. Its calls raise `LedgerError`."""
    reader: Reader = PostgresReader(url) if url.startswith(POSTGRESQL) else SqliteReader(Path(url))
    try:
        yield reader
    finally:
        await reader.close()
