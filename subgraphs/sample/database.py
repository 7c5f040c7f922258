"""Writes one sample database: in bulk, to a temporary file that takes its name only when it is complete."""

import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import MetaData, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

Row = tuple[object, ...]
_FLUSH_AT = 5_000
_BULK_PRAGMAS = ("journal_mode = OFF", "synchronous = OFF", "temp_store = MEMORY", "cache_size = -65536")


class SampleDatabase:
    """Rows go in by table and leave in blocks, so memory stays flat; indexes are built at the end."""

    def __init__(self, path: Path, metadata: MetaData) -> None:
        self._path = path
        self._temporary = path.with_name(f"{path.name}.part")
        self._temporary.unlink(missing_ok=True)
        self._tables = metadata.sorted_tables
        self._connection = sqlite3.connect(self._temporary, isolation_level=None)
        for pragma in _BULK_PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}")
        for table in self._tables:
            self._connection.execute(str(CreateTable(table).compile(dialect=sqlite.dialect())))
        self._connection.execute("BEGIN")
        self._waiting: dict[str, list[Row]] = {table.name: [] for table in self._tables}
        self._inserts = {table.name: _insert(table) for table in self._tables}

    def add(self, table: Table, row: Row) -> None:
        waiting = self._waiting[table.name]
        waiting.append(row)
        if len(waiting) >= _FLUSH_AT:
            self._flush(table.name)

    def add_all(self, table: Table, rows: Iterable[Row]) -> None:
        for row in rows:
            self.add(table, row)

    def complete(self) -> None:
        """Writes what waits, builds the indexes, and leaves a whole database, still under its temporary name."""
        for name in self._waiting:
            self._flush(name)
        for table in self._tables:
            for index in sorted(table.indexes, key=lambda index: str(index.name)):
                self._connection.execute(str(CreateIndex(index).compile(dialect=sqlite.dialect())))
        self._connection.execute("COMMIT")
        self._connection.execute("ANALYZE")
        self._connection.close()

    def publish(self) -> None:
        os.replace(self._temporary, self._path)

    def abandon(self) -> None:
        self._connection.close()
        self._temporary.unlink(missing_ok=True)

    def _flush(self, name: str) -> None:
        if waiting := self._waiting[name]:
            self._connection.executemany(self._inserts[name], waiting)
            waiting.clear()


def _insert(table: Table) -> str:
    marks = ", ".join("?" * len(table.columns))
    return f'INSERT INTO "{table.name}" VALUES ({marks})'  # noqa: S608 - the name comes from our own metadata
