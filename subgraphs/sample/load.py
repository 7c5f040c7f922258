"""Copies a sample database into PostgreSQL as its institution would have it there, for an account that only reads.

All of it is one transaction: what fails leaves the server as it was.
"""

import sqlite3
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import pbkdf2_hmac, sha256
from hmac import digest
from pathlib import Path
from secrets import token_bytes

import asyncpg
from sqlalchemy import Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from subgraphs.academy import tables as academy_tables
from subgraphs.common.account import WITHHELD
from subgraphs.common.postgresql import DatabaseError, DatabaseUrl, connect
from subgraphs.constitutional_court import tables as court_tables
from subgraphs.judiciary import tables as judiciary_tables
from subgraphs.prosecution import tables as prosecution_tables

METADATA = {
    "judiciary": judiciary_tables.metadata,
    "prosecution": prosecution_tables.metadata,
    "constitutional_court": court_tables.metadata,
    "academy": academy_tables.metadata,
}
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
_SCRAM_ROUNDS = 4096

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ReaderAccount:
    """Who may read the tables. Without a password the account has to be there already."""

    name: str
    password: str | None = field(default=None, repr=False)


async def load_sample(
    institution: str,
    folder: Path,
    url: DatabaseUrl,
    reader: ReaderAccount | None = None,
    fresh: bool = False,
    progress: Progress | None = None,
) -> None:
    """Copies the folder's database of that institution to the URL's, which may not have its tables unless `fresh`.

    `progress` is told how many tables are done, and of how many. Raises `DatabaseError`.
    """
    tables = METADATA[institution].sorted_tables
    connection = await connect(url, {})
    try:
        async with connection.transaction():
            await _make_room(connection, tables, fresh)
            with closing(sqlite3.connect(f"file:{folder / institution}.db?mode=ro", uri=True)) as sample:
                for done, table in enumerate(tables, start=1):
                    await _copy(sample, connection, table)
                    if progress is not None:
                        progress(done, len(tables))
            await connection.execute(f"ANALYZE {_names(tables)}")
            if reader is not None:
                await _admit(connection, tables, reader)
    except asyncpg.PostgresError as error:
        raise DatabaseError(f"the sample of {institution} cannot be loaded: {error}.") from error
    finally:
        await connection.close()


async def _make_room(connection: asyncpg.Connection, tables: Sequence[Table], fresh: bool) -> None:
    if fresh:
        await connection.execute(f"DROP TABLE IF EXISTS {_names(tables)}")
        return
    query = """SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(quote_ident(current_schema()))
               AND relname = ANY (CAST($1 AS text[])) ORDER BY relname"""
    if present := [row["relname"] for row in await connection.fetch(query, [table.name for table in tables])]:
        raise DatabaseError(f"the database already has {', '.join(present)}: --fresh puts new tables in their place.")


async def _copy(sample: sqlite3.Connection, connection: asyncpg.Connection, table: Table) -> None:
    await connection.execute(str(CreateTable(table).compile(dialect=_DIALECT)))
    rows = sample.execute(f'SELECT * FROM "{table.name}"')  # noqa: S608 - the name comes from our own metadata
    columns = [column.name for column in table.columns]
    await connection.copy_records_to_table(table.name, records=rows, columns=columns)
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        await connection.execute(str(CreateIndex(index).compile(dialect=_DIALECT)))


async def _admit(connection: asyncpg.Connection, tables: Sequence[Table], reader: ReaderAccount) -> None:
    """The account, made if missing, may read these tables, but those that nobody is to read."""
    name = _quoted(reader.name)
    known = await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", reader.name)
    if reader.password is not None:
        password = f"LOGIN PASSWORD '{_scram(reader.password)}'"
        await connection.execute(f"{'ALTER' if known else 'CREATE'} ROLE {name} {password}")
        await connection.execute(f"ALTER ROLE {name} SET default_transaction_read_only = on")
    elif not known:
        raise DatabaseError(f"there is no account {name}: set QUIPU_READER_PASSWORD to make it.")
    schema = _quoted(await connection.fetchval("SELECT current_schema()"))
    readable = [table for table in tables if not table.info.get(WITHHELD)]
    await connection.execute(f"GRANT USAGE ON SCHEMA {schema} TO {name}")
    await connection.execute(f"GRANT SELECT ON {_names(readable)} TO {name}")


def _scram(password: str) -> str:
    """What the server keeps of a password (RFC 5803), made here so that no log of statements has the password."""
    if not (password.isascii() and password.isprintable()):
        raise DatabaseError("a password of an account is made of printable ASCII characters.")
    salt = token_bytes(16)
    salted = pbkdf2_hmac("sha256", password.encode(), salt, _SCRAM_ROUNDS)
    stored = sha256(digest(salted, b"Client Key", "sha256")).digest()
    keys = (b64encode(part).decode() for part in (salt, stored, digest(salted, b"Server Key", "sha256")))
    return "SCRAM-SHA-256${}:{}${}:{}".format(_SCRAM_ROUNDS, *keys)


def _names(tables: Sequence[Table]) -> str:
    return ", ".join(_quoted(table.name) for table in tables)


def _quoted(name: str) -> str:
    return _DIALECT.identifier_preparer.quote_identifier(name)
