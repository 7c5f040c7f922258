"""The institution's database on a PostgreSQL server, opened so that nothing can be written.

A connection is read-only by its own setting, and each transaction is opened read only besides. The server ends a
statement at the limit, and the pool is bounded, so that no number of questions can hold an old system. What goes wrong
is told without the URL, which holds a password.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

import asyncpg
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

APPLICATION = "quipu"
POOL_SIZE = 10
CONNECT_SECONDS = 5.0
_GRACE_SECONDS = 2.0
# What a password may hold only percent-encoded is refused, lest a part of it be read, and told, as another part.
_URL = re.compile(r"(?:postgres|postgresql|postgresql\+asyncpg)(://(?:[^@/?#]*@)?[^@/?#]*(?:/[^@?#]*)?(?:\?[^@#]*)?)")
_FORM = "a database URL reads postgresql://ACCOUNT:PASSWORD@HOST:PORT/DATABASE, with signs in a password as %XX."


class DatabaseError(Exception):
    """The database cannot be used. The message says why and how to mend it; it holds no password and no row."""


@dataclass(frozen=True, slots=True)
class DatabaseUrl:
    """Where a database is and with which account, as libpq has it (`?host=/socket`, `?sslmode=verify-full`, …)."""

    dsn: str = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The URL, with or without a driver's name (`postgresql+asyncpg`). Raises `DatabaseError`."""
        match = _URL.fullmatch(text)
        if match is None:
            raise DatabaseError(_FORM)
        return cls(f"postgresql{match[1]}")


async def connect(
    url: DatabaseUrl, settings: Mapping[str, str], command_seconds: float | None = None
) -> asyncpg.Connection:
    """A connection with these settings of the server. Raises `DatabaseError`."""
    try:
        return await asyncpg.connect(
            url.dsn,
            timeout=CONNECT_SECONDS,
            command_timeout=command_seconds,
            server_settings={"application_name": APPLICATION, **settings},
        )
    except asyncpg.PostgresError as error:
        raise DatabaseError(f"the database server refuses the account: {error}.") from error
    except TimeoutError:
        raise DatabaseError(f"the database server gave no answer in {CONNECT_SECONDS:.0f} s.") from None
    except OSError as error:
        raise DatabaseError(f"the database server cannot be reached: {error}.") from error
    except (ValueError, asyncpg.InterfaceError):
        raise DatabaseError(_FORM) from None  # its message may quote the URL


def open_server(url: DatabaseUrl, statement_seconds: float) -> AsyncEngine:
    """A read-only engine over the URL's database; it connects when it is first asked."""
    settings = {
        "default_transaction_read_only": "on",
        "statement_timeout": str(max(1, round(statement_seconds * 1000))),
        "jit": "off",  # the questions are many and small
    }
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: connect(url, settings, statement_seconds + _GRACE_SECONDS),
        execution_options={"postgresql_readonly": True},
        hide_parameters=True,
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=statement_seconds,
        pool_pre_ping=True,
    )

    @event.listens_for(engine.sync_engine, "before_cursor_execute", retval=True)
    def without_nul(
        _connection: object, _cursor: object, statement: str, values: tuple[object, ...], *_ignored: object
    ) -> tuple[str, tuple[object, ...]]:
        return statement, tuple(map(_storable, values))

    return engine


def _storable(value: object) -> object:
    """U+0000 stands in no text of PostgreSQL, which fails the whole statement for it; nor does U+FFFF stand in any that
    people write. So such a text is looked for, and not found, as elsewhere."""
    if isinstance(value, list | tuple):
        return [_storable(item) for item in value]
    return value.replace("\x00", "\uffff") if isinstance(value, str) else value
