"""A sample, and a connection to the Court's database that counts its statements."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from subgraphs.sample.generate import generate


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    generate(folder, 6_000, seed=5)
    return folder


@pytest.fixture
def statements() -> list[str]:
    return []


@pytest.fixture
async def connection(sample: Path, statements: list[str]) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(f"sqlite+aiosqlite:///file:{sample}/constitutional_court.db?mode=ro&uri=true")

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    async with engine.connect() as connection:
        yield connection
    await engine.dispose()
