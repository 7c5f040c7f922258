"""The ledger in PostgreSQL, for many gateways.

A batch is one transaction: it locks the tree's row, takes the positions after the tree's end, adds records and tiles,
and commits. So there is no gap and no fork, whoever else appends. Before that it sees that the tree still continues
what this gateway was last told to be durable: a server that lost commits is refused.

A commit is as durable as the server makes it: `fsync` on, and for a failover that loses nothing a synchronous standby
(`synchronous_standby_names`). A session's `synchronous_commit` that promises less is raised to `on`. The address must
reach the server itself: behind a pool that shares sessions, the signer's lock would be anybody's.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from urllib.parse import urlsplit

import asyncpg

from gateway.ledger.errors import LedgerDamagedError, LedgerUnavailableError
from gateway.ledger.leaf import Leaf
from gateway.ledger.merkle import leaf_hash
from gateway.ledger.rollback import rolled_back
from gateway.ledger.store import CHUNK
from gateway.ledger.tiles import Edge, TileId, edge_tiles, grow, read_edge

_SCHEMA = """
CREATE TABLE IF NOT EXISTS leaf (position BIGINT PRIMARY KEY, record BYTEA NOT NULL);
CREATE TABLE IF NOT EXISTS mention (kind TEXT COLLATE "C", value TEXT COLLATE "C", position BIGINT,
    PRIMARY KEY (kind, value, position));
CREATE TABLE IF NOT EXISTS tile (level INTEGER, place BIGINT, hashes BYTEA NOT NULL, PRIMARY KEY (level, place))
    WITH (fillfactor = 80);
CREATE TABLE IF NOT EXISTS head (size BIGINT PRIMARY KEY, note TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tree (origin TEXT PRIMARY KEY, size BIGINT NOT NULL) WITH (fillfactor = 10);
"""
_APPEND = """
WITH leaves AS (INSERT INTO leaf SELECT * FROM unnest($1::bigint[], $2::bytea[])),
    mentions AS (INSERT INTO mention SELECT * FROM unnest($3::text[], $4::text[], $5::bigint[])),
    tiles AS (INSERT INTO tile SELECT * FROM unnest($6::integer[], $7::bigint[], $8::bytea[])
        ON CONFLICT (level, place) DO UPDATE SET hashes = excluded.hashes)
UPDATE tree SET size = $9
"""
_SESSION = {
    "application_name": "quipu-ledger",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "10s",  # a gateway that hangs does not hold the tree's row for ever
}
_CONNECT_TIMEOUT, _COMMAND_TIMEOUT = 5.0, 10.0
_Result = TypeVar("_Result")
_log = logging.getLogger(__name__)


class _Link:
    """One connection, used by one task at a time; opened when needed, and anew after a failure."""

    def __init__(self, url: str) -> None:
        self._url = url
        parts = urlsplit(url)
        self.place = f"{parts.hostname or 'PostgreSQL'}{parts.path}"
        self._lock = asyncio.Lock()
        self._connection: Any = None

    async def run(self, work: Callable[[Any], Awaitable[_Result]]) -> _Result:
        """Raises `LedgerError`; what was under way is then rolled back, unless it was being committed."""
        async with self._lock:
            try:
                if self._connection is None:
                    self._connection = await self._connect()
                return await work(self._connection)
            except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError) as error:
                self._drop()
                raise LedgerDamagedError(f"{self.place} holds no ledger.") from error
            except asyncpg.UniqueViolationError as error:
                self._drop()
                raise LedgerDamagedError(f"{self.place}: {error}. Run `quipu ledger verify`.") from error
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, ValueError) as error:
                self._drop()
                why = str(error) or type(error).__name__
                raise LedgerUnavailableError(f"the ledger in {self.place} cannot be used: {why}.") from error
            except BaseException:
                self._drop()
                raise

    async def close(self) -> None:
        async with self._lock:
            connection, self._connection = self._connection, None
            if connection is not None:
                with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
                    await connection.close(timeout=_CONNECT_TIMEOUT)

    async def _connect(self) -> Any:
        connection = await asyncpg.connect(
            self._url, timeout=_CONNECT_TIMEOUT, command_timeout=_COMMAND_TIMEOUT, server_settings=_SESSION
        )
        if await connection.fetchval("SHOW synchronous_commit") in ("off", "local", "remote_write"):
            await connection.execute("SET synchronous_commit = on")
        if await connection.fetchval("SHOW fsync") == "off":
            _log.warning("The PostgreSQL server of the ledger has fsync off: records may be lost if it loses power.")
        return connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()


class PostgresReader:
    """Reads a ledger, while gateways may write to it."""

    def __init__(self, url: str) -> None:
        self._link = _Link(url)

    async def origin(self) -> str:
        return str(await self._of_tree("origin"))

    async def size(self) -> int:
        return int(await self._of_tree("size"))

    async def tiles(self, wanted: Iterable[TileId]) -> dict[TileId, bytes]:
        ids = list(wanted)
        return await self._link.run(lambda connection: _read_tiles(connection, ids))

    async def records(self, start: int, stop: int) -> AsyncIterator[list[tuple[int, bytes]]]:
        query = "SELECT position, record FROM leaf WHERE position >= $1 AND position < $2 ORDER BY position LIMIT $3"
        while rows := await self._rows(query, start, stop, CHUNK):
            yield [(row["position"], row["record"]) for row in rows]
            start = rows[-1]["position"] + 1

    async def last_head(self) -> str | None:
        rows = await self._rows("SELECT note FROM head ORDER BY size DESC LIMIT 1")
        return str(rows[0]["note"]) if rows else None

    async def heads(self) -> AsyncIterator[str]:
        size = -1
        query = "SELECT size, note FROM head WHERE size > $1 ORDER BY size LIMIT $2"
        while rows := await self._rows(query, size, CHUNK):
            for row in rows:
                yield str(row["note"])
            size = rows[-1]["size"]

    async def close(self) -> None:
        await self._link.close()

    async def _of_tree(self, column: str) -> Any:
        rows = await self._rows("SELECT origin, size FROM tree")
        if len(rows) != 1:
            raise LedgerDamagedError(f"{self._link.place} is no ledger, or its tree's row was removed.")
        return rows[0][column]

    async def _rows(self, query: str, *values: int) -> list[Any]:
        rows: list[Any] = await self._link.run(lambda connection: connection.fetch(query, *values))
        return rows


class PostgresStore(PostgresReader):
    """One of the gateways that write."""

    def __init__(self, url: str, origin: str) -> None:
        super().__init__(url)
        self._origin = origin
        self._writing = _Link(url)
        self._edge: Edge | None = None
        """The tree as it was when this gateway last heard that it was durable."""
        self._lock_id = int.from_bytes(hashlib.sha256(origin.encode()).digest()[:8], "big", signed=True)

    async def open(self) -> None:
        await self._writing.run(self._create)

    async def append(self, leaves: Sequence[Leaf]) -> int:
        return await self._writing.run(lambda connection: self._append(connection, leaves))

    @asynccontextmanager
    async def signing(self) -> AsyncIterator[bool]:
        ((mine,),) = await self._rows("SELECT pg_try_advisory_lock($1)", self._lock_id)
        try:
            yield mine
        finally:
            if mine:
                with contextlib.suppress(LedgerUnavailableError):  # a lost connection has lost the lock
                    await self._rows("SELECT pg_advisory_unlock($1)", self._lock_id)

    async def add_head(self, size: int, note: str) -> None:
        insert = "INSERT INTO head (size, note) VALUES ($1, $2) ON CONFLICT DO NOTHING"
        await self._writing.run(lambda connection: connection.execute(insert, size, note))

    async def close(self) -> None:
        await super().close()
        await self._writing.close()

    async def _append(self, connection: Any, leaves: Sequence[Leaf]) -> int:
        transaction = connection.transaction()
        await transaction.start()
        first = await connection.fetchval("SELECT size FROM tree WHERE origin = $1 FOR UPDATE", self._origin)
        if first is None:
            raise LedgerDamagedError(f"{self._writing.place}: the tree's row was removed. Restore a sound copy.")
        edge, tiles = grow(await self._edge_now(connection, first), [leaf_hash(leaf.record) for leaf in leaves])
        mentions = [(*mention, place) for place, leaf in enumerate(leaves, first) for mention in leaf.mentions]
        await connection.execute(
            _APPEND,
            list(range(first, edge.size)),
            [leaf.record for leaf in leaves],
            *_columns(mentions, 3),
            [level for level, _ in tiles],
            [place for _, place in tiles],
            list(tiles.values()),
            edge.size,
        )
        await transaction.commit()
        self._edge = edge
        return int(first)

    async def _edge_now(self, connection: Any, size: int) -> Edge:
        """The tree's edge. Raises `LedgerRolledBackError` if it does not continue what was durable before."""
        known = self._edge
        if known is not None and known.size == size:
            return known
        if known is not None and known.size > size:
            raise rolled_back(f"it has {size} records, and {known.size} were durable")
        tiles = await _read_tiles(connection, edge_tiles(size) + (edge_tiles(known.size) if known else []))
        try:
            if known is not None and read_edge(known.size, tiles) != known:
                raise rolled_back(f"its first {known.size} records are not those that were durable")
            return read_edge(size, tiles)
        except KeyError as error:
            raise LedgerDamagedError(
                f"{self._writing.place} lacks tile {error.args[0]} of its tree. Run `quipu ledger verify`."
            ) from error

    async def _create(self, connection: Any) -> None:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", self._lock_id)
            await connection.execute(_SCHEMA)
            if await connection.fetchval("SELECT count(*) FROM tree") == 0:
                await connection.execute("INSERT INTO tree VALUES ($1, 0)", self._origin)
            found = [row["origin"] for row in await connection.fetch("SELECT origin FROM tree")]
            if found != [self._origin]:
                raise LedgerDamagedError(f"{self._writing.place} is the ledger {', '.join(found)}, not {self._origin}.")


async def _read_tiles(connection: Any, ids: Sequence[TileId]) -> dict[TileId, bytes]:
    query = "SELECT level, place, hashes FROM tile JOIN unnest($1::integer[], $2::bigint[]) AS t (level, place)"
    rows = await connection.fetch(f"{query} USING (level, place)", *_columns(ids, 2))
    return {(row["level"], row["place"]): row["hashes"] for row in rows}


def _columns(rows: Sequence[Sequence[Any]], count: int) -> list[list[Any]]:
    return [[row[column] for row in rows] for column in range(count)]
