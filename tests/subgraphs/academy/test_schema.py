"""The Academy's schema as the gateway uses it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from subgraphs.academy.reader import AcademyReader
from subgraphs.academy.schema import schema
from subgraphs.sample.generate import generate
from subgraphs.sample.offices import build_institutions

INSTITUTIONS = build_institutions()
JUDGE_OF_G = INSTITUTIONS.judges["1801", "JR", "DC", "04"]
ENTITIES = """query ($these: [_Any!]!) { _entities(representations: $these) {
  ... on Magistrate { code trainings(first: 50) { totalCount nodes { course hours certificate { number } } } } } }"""


@dataclass
class Context:
    reader: AcademyReader


@pytest.fixture
def statements() -> list[str]:
    return []


@pytest.fixture
async def engine(tmp_path: Path, statements: list[str]) -> AsyncIterator[AsyncEngine]:
    generate(tmp_path, 0, seed=5)
    engine = create_async_engine(f"sqlite+aiosqlite:///file:{tmp_path}/academy.db?mode=ro&uri=true")

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    yield engine
    await engine.dispose()


async def ask(engine: AsyncEngine, query: str, **variables: Any) -> Any:
    return await schema.execute(query, variable_values=variables, context_value=Context(AcademyReader(engine)))


async def test_the_judge_of_the_worked_case_is_found_with_trainings(engine: AsyncEngine) -> None:
    query = "query ($c: ID!) { magistrate(code: $c) { code trainings { nodes { course programme startsOn } } } }"
    answer = await ask(engine, query, c=JUDGE_OF_G)
    assert answer.errors is None
    assert answer.data["magistrate"]["code"] == JUDGE_OF_G
    assert answer.data["magistrate"]["trainings"]["nodes"]


async def test_a_hundred_magistrates_cost_as_many_statements_as_one(engine: AsyncEngine, statements: list[str]) -> None:
    costs = []
    for many in (1, 100):
        statements.clear()
        codes = [magistrate.code for magistrate in INSTITUTIONS.magistrates[:many]]
        answer = await ask(engine, ENTITIES, these=[{"__typename": "Magistrate", "code": code} for code in codes])
        assert [entity["code"] for entity in answer.data["_entities"]] == codes
        costs.append(len(statements))
    assert costs == [2, 2]


async def test_pages_of_trainings_follow_their_cursors(engine: AsyncEngine) -> None:
    query = """query ($c: ID!, $after: String) { magistrate(code: $c) { trainings(first: 1, after: $after) {
      totalCount nodes { courseCode } pageInfo { hasNextPage endCursor } } } }"""
    seen: list[str] = []
    after, more, total = None, True, 0
    while more:
        page = (await ask(engine, query, c=JUDGE_OF_G, after=after)).data["magistrate"]["trainings"]
        seen += [node["courseCode"] for node in page["nodes"]]
        after, more, total = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"], page["totalCount"]
    assert len(seen) == len(set(seen)) == total > 1


async def test_an_unknown_magistrate_is_null(engine: AsyncEngine) -> None:
    assert (await ask(engine, '{ magistrate(code: "M00000") { code } }')).data == {"magistrate": None}


@pytest.mark.parametrize(("arguments", "code"), [("first: 0", "BAD_PAGE_SIZE"), ('after: "?"', "BAD_CURSOR")])
async def test_a_page_that_cannot_be_is_refused_with_its_code(engine: AsyncEngine, arguments: str, code: str) -> None:
    query = f'{{ magistrate(code: "{JUDGE_OF_G}") {{ trainings({arguments}) {{ totalCount }} }} }}'
    answer = await ask(engine, query)
    assert [error.extensions["code"] for error in answer.errors] == [code]
    assert answer.data == {"magistrate": {"trainings": None}}


def test_the_schema_knows_neither_grades_nor_cases() -> None:
    printed = schema.as_str().lower()
    assert "grade" not in printed
    assert "case" not in printed
    assert "standing" not in printed
