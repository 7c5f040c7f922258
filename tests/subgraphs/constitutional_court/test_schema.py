"""The Court's schema as the gateway uses it: entities in batches, doors by number, pages, masking."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from subgraphs.constitutional_court.reader import CourtReader
from subgraphs.constitutional_court.schema import schema
from subgraphs.sample import worked_cases as worked

G_CASE, G_PROCEEDING = worked.G.cases[0], worked.G.proceedings[0]
ENTITIES = """query ($these: [_Any!]!) { _entities(representations: $these) {
  ... on Case { caseNumber: number constitutionalProceedings { number caseReference { asWritten normalised } } }
  ... on ConstitutionalProceeding { number type decision { ruling } beneficiary { name } }
} }"""


@dataclass
class Context:
    reader: CourtReader


@pytest.fixture
async def engine(sample: Path, statements: list[str]) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(f"sqlite+aiosqlite:///file:{sample}/constitutional_court.db?mode=ro&uri=true")

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    yield engine
    await engine.dispose()


async def ask(engine: AsyncEngine, query: str, role: str = "court_adviser", **variables: Any) -> Any:
    context = Context(CourtReader(engine, [role], date(2024, 7, 1)))
    return await schema.execute(query, variable_values=variables, context_value=context)


async def test_the_worked_proceeding_is_reached_by_any_spelling_of_its_number(engine: AsyncEngine) -> None:
    query = "query ($n: ID!) { constitutionalProceeding(number: $n) { number status vote { inFavour } } }"
    for spelling in (G_PROCEEDING, "99005-2023-AA/TC", "99005-2023-pa"):
        answer = await ask(engine, query, n=spelling)
        assert answer.data == {
            "constitutionalProceeding": {"number": G_PROCEEDING, "status": "RETURNED", "vote": {"inFavour": 2}}
        }


async def test_entities_of_both_types_come_back_in_the_order_asked(engine: AsyncEngine) -> None:
    these = [
        {"__typename": "ConstitutionalProceeding", "number": G_PROCEEDING},
        {"__typename": "Case", "number": G_CASE},
        {"__typename": "ConstitutionalProceeding", "number": "00001-1999-PA/TC"},
    ]
    answer = await ask(engine, ENTITIES, these=these)
    assert answer.errors is None
    proceeding, case, missing = answer.data["_entities"]
    assert proceeding["decision"] == {"ruling": "UPHELD_IN_PART"}
    assert proceeding["beneficiary"] == {"name": "N. P. W."}
    assert case["constitutionalProceedings"] == [
        {"number": G_PROCEEDING, "caseReference": {"asWritten": G_CASE, "normalised": G_CASE}}
    ]
    assert missing is None


async def test_statements_do_not_grow_with_the_entities(engine: AsyncEngine, statements: list[str]) -> None:
    costs = []
    for many in (2, 100):
        statements.clear()
        these = [{"__typename": "Case", "number": f"{99_000 + i}-2022-0-1801-JR-DC-04"} for i in range(many)]
        these += [{"__typename": "ConstitutionalProceeding", "number": f"{99_000 + i}-2023-PA/TC"} for i in range(many)]
        await ask(engine, ENTITIES, these=these)
        costs.append(len(statements))
    assert costs == [2, 2]


async def test_pages_follow_their_cursors(engine: AsyncEngine) -> None:
    query = """query ($after: String) { constitutionalProceedings(first: 5, after: $after) {
      totalCount nodes { number } pageInfo { hasNextPage endCursor } } }"""
    first = (await ask(engine, query)).data["constitutionalProceedings"]
    second = (await ask(engine, query, after=first["pageInfo"]["endCursor"])).data["constitutionalProceedings"]
    assert first["pageInfo"]["hasNextPage"]
    assert first["totalCount"] > 10
    assert not {node["number"] for node in first["nodes"]} & {node["number"] for node in second["nodes"]}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [("first: 0", "BAD_PAGE_SIZE"), ("first: 101", "BAD_PAGE_SIZE"), ('after: "what"', "BAD_CURSOR")],
)
async def test_a_page_that_cannot_be_is_refused_with_its_code(engine: AsyncEngine, arguments: str, code: str) -> None:
    answer = await ask(engine, f"{{ constitutionalProceedings({arguments}) {{ totalCount }} }}")
    assert [error.extensions["code"] for error in answer.errors] == [code]


async def test_documents_are_searched_only_by_those_who_see_them(engine: AsyncEngine) -> None:
    query = '{ constitutionalProceedings(filter: {plaintiffDocument: "20999990011"}) { totalCount } }'
    assert (await ask(engine, query)).data == {"constitutionalProceedings": {"totalCount": 1}}
    refused = await ask(engine, query, role="citizen_desk")
    assert refused.data == {"constitutionalProceedings": None}
    assert refused.errors[0].extensions["code"] == "FORBIDDEN"


async def test_the_list_narrows_by_status_and_type(engine: AsyncEngine) -> None:
    query = """{ constitutionalProceedings(filter: {type: AMPARO, status: RETURNED}, first: 100) {
      nodes { type status number } } }"""
    nodes = (await ask(engine, query)).data["constitutionalProceedings"]["nodes"]
    assert G_PROCEEDING in {node["number"] for node in nodes}
    assert {(node["type"], node["status"]) for node in nodes} == {("AMPARO", "RETURNED")}


async def test_arrivals_without_a_case_can_be_listed_since_a_day(engine: AsyncEngine) -> None:
    query = """{ constitutionalProceedings(filter: {unlinked: true, filedFrom: "2019-01-01"}) {
      nodes { filedAt caseReference { asWritten } } } }"""
    nodes = (await ask(engine, query)).data["constitutionalProceedings"]["nodes"]
    assert nodes
    assert all(node["caseReference"] is None and node["filedAt"] >= "2019" for node in nodes)


def test_every_type_and_field_says_its_spanish_term() -> None:
    types = schema._schema.type_map
    own = [t for name, t in types.items() if not name.startswith("_") and hasattr(t, "fields") and name != "Query"]
    undescribed = [t.name for t in own if not t.description]
    undescribed += [
        f"{t.name}.{name}" for t in [*own, types["Query"]] for name, field in t.fields.items()
        if not field.description and not name.startswith("_") and not re.match("__", t.name)
    ]  # fmt: skip
    assert undescribed == []
