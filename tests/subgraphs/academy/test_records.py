"""The Academy's reads: cells turned into values, one statement a relation, grades left where they are."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from subgraphs.academy.records import date_cell, decimal_cell, magistrates_by_code, plain_cell, trainings_by_code
from subgraphs.sample.generate import generate
from subgraphs.sample.offices import build_institutions

INSTITUTIONS = build_institutions()
JUDGE_OF_G = INSTITUTIONS.judges["1801", "JR", "DC", "04"]


@pytest.fixture
def statements() -> list[str]:
    return []


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    generate(folder, 5, seed=5)
    return folder


@pytest.fixture
async def connection(sample: Path, statements: list[str]) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(f"sqlite+aiosqlite:///file:{sample}/academy.db?mode=ro&uri=true")

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    async with engine.connect() as connection:
        yield connection
    await engine.dispose()


async def test_the_judge_of_the_worked_case_has_trainings_and_certificates(connection: AsyncConnection) -> None:
    (magistrate,) = (await magistrates_by_code(connection, [JUDGE_OF_G])).values()
    trainings = (await trainings_by_code(connection, [JUDGE_OF_G]))[JUDGE_OF_G]
    assert magistrate.institution == "PJ"
    assert len(trainings) >= 2
    assert any(training.certificate_number for training in trainings)
    assert all(training.starts_on and training.hours > 0 and '"' not in training.course for training in trainings)


async def test_all_magistrates_cost_two_statements_and_no_grade(
    connection: AsyncConnection, statements: list[str]
) -> None:
    codes = [magistrate.code for magistrate in INSTITUTIONS.magistrates]
    assert len(await magistrates_by_code(connection, codes)) == len(codes)
    assert len(await trainings_by_code(connection, codes)) == len(codes)
    assert len(statements) == 2
    assert not any("NOTA" in statement for statement in statements)


async def test_an_unknown_code_is_simply_absent(connection: AsyncConnection) -> None:
    assert await magistrates_by_code(connection, ["M00000"]) == {}
    assert await trainings_by_code(connection, ["M00000"]) == {}


def test_cells_are_read_as_the_spreadsheet_wrote_them() -> None:
    assert date_cell("4-mar-24") == date(2024, 3, 4)
    assert date_cell("31-feb-24") is None
    assert date_cell("") is None
    assert decimal_cell("1.120,50") == Decimal("1120.50")
    assert plain_cell('"DERECHO DE FAMILIA; NIVEL II"') == "DERECHO DE FAMILIA; NIVEL II"
