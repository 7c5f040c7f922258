"""A sample of the Judiciary, asked through its schema by whatever role; and the same sample with rows altered."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from subgraphs.common.database import open_read_only
from subgraphs.judiciary.reader import JudiciaryReader
from subgraphs.judiciary.schema import JudiciaryContext, schema
from subgraphs.sample.generate import generate

Ask = Callable[..., Awaitable[Any]]
TODAY = date(2024, 7, 1)


@pytest.fixture(scope="session")
def judiciary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("judiciary")
    generate(folder, 300, seed=5)
    return folder / "judiciary.db"


@pytest.fixture
async def engine(judiciary: Path) -> AsyncIterator[AsyncEngine]:
    engine = open_read_only(judiciary)
    yield engine
    await engine.dispose()


def asking(engine: AsyncEngine) -> Ask:
    async def ask(query: str, role: str = "judge", **variables: Any) -> Any:
        name, _, code = role.partition(" ")
        claims = [("magistrate", code)] if code else []
        context = JudiciaryContext(JudiciaryReader(engine, [name], TODAY, claims=claims))
        return await schema.execute(query, variable_values=variables, context_value=context)

    return ask


@pytest.fixture
def ask(engine: AsyncEngine) -> Ask:
    """Executes a query as a role, such as `judge` or `judge M99058`; variables by their names."""
    return asking(engine)


@pytest.fixture
async def altered(judiciary: Path, tmp_path: Path) -> AsyncIterator[Callable[..., Ask]]:
    """The same over a copy of the sample on which these statements were run."""
    engines = []

    def alter(*statements: str) -> Ask:
        copy = tmp_path / "altered.db"
        shutil.copy(judiciary, copy)
        with sqlite3.connect(copy) as connection:
            for statement in statements:
                assert connection.execute(statement).rowcount > 0, statement
        connection.close()
        engines.append(open_read_only(copy))
        return asking(engines[-1])

    yield alter
    for engine in engines:
        await engine.dispose()
