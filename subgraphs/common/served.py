"""The institution's own record of what it served: kept by itself, so that nobody needs to believe the gateway.

Each request is a row, durable before its answer leaves (SQLite, WAL, synchronous FULL; requests that come together
share a flush). A row has the hash of the one before it, so that a row that is changed or taken out shows.
"""

import asyncio
import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

MOST_WAITING = 1_000
_BUSY_SECONDS = 5.0
_TABLE = """CREATE TABLE IF NOT EXISTS served (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, request TEXT NOT NULL, record TEXT NOT NULL, hash TEXT NOT NULL)"""
_FIRST = "0" * 64


class RecordUnavailableError(Exception):
    """The record may not be durable, so nothing may be answered. The message is for the institution's operators."""


@dataclass(frozen=True, slots=True)
class ServedRequest:
    """`request`: the gateway's id of it. `entities`: (type, key) of the rows that were read, people as digests.
    `outcome`: OK, PARTIAL or REFUSED."""

    request: str
    subject: str
    institution: str
    roles: tuple[str, ...]
    purpose: str | None
    reference: str | None
    exceptional: str | None
    operation: str
    """SHA-256 of the document, in hex."""
    coordinates: tuple[str, ...]
    entities: tuple[tuple[str, str], ...]
    agreements: tuple[str, ...]
    outcome: str
    at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="microseconds"))


class ServedRecords:
    """The records in a file, made if missing. Raises `RecordUnavailableError` if it cannot be used."""

    def __init__(self, file: Path) -> None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(file, timeout=_BUSY_SECONDS, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute(_TABLE)
            self._connection.commit()
        except (OSError, sqlite3.Error) as error:
            raise RecordUnavailableError(f"{file}: {error}.") from error
        self._waiting: list[tuple[ServedRequest, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def append(self, served: ServedRequest) -> None:
        """Returns when the row is durable. Raises `RecordUnavailableError`."""
        if len(self._waiting) >= MOST_WAITING:
            raise RecordUnavailableError("more requests wait for their record than can be kept.")
        durable: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((served, durable))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        await durable

    async def close(self) -> None:
        """Writes what waits, and closes the file."""
        if self._writing is not None:
            await self._writing
        self._connection.close()

    async def _write_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            failure: RecordUnavailableError | None = None
            try:
                await asyncio.to_thread(self._write, [served for served, _ in batch])
            except sqlite3.Error as error:
                failure = RecordUnavailableError(f"the record of what was served cannot be written: {error}.")
            for _, durable in batch:
                if durable.done():  # whoever asked has gone
                    continue
                if failure is None:
                    durable.set_result(None)
                else:
                    durable.set_exception(failure)

    def _write(self, batch: Sequence[ServedRequest]) -> None:
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            last = self._connection.execute("SELECT hash FROM served ORDER BY id DESC LIMIT 1").fetchone()
            previous = last[0] if last else _FIRST
            for served in batch:
                text = json.dumps(asdict(served), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
                previous = chained(previous, text)
                self._connection.execute(
                    "INSERT INTO served (at, request, record, hash) VALUES (?, ?, ?, ?)",
                    (served.at, served.request, text, previous),
                )


def chained(previous: str, record: str) -> str:
    """The hash of a row, in hex: over the one before and its text."""
    return hashlib.sha256(f"{previous}\n{record}".encode()).hexdigest()


def broken_rows(file: Path) -> Iterator[int]:
    """The ids of rows whose hash does not follow from the row before and their text."""
    previous = _FIRST
    for row_id, record, told in _rows(file):
        if chained(previous, record) != told:
            yield row_id
        previous = told


def served_lines(file: Path) -> Iterator[str]:
    """The rows as JSON Lines, in their order: `id`, `record`, the text that was hashed, and `hash`; so that whoever is
    given them can follow the chain. Raises sqlite3.Error if the file is no such record."""
    for row_id, record, told in _rows(file):
        yield json.dumps({"id": row_id, "record": record, "hash": told}, ensure_ascii=False)


def _rows(file: Path) -> Iterator[tuple[int, str, str]]:
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        yield from connection.execute("SELECT id, record, hash FROM served ORDER BY id")
