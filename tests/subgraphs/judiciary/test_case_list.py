"""The list of cases: what each filter finds and for whom, pages, counts, and the indexes that serve them."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from subgraphs.common.documents import DocumentNumber
from subgraphs.judiciary import list_records
from subgraphs.judiciary.list_records import CaseQuery, Scope
from subgraphs.judiciary.tables import metadata
from subgraphs.sample import worked_cases as worked

Ask = Callable[..., Awaitable[Any]]
ROLES = ("judge", "prosecutor", "court_adviser", "auditor", "citizen_desk")
G_CASE, B_CASE = worked.G.cases[0], worked.B.cases[0]
LIST = """query ($filter: CaseFilter, $first: Int! = 100, $after: String) {
  cases(filter: $filter, first: $first, after: $after) { totalCount
    nodes { number status filedOn reserved court { code district specialty } } pageInfo { hasNextPage endCursor } } }"""


async def listed(ask: Ask, role: str = "judge", **filter: Any) -> list[str]:
    """The numbers of a list of one page, whose count must agree."""
    answer = await ask(LIST, role, filter=filter)
    assert answer.errors is None
    page = answer.data["cases"]
    assert page["totalCount"] == len(page["nodes"]) or page["pageInfo"]["hasNextPage"]
    return [node["number"] for node in page["nodes"]]


async def test_the_list_is_of_main_files_newest_first_in_pages_without_gap_or_repetition(
    ask: Ask, judiciary: Path
) -> None:
    after, nodes, total = None, [], -1
    while after is not None or not nodes:
        page = (await ask(LIST, first=40, after=after)).data["cases"]
        nodes, total = nodes + page["nodes"], page["totalCount"]
        after = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else None
    with sqlite3.connect(judiciary) as connection:
        query = "SELECT count(*) FROM TB_EXPEDIENTE WHERE N_INCIDENTE = 0 AND L_ACTIVO = 'S'"
        assert len({node["number"] for node in nodes}) == len(nodes) == total == connection.execute(query).fetchone()[0]
    connection.close()
    filed = [node["filedOn"] for node in nodes]
    assert filed[:-1] == sorted(filed[:-1], reverse=True)
    assert filed[-1] is None


@pytest.mark.parametrize("role", ROLES)
async def test_a_reserved_case_is_listed_and_counted_for_judges_alone(ask: Ask, role: str) -> None:
    asked = [{}, {"numbers": [B_CASE]}, {"district": "1801", "specialty": "FT"}, {"court": "1801-JR-FT-05"}]
    for filter in asked:
        page = (await ask(LIST, role, filter=filter)).data["cases"]
        if role != "judge":
            assert not any(node["reserved"] for node in page["nodes"])
        if filter:
            assert (B_CASE in {node["number"] for node in page["nodes"]}) is (role == "judge")
            assert page["totalCount"] == len(page["nodes"])
    assert (await ask(f'{{ case(number: "{B_CASE}") {{ number }} }}', role)).data == {"case": {"number": B_CASE}}


async def test_each_filter_narrows_the_list(ask: Ask) -> None:
    court = (await ask(LIST, filter={"court": "1801-jr-dc-04"})).data["cases"]["nodes"]
    assert {node["court"]["code"] for node in court} == {"1801-JR-DC-04"}
    both = (await ask(LIST, filter={"district": "0401", "specialty": "CI"})).data["cases"]["nodes"]
    assert {(node["court"]["district"], node["court"]["specialty"]) for node in both} == {("0401", "CI")}
    alone = (await ask(LIST, filter={"district": "0401"})).data["cases"]["nodes"]
    assert {node["court"]["district"] for node in alone} == {"0401"}
    assert {node["number"] for node in both} < {node["number"] for node in alone}
    archived = (await ask(LIST, filter={"status": "ARCHIVED"})).data["cases"]["nodes"]
    assert {node["status"] for node in archived} == {"ARCHIVED"}
    year = (await ask(LIST, filter={"filedFrom": "2022-01-01", "filedTo": "2022-12-31"})).data["cases"]["nodes"]
    assert {node["filedOn"][:4] for node in year} == {"2022"}
    assert None not in [
        n["filedOn"] for n in (await ask(LIST, filter={"filedTo": "2018-12-31"})).data["cases"]["nodes"]
    ]


async def test_numbers_find_main_files_in_any_spelling_and_contradictions_find_nothing(ask: Ask) -> None:
    spelled = ["99006-2022-1801-jr-dc-4", G_CASE, worked.A.incidents[0], "99098-2021-0-1801-JR-DC-01"]
    assert await listed(ask, numbers=spelled) == [G_CASE]
    assert await listed(ask, numbers=[]) == []
    assert await listed(ask, numbers=[G_CASE], district="0401") == []
    assert await listed(ask, court="1801-JR-DC-04", district="0401") == []
    assert await listed(ask, district="9999") == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"filter": {"court": "1801"}}, "BAD_FILTER"),
        ({"filter": {"numbers": [G_CASE] * 101}}, "BAD_FILTER"),
        ({"first": 0}, "BAD_PAGE_SIZE"),
        ({"first": 101}, "BAD_PAGE_SIZE"),
        ({"after": "nonsense"}, "BAD_CURSOR"),
        ({"after": "Y2FzZXwyMDIyMDEwMXw5OTk5OTk5OTk5OTk5OTk5OTk5OTk="}, "BAD_CURSOR"),
        ({"filter": {"partyDocument": "20999990012"}}, "BAD_DOCUMENT_NUMBER"),
        ({"filter": {"numbers": ["what"]}}, "BAD_CASE_NUMBER"),
    ],
)
async def test_what_cannot_be_asked_is_refused_with_its_code(ask: Ask, arguments: dict[str, Any], code: str) -> None:
    answer = await ask(LIST, **arguments)
    assert [_code(error) for error in answer.errors] == [code]


def _code(error: Any) -> str:
    return (error.extensions or error.original_error.extensions)["code"]


@pytest.mark.parametrize("role", ROLES)
async def test_a_person_is_searched_by_those_who_see_documents(ask: Ask, role: str) -> None:
    answer = await ask(LIST, role, filter={"partyDocument": worked.C_COMPANY_RUC})
    if role in ("auditor", "citizen_desk"):
        assert answer.data == {"cases": None}
        assert answer.errors[0].extensions["code"] == "FORBIDDEN"
    else:
        assert [node["number"] for node in answer.data["cases"]["nodes"]] == list(worked.C.cases)


@pytest.mark.parametrize(
    ("document", "in_charge"),
    [
        ("99990021", [*reversed(worked.B.cases)]),  # the victim
        ("99990022", [*reversed(worked.B.cases)]),  # the accused in reserved cases
        ("99990023", []),  # the child who is a witness
        (worked.G_CHILD_DOCUMENT, []),
        ("99990104", ["99035-2023-0-1801-JR-FT-01"]),  # a victim of family violence in a case that is not reserved
    ],
)
async def test_who_is_masked_is_found_by_a_document_by_the_judge_in_charge_alone(
    ask: Ask, judiciary: Path, document: str, in_charge: list[str]
) -> None:
    found = set()
    for code in judges_of(judiciary):
        found.update(mine := await listed(ask, f"judge {code}", partyDocument=document))
        assert mine == [number for number in in_charge if (await judge_of(ask, number)) == code]
    assert found == set(in_charge)
    codes = judges_of(judiciary)
    for reader in ("judge", "judge M00000", "prosecutor", "court_adviser", *(f"prosecutor {code}" for code in codes)):
        assert await listed(ask, reader, partyDocument=document) == []


def judges_of(judiciary: Path) -> list[str]:
    with sqlite3.connect(judiciary) as connection:
        rows = connection.execute("SELECT DISTINCT C_JUEZ FROM TB_EXPEDIENTE WHERE N_UNICO < 60").fetchall()
    connection.close()
    return [code.strip() for (code,) in rows if code and code.strip()]


async def judge_of(ask: Ask, number: str) -> str:
    answer = await ask("query ($n: CaseNumber!) { case(number: $n) { judge { code } } }", n=number)
    return str(answer.data["case"]["judge"]["code"])


@pytest.mark.parametrize(
    "flag", ["TB_EXPEDIENTE SET L_VIOLFAM", "TB_EXPEDIENTE SET L_RESERVA", "TB_PARTE SET L_RESERVA"]
)
async def test_a_cuadernos_flag_keeps_its_parties_from_being_found(altered: Callable[..., Ask], flag: str) -> None:
    moved = "UPDATE TB_PARTE SET N_INCIDENTE = 1, L_VICTIMA = 'S' WHERE N_UNICO = 6 AND N_PARTE = 1"
    ask = altered(moved)
    assert await listed(ask, "prosecutor", partyDocument=worked.G_FATHER_DOCUMENT) == [G_CASE]
    ask = altered(moved, f"UPDATE {flag} = 'S' WHERE N_UNICO = 6 AND N_INCIDENTE = 1")
    assert await listed(ask, "prosecutor", partyDocument=worked.G_FATHER_DOCUMENT) == []
    assert await listed(ask, "judge", partyDocument=worked.G_FATHER_DOCUMENT) == []
    in_charge = f"judge {await judge_of(ask, G_CASE)}"
    assert await listed(ask, in_charge, partyDocument=worked.G_FATHER_DOCUMENT) == [G_CASE]


@pytest.mark.parametrize("stored", ["99990001", "99990001-7", "999900017", "99990001K      "])
async def test_a_document_is_found_however_it_stands(altered: Callable[..., Ask], stored: str) -> None:
    ask = altered(f"UPDATE TB_PARTE SET X_NRO_DOC = '{stored}' WHERE N_UNICO = 6 AND N_PARTE = 1")  # noqa: S608
    assert await listed(ask, partyDocument="99990001") == [G_CASE]
    assert await listed(ask, partyDocument="99990001-7") == [G_CASE]


async def test_a_count_stops_where_the_old_system_would_suffer(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_records, "COUNTED_TO", 50)
    assert (await ask("{ cases { totalCount } }")).data == {"cases": {"totalCount": 50}}


CONDITIONS: dict[str, Any] = {
    "numbers": (G_CASE,),
    "document": DocumentNumber(worked.G_FATHER_DOCUMENT),
    "state": "T",
    "filed_from": date(2022, 1, 1),
    "filed_to": date(2022, 12, 31),
}
COURTS = [(None, None, None, None), ("1801", None, None, None), (None, None, "DC", None), ("1801", None, "DC", None),
          ("1801", "JR", "DC", "04")]  # fmt: skip


async def test_every_combination_of_filters_is_read_by_an_index(engine: AsyncEngine) -> None:
    asked: list[tuple[str, Any]] = []
    event.listen(engine.sync_engine, "before_cursor_execute", lambda *a: asked.append((a[2], a[3])))
    chosen = [names for size in range(6) for names in itertools.combinations(CONDITIONS, size)]
    async with engine.connect() as connection:
        for names, court, reserved in itertools.product(chosen, COURTS, (True, False)):
            wanted = CaseQuery(**{name: CONDITIONS[name] for name in names}, court=court)
            scope = Scope(reserved, "20060701", frozenset({"M99058"}))
            asked.clear()
            await list_records.page(connection, wanted, scope, 20, None)
            await list_records.page(connection, wanted, scope, 20, ("20220401", 1))
            if wanted != CaseQuery():
                await list_records.count(connection, wanted, scope)
            for statement, parameters in asked.copy():
                plan = (await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)).all()
                assert [step[3] for step in plan if _walks_a_table(step[3])] == [], (wanted, statement)


def _walks_a_table(step: str) -> bool:
    """Whether the step reads all of a table of the institution's, by its name or by one that the statements give it."""
    verb, _, rest = step.partition(" ")
    return verb == "SCAN" and rest.split(" ")[0] in (*metadata.tables, "own", "main") and " USING " not in step
