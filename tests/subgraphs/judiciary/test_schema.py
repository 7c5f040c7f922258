"""The Judiciary's schema as the gateway uses it: the worked cases, entities of every type, constant statements."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from subgraphs.sample import worked_cases as worked
from subgraphs.sample.offices import build_institutions

Ask = Callable[..., Awaitable[Any]]
G_CASE, G_INCIDENT = worked.G.cases[0], worked.G.incidents[0]
A_CASE, A_HABEAS = worked.A.cases
EVERYTHING = """query ($these: [_Any!]!) { _entities(representations: $these) {
  ... on Case { summary status judge { code judge { name condition active } } mainFile { number }
    incidents { number summary mainFile { number } } relatedCases { number summary parties { totalCount } }
    parties { totalCount nodes { name documentNumber person { documentNumber } } }
    acts { nodes { summary outcome judge { judge { name } } } } hearings { nodes { kind state } }
    appeals { nodes { kind against { summary } chamber { name } outcome } }
    notices { nodes { casilla sentAt party { name } act { date } } } cassations { number outcome } }
  ... on ProsecutionFile { case { number } caseLink { match reciprocal conflicts } }
  ... on ConstitutionalProceeding { originCase { number } originLink { match reciprocal conflicts } } } }"""


@pytest.mark.parametrize("spelling", [G_CASE, "99006-2022-1801-JR-DC-04", "99006-2022-0-1801-jr-dc-4"])
async def test_the_worked_case_is_reached_by_any_spelling(ask: Ask, spelling: str) -> None:
    query = """query ($n: CaseNumber!) { case(number: $n) { number status court { code } filedOn mainFile { number }
      incidents { number kind mainFile { number } } acts(kind: JUDGMENT, last: 1) {
        totalCount nodes { outcome } } } }"""
    answer = await ask(query, n=spelling)
    assert answer.errors is None
    assert answer.data["case"] == {
        "number": G_CASE,
        "status": "IN_EXECUTION",
        "court": {"code": "1801-JR-DC-04"},
        "filedOn": "2022-02-14",
        "mainFile": None,
        "incidents": [{"number": G_INCIDENT, "kind": "PRECAUTIONARY", "mainFile": {"number": G_CASE}}],
        "acts": {"totalCount": 2, "nodes": [{"outcome": "CONFIRMED"}]},
    }


async def test_its_appeals_and_notices_say_of_which_act_they_are(ask: Ask) -> None:
    query = """query ($n: CaseNumber!) { case(number: $n) {
      appeals { totalCount nodes { kind filedOn against { date kind } chamber { code name } outcome resolvedOn } }
      notices(first: 1) { totalCount nodes { casilla sentAt readAt act { date } party { role } } }
      hearings { nodes { kind heldAt state room } } } }"""
    case = (await ask(query, n=G_CASE)).data["case"]
    first, second = case["appeals"]["nodes"]
    chamber = {"code": "1801-SP-DC-01", "name": "1° SALA SUPERIOR DERECHO CONSTITUCIONAL DE LIMA"}
    assert first == {
        "kind": "APPEAL", "filedOn": "2022-08-16", "against": {"date": "2022-08-10", "kind": "JUDGMENT"},
        "chamber": chamber, "outcome": "CONFIRMED", "resolvedOn": "2022-12-05",
    }  # fmt: skip
    assert (second["kind"], second["chamber"], second["outcome"]) == ("CONSTITUTIONAL_GRIEVANCE", None, "GRANTED")
    [notice] = case["notices"]["nodes"]
    assert case["notices"]["totalCount"] == 3
    assert notice == {
        "casilla": "10043", "sentAt": "2022-08-11T16:05:00-05:00", "readAt": "2022-08-12T08:30:00-05:00",
        "act": {"date": "2022-08-10"}, "party": {"role": "PLAINTIFF"},
    }  # fmt: skip
    assert case["hearings"]["nodes"][1] == {
        "kind": "ORAL_ARGUMENT", "heldAt": "2022-11-14T10:15:00-05:00", "state": "HELD", "room": "SALA 1",
    }  # fmt: skip


async def test_a_judge_asks_for_the_detention_incidents_and_their_deadline(ask: Ask) -> None:
    query = """query ($n: CaseNumber!) { case(number: $n) {
      incidents(kind: DETENTION) { number kind dueOn } none: incidents(kind: APPEAL) { number } } }"""
    detention = {"number": worked.A.incidents[0], "kind": "DETENTION", "dueOn": "2023-05-15"}
    assert (await ask(query, n=A_CASE)).data == {"case": {"incidents": [detention], "none": []}}


async def test_related_cases_are_told_from_both_sides(ask: Ask) -> None:
    query = "query ($n: CaseNumber!) { case(number: $n) { relatedCases { number } } }"
    assert (await ask(query, n=A_CASE)).data == {"case": {"relatedCases": [{"number": A_HABEAS}]}}
    assert (await ask(query, n=A_HABEAS)).data == {"case": {"relatedCases": [{"number": A_CASE}]}}


async def test_a_cassation_has_the_supreme_courts_number(altered: Callable[..., Ask]) -> None:
    ask = altered("INSERT INTO TB_CASACION VALUES ('00046', '2022', 'TACNA               ', 6, CAST('SALA' AS BLOB),"
                  " '20220801', '00000000', 'FUN', 'S')")  # fmt: skip
    query = "query ($n: CaseNumber!) { case(number: $n) { cassations { number chamber filedOn resolvedOn outcome } } }"
    cassation = {"number": "46-2022-TACNA", "chamber": "SALA", "filedOn": "2022-08-01", "resolvedOn": None}
    assert (await ask(query, n=G_CASE)).data == {"case": {"cassations": [{**cassation, "outcome": "UPHELD"}]}}
    assert (await ask(query, n=G_INCIDENT)).data == {"case": {"cassations": []}}


async def test_a_case_and_its_acts_name_the_judge(ask: Ask) -> None:
    code = build_institutions().judges["1801", "JR", "DC", "04"]
    query = """query ($n: CaseNumber!) { case(number: $n) { judge { code judge { name condition active } }
      acts(first: 1) { nodes { judge { code } } } } }"""
    case = (await ask(query, n=G_CASE)).data["case"]
    assert case["judge"]["code"] == case["acts"]["nodes"][0]["judge"]["code"] == code
    assert (case["judge"]["judge"]["condition"], case["judge"]["judge"]["active"]) == ("TENURED", True)
    assert "," in case["judge"]["judge"]["name"]


async def test_a_code_outside_the_lists_is_null_and_the_case_is_answered(altered: Callable[..., Ask]) -> None:
    ask = altered(
        "UPDATE TB_EXPEDIENTE SET C_ESTADO = 'X' WHERE N_UNICO = 6",
        "UPDATE TB_AUDIENCIA SET C_TIPO_AUD = 'XXX' WHERE N_UNICO = 6",
    )
    query = "query ($n: CaseNumber!) { case(number: $n) { number status hearings { nodes { kind state } } } }"
    case = (await ask(query, n=G_CASE)).data["case"]
    assert (case["number"], case["status"]) == (G_CASE, None)
    assert case["hearings"]["nodes"][0] == {"kind": None, "state": "HELD"}


async def test_a_person_has_a_canonical_document_or_is_not_identified(ask: Ask) -> None:
    query = """query ($n: CaseNumber!) { case(number: $n) { parties(first: 1) { nodes {
      documentType documentNumber person { documentType documentNumber } } } } }"""
    company = (await ask(query, n=worked.C.cases[0])).data["case"]["parties"]["nodes"][0]
    assert company["person"] == {"documentType": "RUC", "documentNumber": worked.C_COMPANY_RUC}
    wrong_digit = (await ask(query, n="99027-2022-0-1801-JR-CO-01")).data["case"]["parties"]["nodes"][0]
    assert wrong_digit == {"documentType": "RUC", "documentNumber": None, "person": None}


async def test_one_batch_of_entities_of_every_type_is_answered_item_by_item(ask: Ask) -> None:
    query = """query ($these: [_Any!]!) { _entities(representations: $these) { __typename
      ... on Case { number } ... on ProsecutionFile { fileNumber: number } ... on Magistrate { code judge { active } }
      ... on Person { documentType documentNumber }
      ... on ConstitutionalProceeding { proceedingNumber: number } } }"""
    judge = build_institutions().judges["1801", "JR", "DC", "04"]
    these = [
        {"__typename": "Case", "number": "99006-2022-1801-jr-dc-4"},
        {"__typename": "ProsecutionFile", "number": "999014502-2021-99006-0"},
        {"__typename": "Magistrate", "code": judge},
        {"__typename": "Magistrate", "code": "M1"},
        {"__typename": "Person", "documentType": "CE", "documentNumber": "999000017"},
        {"__typename": "Person", "documentType": "DNI", "documentNumber": "9990001"},
        {"__typename": "Person", "documentType": "DNI", "documentNumber": "20999990011"},
        {"__typename": "Case", "number": "999014502-2021-99006-0"},
        {"__typename": "Case", "number": "99098-2021-0-1801-JR-DC-01"},
        {"__typename": "ConstitutionalProceeding", "number": "99005-2023-PA/TC"},
    ]
    answer = await ask(query, these=these)
    assert answer.data["_entities"] == [
        {"__typename": "Case", "number": G_CASE},
        {"__typename": "ProsecutionFile", "fileNumber": "999014502-2021-99006-0"},
        {"__typename": "Magistrate", "code": judge, "judge": {"active": True}},
        {"__typename": "Magistrate", "code": "M1", "judge": None},
        {"__typename": "Person", "documentType": "CE", "documentNumber": "999000017"},
        {"__typename": "Person", "documentType": "DNI", "documentNumber": "09990001"},
        None,
        None,
        None,
        {"__typename": "ConstitutionalProceeding", "proceedingNumber": "99005-2023-PA/TC"},
    ]
    assert [(error.path, (error.extensions or {})["code"]) for error in answer.errors] == [
        (["_entities", 6], "BAD_REPRESENTATION"),
        (["_entities", 7], "BAD_CASE_NUMBER"),
    ]


async def test_statements_do_not_grow_with_the_cases_and_none_walks_a_table(ask: Ask, engine: AsyncEngine) -> None:
    asked: list[tuple[str, Any]] = []
    async with engine.connect() as connection:
        rows = await connection.exec_driver_sql(
            "SELECT EXP_NRO||'-'||EXP_ANO||'-0-'||EXP_DIST||'-'||EXP_ORG||'-'||EXP_ESP||'-'||EXP_JUZ"
            " FROM TB_EXPEDIENTE WHERE N_INCIDENTE = 0 AND L_ACTIVO = 'S' ORDER BY N_UNICO LIMIT 100"
        )
        numbers = [row[0] for row in rows]
        event.listen(engine.sync_engine, "before_cursor_execute", lambda *a: asked.append((a[2], a[3])))
        costs = []
        for many in (10, 100):
            asked.clear()
            references = [{"asWritten": number, "normalised": number} for number in numbers[:many]]
            answer = await ask(EVERYTHING, these=[
                *({"__typename": "Case", "number": number} for number in numbers[:many]),
                *({"__typename": "ProsecutionFile", "number": "1", "caseReference": each} for each in references),
                *({"__typename": "ConstitutionalProceeding", "number": "1", "caseReference": r} for r in references),
            ])  # fmt: skip
            assert answer.errors is None
            costs.append(len(asked))
        # Some fifteen; a turn of the event loop may cut a batch in two, but one a case would be a hundred.
        assert max(costs) <= 30
        for statement, parameters in asked.copy():
            plan = (await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)).all()
            assert not [step[3] for step in plan if step[3].startswith("SCAN TB_")], statement


async def test_pages_put_together_are_the_whole_list(ask: Ask) -> None:
    query = """query ($n: CaseNumber!, $after: String) { case(number: $n) {
      acts(first: 3, after: $after) { nodes { digest } pageInfo { hasNextPage endCursor } } } }"""
    after, seen = None, []
    for _ in range(3):
        page = (await ask(query, n=G_CASE, after=after)).data["case"]["acts"]
        seen += [node["digest"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert len(seen) == len(set(seen)) == 7
    assert page["pageInfo"]["hasNextPage"] is False
