"""The ledger in a file of SQLite, for one gateway.

Commits are durable (WAL, synchronous FULL: one flush each). A lock on a file beside it keeps other processes from
writing; anybody may read meanwhile. One thread does all the work, and holds the connection: after a failure it is
opened anew, so that a disk that was full or read-only is written to again as soon as it can be.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from gateway.ledger.errors import LedgerBusyError, LedgerDamagedError, LedgerError, LedgerUnavailableError
from gateway.ledger.leaf import Leaf
from gateway.ledger.merkle import leaf_hash
from gateway.ledger.store import CHUNK
from gateway.ledger.tiles import Edge, TileId, edge_tiles, grow, read_edge

_SCHEMA = (
    "CREATE TABLE leaf (position INTEGER PRIMARY KEY, record BLOB NOT NULL)",
    "CREATE TABLE mention (kind TEXT NOT NULL, value TEXT NOT NULL, position INTEGER NOT NULL,"
    " PRIMARY KEY (kind, value, position)) WITHOUT ROWID",
    "CREATE TABLE tile (level INTEGER NOT NULL, place INTEGER NOT NULL, hashes BLOB NOT NULL,"
    " PRIMARY KEY (level, place)) WITHOUT ROWID",
    "CREATE TABLE head (size INTEGER PRIMARY KEY, note TEXT NOT NULL)",
    "CREATE TABLE tree (origin TEXT PRIMARY KEY, size INTEGER NOT NULL)",
)
_WAIT = 5.0
_Result = TypeVar("_Result")


class SqliteReader:
    """Reads a ledger's file, while a gateway may write to it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, "ledger")
        self._connection: sqlite3.Connection | None = None

    async def origin(self) -> str:
        return str((await self._row("SELECT origin FROM tree"))[0])

    async def size(self) -> int:
        return int((await self._row("SELECT CAST(size AS INTEGER) FROM tree"))[0])

    async def tiles(self, wanted: Iterable[TileId]) -> dict[TileId, bytes]:
        ids = list(wanted)
        return await self._do(lambda connection: _read_tiles(connection, ids))

    async def records(self, start: int, stop: int) -> AsyncIterator[list[tuple[int, bytes]]]:
        query = (
            "SELECT position, CAST(record AS BLOB) FROM leaf "
            "WHERE position >= ? AND position < ? ORDER BY position LIMIT ?"
        )
        while rows := await self._rows(query, start, stop, CHUNK):
            yield [(position, bytes(record)) for position, record in rows]
            start = rows[-1][0] + 1

    async def last_head(self) -> str | None:
        rows = await self._rows("SELECT note FROM head ORDER BY size DESC LIMIT 1")
        return str(rows[0][0]) if rows else None

    async def heads(self) -> AsyncIterator[str]:
        size = -1
        while rows := await self._rows("SELECT size, note FROM head WHERE size > ? ORDER BY size LIMIT ?", size, CHUNK):
            for _, note in rows:
                yield str(note)
            size = rows[-1][0]

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown()

    async def _row(self, query: str) -> Any:
        rows = await self._rows(query)
        if len(rows) != 1:
            raise LedgerDamagedError(f"{self._path} is no ledger, or its tree's row was removed.")
        return rows[0]

    async def _rows(self, query: str, *values: int) -> list[Any]:
        return await self._do(lambda connection: connection.execute(query, values).fetchall())

    async def _do(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, work)

    def _run(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        try:
            if self._connection is None:
                self._connection = self._connect()
            return work(self._connection)
        except sqlite3.Error as error:
            self._disconnect()
            raise self._explained(error) from error
        except LedgerError:
            self._disconnect()
            raise

    def _explained(self, error: sqlite3.Error) -> LedgerError:
        if isinstance(error, sqlite3.OperationalError):
            return LedgerUnavailableError(f"the ledger {self._path} cannot be used: {error}.")
        return LedgerDamagedError(f"{self._path} is no sound ledger: {error}. Run `quipu ledger verify`.")

    def _connect(self) -> sqlite3.Connection:
        if not self._path.exists():
            raise LedgerUnavailableError(f"there is no ledger {self._path}.")
        url = f"{self._path.absolute().as_uri()}?mode=ro"
        return sqlite3.connect(url, uri=True, timeout=_WAIT, isolation_level=None)

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


class SqliteStore(SqliteReader):
    """The one process that writes. `open` first; raises `LedgerBusyError` if there is another."""

    def __init__(self, path: Path, origin: str) -> None:
        super().__init__(path)
        self._origin = origin
        self._edge: Edge | None = None
        self._lock: int | None = None
        self._signing = asyncio.Lock()

    async def open(self) -> None:
        """Makes the file if it is missing. Raises `LedgerError`."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(self._path.with_name(f"{self._path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._unlock()
            raise LedgerBusyError(
                f"another gateway writes to {self._path}: a ledger in SQLite is for one process. "
                "Stop the other, or keep the ledger in PostgreSQL."
            ) from None
        except OSError as error:
            raise LedgerUnavailableError(f"the ledger {self._path} cannot be used: {error.strerror}.") from error
        await self._do(lambda _: None)

    async def append(self, leaves: Sequence[Leaf]) -> int:
        return await self._do(lambda connection: self._append(connection, leaves))

    @asynccontextmanager
    async def signing(self) -> AsyncIterator[bool]:
        async with self._signing:
            yield True

    async def add_head(self, size: int, note: str) -> None:
        insert = "INSERT INTO head (size, note) VALUES (?, ?) ON CONFLICT DO NOTHING"
        await self._do(lambda connection: connection.execute(insert, (size, note)))

    async def close(self) -> None:
        await super().close()
        self._unlock()

    def _append(self, connection: sqlite3.Connection, leaves: Sequence[Leaf]) -> int:
        if self._edge is None:
            self._edge = _sound_edge(connection, self._path)
        first = self._edge.size
        edge, tiles = grow(self._edge, [leaf_hash(leaf.record) for leaf in leaves])
        self._edge = None  # whatever fails from here on, it is read anew
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO leaf VALUES (?, ?)", enumerate((leaf.record for leaf in leaves), first))
        connection.executemany(
            "INSERT INTO mention VALUES (?, ?, ?)",
            ((*mention, position) for position, leaf in enumerate(leaves, first) for mention in leaf.mentions),
        )
        connection.executemany(
            "INSERT OR REPLACE INTO tile VALUES (?, ?, ?)", ((*tile, hashes) for tile, hashes in tiles.items())
        )
        moved = connection.execute("UPDATE tree SET size = ? WHERE size = ?", (edge.size, first)).rowcount
        if moved != 1:
            raise LedgerDamagedError(f"somebody else wrote to {self._path}. Run `quipu ledger verify`.")
        connection.execute("COMMIT")
        self._edge = edge
        return first

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=_WAIT, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            if not connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
                _create(connection, self._origin)
            found = connection.execute("SELECT origin FROM tree").fetchone()
            if found != (self._origin,):
                raise LedgerDamagedError(f"{self._path} is the ledger {found and found[0]}, not {self._origin}.")
            self._edge = _sound_edge(connection, self._path)
        except BaseException:
            connection.close()
            raise
        return connection

    def _unlock(self) -> None:
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)


def _create(connection: sqlite3.Connection, origin: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for statement in _SCHEMA:
        connection.execute(statement)
    connection.execute("INSERT INTO tree VALUES (?, 0)", (origin,))
    connection.execute("COMMIT")


def _sound_edge(connection: sqlite3.Connection, path: Path) -> Edge:
    """The tree's edge, if the records that are there end where the tree does."""
    (size,) = connection.execute("SELECT CAST(size AS INTEGER) FROM tree").fetchone()
    (last,) = connection.execute("SELECT max(position) FROM leaf").fetchone()
    try:
        edge = read_edge(size, _read_tiles(connection, edge_tiles(size)))
    except KeyError:
        edge = None
    if edge is None or (-1 if last is None else last) != size - 1:
        raise LedgerDamagedError(
            f"{path}: the records do not end where its tree does. Run `quipu ledger verify`, and restore a sound copy."
        )
    return edge


def _read_tiles(connection: sqlite3.Connection, ids: Iterable[TileId]) -> dict[TileId, bytes]:
    query = "SELECT CAST(hashes AS BLOB) FROM tile WHERE level = ? AND place = ?"
    rows = {tile: connection.execute(query, tile).fetchone() for tile in ids}
    return {tile: bytes(row[0]) for tile, row in rows.items() if row is not None}
