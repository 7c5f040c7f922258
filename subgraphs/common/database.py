"""The institution's database, opened so that nothing can be written.

SQLite is opened with `mode=ro`, and every connection refuses writes besides; what holds on a server is in
`postgresql`. A statement that runs longer than the limit is interrupted, so that no question of ours can hold an old
system.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from subgraphs.common.postgresql import DatabaseUrl, open_server

STATEMENT_SECONDS = 5.0
_KEPT_OPEN = 16  # a request reads up to a dozen relations at once, and opening anew costs more than reading
_OPCODES_BETWEEN_CHECKS = 20_000


def open_read_only(database: Path | DatabaseUrl, statement_seconds: float = STATEMENT_SECONDS) -> AsyncEngine:
    """An engine over an SQLite file or a PostgreSQL database; a statement may take `statement_seconds`."""
    if isinstance(database, DatabaseUrl):
        return open_server(database, statement_seconds)
    return _open_file(database, statement_seconds)


def _open_file(path: Path, statement_seconds: float) -> AsyncEngine:
    url = f"sqlite+aiosqlite:///file:{quote(str(path.resolve()))}?mode=ro&uri=true"
    engine = create_async_engine(url, hide_parameters=True, pool_size=_KEPT_OPEN)

    @event.listens_for(engine.sync_engine, "connect")
    def refuse_writes(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def start_clock(connection: Any, *_ignored: object) -> None:
        ends = time.monotonic() + statement_seconds
        connection.connection.dbapi_connection.run_async(
            lambda driver: driver.set_progress_handler(lambda: int(time.monotonic() > ends), _OPCODES_BETWEEN_CHECKS)
        )

    return engine


@dataclass
class StatementCount:
    statements: int = 0


@contextmanager
def counted(engine: AsyncEngine) -> Iterator[StatementCount]:
    """Counts the statements that run on the engine inside the block."""
    count = StatementCount()

    def add(*_ignored: object) -> None:
        count.statements += 1

    event.listen(engine.sync_engine, "before_cursor_execute", add)
    try:
        yield count
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", add)
