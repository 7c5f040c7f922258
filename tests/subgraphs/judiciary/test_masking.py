# ruff: noqa: S608 - statements of our own over invented data
"""What the Judiciary shows of a case to each of the five roles: reserved cases, violence, children, free text."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from subgraphs.common.privacy import WITHHELD
from subgraphs.judiciary.tables import metadata
from subgraphs.sample import worked_cases as worked

Ask = Callable[..., Awaitable[Any]]
ROLES = ("judge", "prosecutor", "court_adviser", "auditor", "citizen_desk")
NOT_JUDGES = ROLES[1:]
WORK_ON_CASES = ROLES[:3]
G_CASE, G_INCIDENT, B_CASE = worked.G.cases[0], worked.G.incidents[0], worked.B.cases[0]
G_UNIQUE, B_UNIQUE = 6, 2
EVERYTHING = """query ($n: CaseNumber!) { case(number: $n) {
  number status subject court { code } filedOn reserved summary prosecutionFileReference
  constitutionalProceedingReference judge { judge { name } }
  parties { nodes { role name documentType documentNumber victim minor reserved person { documentNumber } } }
  acts { nodes { summary digest } } hearings { nodes { heldAt room } } appeals { nodes { against { summary } } }
  notices { nodes { casilla sentAt party { name documentNumber } act { summary } } }
  incidents { number summary } mainFile { number } relatedCases { number } } }"""


async def seen(ask: Ask, number: str, role: str) -> dict[str, Any]:
    answer = await ask(EVERYTHING, role, n=number)
    assert answer.errors is None
    return answer.data["case"]


def says(shown: object, *words: str) -> bool:
    text = json.dumps(shown, ensure_ascii=False).upper()
    return any(word in text for word in words)


@pytest.mark.parametrize("role", ROLES)
async def test_a_reserved_case_shows_that_it_exists_and_to_judges_alone_whom_it_is_about(ask: Ask, role: str) -> None:
    case = await seen(ask, B_CASE, role)
    assert (case["number"], case["status"], case["court"]["code"]) == (B_CASE, "IN_EXECUTION", "1801-JR-FT-05")
    assert (case["subject"], case["filedOn"], case["reserved"]) == (
        "VIOLENCIA FAMILIAR: MEDIDAS DE PROTECCIÓN", "2023-03-14", True,
    )  # fmt: skip
    if role == "judge":
        assert case["parties"]["nodes"][0]["name"] == "CHOQUELUNA INVENTADA, DELIA FLOR"
        return
    assert not says(case["parties"], "CHOQUELUNA", "BARRIOFINO", "DELIA", "SAÚL", "99990")
    assert all(party["name"].startswith("PARTE RESERVADA ") for party in case["parties"]["nodes"])
    assert (case["summary"], case["acts"]["nodes"][0]["summary"]) == (WITHHELD, WITHHELD)
    assert case["hearings"]["nodes"] == [{"heldAt": "2023-03-15T11:30:00-05:00", "room": WITHHELD}]


@pytest.mark.parametrize("role", ROLES)
async def test_nobody_gets_a_key_for_a_reserved_person_or_a_child(ask: Ask, role: str) -> None:
    for number in (B_CASE, G_CASE):
        for party in (await seen(ask, number, role))["parties"]["nodes"]:
            if number == B_CASE or party["reserved"] or party["minor"]:
                assert party["person"] is None
            if party["minor"]:
                assert (party["documentType"], party["documentNumber"]) == (None, None)


@pytest.mark.parametrize("role", ROLES)
async def test_a_victim_of_family_violence_has_a_pseudonym_where_the_case_itself_is_not_reserved(
    altered: Callable[..., Ask], role: str
) -> None:
    ask = altered(
        f"UPDATE TB_EXPEDIENTE SET L_RESERVA = 'N' WHERE N_UNICO = {B_UNIQUE}",
        f"UPDATE TB_PARTE SET L_RESERVA = 'N' WHERE N_UNICO = {B_UNIQUE}",
    )
    case = await seen(ask, B_CASE, role)
    victim, defendant, child = case["parties"]["nodes"]
    assert says(victim, "DELIA", "99990021") is (role == "judge")
    assert victim["person"] is None
    assert defendant["name"] == "BARRIOFINO FICTICIO, ABEL IVÁN"
    assert (defendant["documentNumber"] is not None) is (role in WORK_ON_CASES)
    assert (child["name"], child["minor"]) == ("S. B. C.", True)
    assert (case["hearings"]["nodes"][0]["room"] == WITHHELD) is (role != "judge")


@pytest.mark.parametrize("flag", ["L_RESERVA", "L_VIOLFAM"])
@pytest.mark.parametrize("role", NOT_JUDGES)
async def test_a_cuaderno_is_masked_by_the_flags_of_its_main_file(
    altered: Callable[..., Ask], flag: str, role: str
) -> None:
    ask = altered(
        f"UPDATE TB_EXPEDIENTE SET {flag} = 'S' WHERE N_UNICO = {G_UNIQUE} AND N_INCIDENTE = 0",
        f"UPDATE TB_PARTE SET L_VICTIMA = 'S' WHERE N_UNICO = {G_UNIQUE} AND N_PARTE = 1",
        *(
            f"UPDATE {table} SET X_SUMILLA = CAST('A favor de Mateo Andres Penaluz.' AS BLOB)"
            f" WHERE N_UNICO = {G_UNIQUE} AND N_INCIDENTE = 1"
            for table in ("TB_EXPEDIENTE", "TB_ACTO")
        ),
        f"INSERT INTO TB_PARTE SELECT N_UNICO, 1, N_PARTE, {_rest_of('TB_PARTE')} FROM TB_PARTE"
        f" WHERE N_UNICO = {G_UNIQUE} AND N_PARTE = 1",
        f"INSERT INTO TB_AUDIENCIA SELECT N_UNICO, 1, N_AUDIENCIA, {_rest_of('TB_AUDIENCIA')} FROM TB_AUDIENCIA"
        f" WHERE N_UNICO = {G_UNIQUE}",
    )  # fmt: skip
    cuaderno = await seen(ask, G_INCIDENT, role)
    assert not says(cuaderno, "MATEO", "PENALUZ", "PEÑALUZ", worked.G_FATHER_DOCUMENT)
    assert cuaderno["parties"]["nodes"][0]["name"].startswith("PARTE RESERVADA ")
    assert {hearing["room"] for hearing in cuaderno["hearings"]["nodes"]} == {WITHHELD}
    assert cuaderno["reserved"] is (flag == "L_RESERVA")
    assert says(await seen(ask, G_INCIDENT, "judge"), "MATEO")


def _rest_of(table: str) -> str:
    return ", ".join(column.name for column in list(metadata.tables[table].columns)[3:])


async def test_a_cuaderno_whose_main_file_is_missing_is_reserved(altered: Callable[..., Ask]) -> None:
    ask = altered(f"DELETE FROM TB_EXPEDIENTE WHERE N_UNICO = {G_UNIQUE} AND N_INCIDENTE = 0")
    assert (await seen(ask, G_INCIDENT, "auditor"))["summary"] == WITHHELD


@pytest.mark.parametrize("role", ROLES)
async def test_a_victims_name_is_struck_from_a_summary(ask: Ask, role: str) -> None:
    case = await seen(ask, "99035-2023-0-1801-JR-FT-01", role)
    if role == "judge":
        assert case["summary"] == "Medidas de protección a favor de URPIWASI INVENTADA, ZOILA."
    else:
        assert case["summary"] == "Medidas de protección a favor de …."
        assert not says(case, "URPIWASI", "ZOILA")


@pytest.mark.parametrize("role", ROLES)
async def test_a_deleted_partys_name_is_struck_too_and_the_party_is_gone(
    altered: Callable[..., Ask], role: str
) -> None:
    ask = altered(
        f"UPDATE TB_PARTE SET L_ACTIVO = 'N' WHERE N_UNICO = {G_UNIQUE} AND N_PARTE = 3",
        f"UPDATE TB_EXPEDIENTE SET X_SUMILLA = CAST('Visitas de Nicolas.' AS BLOB) WHERE N_UNICO = {G_UNIQUE}",
    )
    case = await seen(ask, G_CASE, role)
    assert case["summary"] == "Visitas de …."
    assert len(case["parties"]["nodes"]) == 2


@pytest.mark.parametrize(
    ("born", "minor"),
    [("20060701", False), ("20060702", True), ("20149999", True), ("00000000", True), ("19000101", True)],
)
async def test_a_child_is_one_until_eighteen_and_when_the_birth_cannot_be_read(
    altered: Callable[..., Ask], born: str, minor: bool
) -> None:
    ask = altered(f"UPDATE TB_PARTE SET F_NACIM = '{born}', L_RESERVA = 'N' WHERE N_UNICO = {G_UNIQUE} AND N_PARTE = 3")
    for role in ROLES:
        child = (await seen(ask, G_CASE, role))["parties"]["nodes"][2]
        assert (child["minor"], child["name"] == "N. P. W.") == (minor, minor)


async def test_a_pseudonym_is_the_same_within_a_case_and_another_in_the_next(ask: Ask) -> None:
    protection, penal = worked.B.cases
    here = await seen(ask, protection, "auditor")
    again = await seen(ask, protection, "citizen_desk")
    there = await seen(ask, penal, "auditor")
    names = [[party["name"] for party in case["parties"]["nodes"]] for case in (here, again, there)]
    assert names[0] == names[1]
    assert len({*names[0], *names[2]}) == 6


@pytest.mark.parametrize("role", ROLES)
async def test_what_clerks_noted_of_prosecutors_files_is_for_those_who_work_on_cases(ask: Ask, role: str) -> None:
    case = await seen(ask, G_CASE, role)
    works = role in WORK_ON_CASES
    assert case["prosecutionFileReference"] == (worked.G.prosecution_files[0] if works else None)
    assert case["constitutionalProceedingReference"] == worked.G.proceedings[0]
    assert says(case["notices"], 'CASILLA": "') is (role == "judge")
    assert all((notice["party"] is None) is (role != "judge") for notice in case["notices"]["nodes"])


@pytest.mark.parametrize("role", ROLES)
async def test_a_reserved_case_is_in_no_list_of_incidents_or_of_related_cases(
    altered: Callable[..., Ask], role: str
) -> None:
    ask = altered(f"UPDATE TB_EXPEDIENTE SET L_RESERVA = 'S' WHERE N_UNICO = {G_UNIQUE} AND N_INCIDENTE = 1")
    assert bool((await seen(ask, G_CASE, role))["incidents"]) is (role == "judge")
    assert bool((await seen(ask, B_CASE, role))["relatedCases"]) is (role == "judge")
    incident = await seen(ask, G_INCIDENT, role)
    assert (incident["mainFile"], incident["reserved"]) == ({"number": G_CASE}, True)
