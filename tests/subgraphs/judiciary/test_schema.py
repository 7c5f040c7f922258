"""The Judiciary's schema as the gateway uses it: the worked case, links both ways, masking, constant statements."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from subgraphs.common.database import counted, open_read_only
from subgraphs.judiciary.reader import JudiciaryReader
from subgraphs.judiciary.schema import JudiciaryContext, schema
from subgraphs.sample import worked_cases as worked
from subgraphs.sample.generate import generate

G_CASE = worked.G.cases[0]
ENTITIES = """query ($these: [_Any!]!) { _entities(representations: $these) {
  ... on Case { summary incidents { number summary } parties { totalCount nodes { name documentNumber } }
    acts { nodes { summary } } hearings { totalCount } }
  ... on ProsecutionFile { case { number } caseLink { match reciprocal conflicts } }
  ... on ConstitutionalProceeding { originCase { number } originLink { match reciprocal conflicts } } } }"""


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("judiciary_schema")
    generate(folder, 300, seed=5)
    return folder / "judiciary.db"


@pytest.fixture
async def engine(database: Path) -> AsyncIterator[AsyncEngine]:
    engine = open_read_only(database)
    yield engine
    await engine.dispose()


async def ask(engine: AsyncEngine, query: str, role: str = "judge", **variables: Any) -> Any:
    context = JudiciaryContext(JudiciaryReader(engine, [role], date(2024, 7, 1)))
    return await schema.execute(query, variable_values=variables, context_value=context)


@pytest.mark.parametrize("spelling", [G_CASE, "99006-2022-1801-JR-DC-04", "99006-2022-0-1801-jr-dc-4"])
async def test_the_worked_case_is_reached_by_any_spelling(engine: AsyncEngine, spelling: str) -> None:
    query = """query ($n: CaseNumber!) { case(number: $n) { number status court { code } filedOn
      incidents { number } acts(kind: JUDGMENT, last: 1) { totalCount nodes { outcome } } } }"""
    answer = await ask(engine, query, n=spelling)
    assert answer.errors is None
    assert answer.data["case"] == {
        "number": G_CASE,
        "status": "IN_EXECUTION",
        "court": {"code": "1801-JR-DC-04"},
        "filedOn": "2022-02-14",
        "incidents": [{"number": worked.G.incidents[0]}],
        "acts": {"totalCount": 2, "nodes": [{"outcome": "CNF"}]},
    }


@pytest.mark.parametrize(
    ("written", "match"),
    [(G_CASE, "EXACT"), ("99006-2022-1-1801-JR-DC-04", "NORMALISED"), ("99098-2021-0-1801-JR-DC-01", "BROKEN")],
)
async def test_both_institutions_are_led_to_the_main_file(engine: AsyncEngine, written: str, match: str) -> None:
    reference = {"asWritten": written, "normalised": None}
    these = [
        {"__typename": "ProsecutionFile", "number": worked.G.prosecution_files[0], "caseReference": reference},
        {"__typename": "ConstitutionalProceeding", "number": worked.G.proceedings[0], "caseReference": reference},
    ]
    answer = await ask(engine, ENTITIES, these=these)
    assert answer.errors is None
    file, proceeding = answer.data["_entities"]
    broken = match == "BROKEN"
    link = {"match": match, "reciprocal": None if broken else True, "conflicts": []}
    case = None if broken else {"number": G_CASE}
    assert (file, proceeding) == ({"case": case, "caseLink": link}, {"originCase": case, "originLink": link})


@pytest.mark.parametrize("role", ["judge", "prosecutor", "court_adviser", "auditor", "citizen_desk"])
async def test_the_child_is_never_named(engine: AsyncEngine, role: str) -> None:
    query = f'{{ case(number: "{G_CASE}") {{ summary parties {{ nodes {{ name documentNumber person {{ documentNumber }} minor }} }} }} }}'  # noqa: E501
    answer = await ask(engine, query, role)
    father, _, child = answer.data["case"]["parties"]["nodes"]
    assert child["minor"] is True
    assert (child["documentNumber"], child["person"]) == (None, None)
    assert "NICOLÁS" not in str(answer.data)
    assert (father["documentNumber"] is not None) is (role in ("judge", "prosecutor", "court_adviser"))


async def test_statements_do_not_grow_with_the_cases(engine: AsyncEngine) -> None:
    costs = []
    async with engine.connect() as connection:
        rows = await connection.exec_driver_sql(
            "SELECT EXP_NRO||'-'||EXP_ANO||'-0-'||EXP_DIST||'-'||EXP_ORG||'-'||EXP_ESP||'-'||EXP_JUZ"
            " FROM TB_EXPEDIENTE WHERE N_INCIDENTE = 0 AND L_ACTIVO = 'S' LIMIT 100"
        )
        numbers = [row[0] for row in rows]
    for many in (2, 100):
        with counted(engine) as count:
            answer = await ask(engine, ENTITIES, these=[{"__typename": "Case", "number": n} for n in numbers[:many]])
        assert answer.errors is None
        costs.append(count.statements)
    assert costs[1] <= 8
    assert costs[1] - costs[0] <= 1


async def test_pages_put_together_are_the_whole_list(engine: AsyncEngine) -> None:
    query = """query ($n: CaseNumber!, $after: String) { case(number: $n) {
      acts(first: 3, after: $after) { nodes { digest } pageInfo { hasNextPage endCursor } } } }"""
    after, seen = None, []
    for _ in range(3):
        page = (await ask(engine, query, n=G_CASE, after=after)).data["case"]["acts"]
        seen += [node["digest"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert len(seen) == len(set(seen)) == 7
    assert page["pageInfo"]["hasNextPage"] is False
