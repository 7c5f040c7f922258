"""What several folders of tests share: one PostgreSQL server for all of them, and that Ctrl-C is heard."""

from __future__ import annotations

import asyncio
import signal
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from postgres_kit import PostgresServer, load_institutions, running_server

CASES = 6_000


def pytest_sessionstart() -> None:
    """A shell has what runs in its background ignore Ctrl-C, and the commands under test would inherit that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass(frozen=True)
class Institutions:
    """The same sample twice: SQLite files in `folder`, and a database each on the server."""

    folder: Path
    server: PostgresServer


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with tempfile.TemporaryDirectory(prefix="quipu-postgres-") as folder, running_server(Path(folder)) as server:
        yield server


@pytest.fixture(scope="session")
def institutions(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Institutions:
    folder = tmp_path_factory.mktemp("institutions")
    asyncio.run(load_institutions(postgres, folder, CASES))
    return Institutions(folder, postgres)
