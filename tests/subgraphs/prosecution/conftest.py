"""A sample, the prosecutors' schema asked over it as the gateway does, and copies of it with rows changed."""

import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from subgraphs.common.database import open_read_only
from subgraphs.prosecution.reader import ProsecutionReader
from subgraphs.prosecution.schema import ProsecutionContext, schema
from subgraphs.sample.generate import generate

Ask = Callable[..., Any]
Alter = Callable[..., AsyncEngine]
TODAY = date(2024, 7, 1)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prosecution")
    generate(folder, 6_000, seed=5)
    return folder


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    generate(folder, 100, seed=5)
    return folder / "prosecution.db"


@pytest.fixture
async def engine(sample: Path) -> AsyncIterator[AsyncEngine]:
    engine = open_read_only(sample / "prosecution.db")
    yield engine
    await engine.dispose()


@pytest.fixture
async def alter(small: Path, tmp_path: Path) -> AsyncIterator[Alter]:
    """A small sample after these statements."""
    engines: list[AsyncEngine] = []

    def altered(*changes: str) -> AsyncEngine:
        path = tmp_path / f"altered{len(engines)}.db"
        shutil.copy(small, path)
        connection = sqlite3.connect(path)
        with connection:
            for change in changes:
                connection.execute(change)
        connection.close()
        engines.append(open_read_only(path))
        return engines[-1]

    yield altered
    for engine in engines:
        await engine.dispose()


@pytest.fixture
def ask() -> Ask:
    """`role`: with the code of a magistrate behind it, such as `prosecutor M99356`, where it matters."""

    async def asked(
        engine: AsyncEngine, query: str, role: str = "prosecutor", today: date = TODAY, **variables: Any
    ) -> Any:
        name, _, code = role.partition(" ")
        claims = [("magistrate", code)] if code else []
        context = ProsecutionContext(ProsecutionReader(engine, [name], today, claims=claims))
        return await schema.execute(query, variable_values=variables, context_value=context)

    return asked


@pytest.fixture
def statements(engine: AsyncEngine) -> list[tuple[str, Any]]:
    """What runs on `engine`, with its parameters."""
    return listen(engine)


def listen(engine: AsyncEngine) -> list[tuple[str, Any]]:
    asked: list[tuple[str, Any]] = []
    event.listen(engine.sync_engine, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
    return asked
