"""The Judiciary's rows as records: found by index, decoded, in a number of statements that no case adds to."""

from collections.abc import AsyncIterator
from datetime import date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from subgraphs.judiciary import codes, part_records, people_records, records
from subgraphs.sample import worked_cases as worked
from subgraphs.sample.offices import build_institutions

G_CASE, G_INCIDENT = worked.G.cases[0], worked.G.incidents[0]


@pytest.fixture
async def connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    async with engine.connect() as connection:
        yield connection


async def test_the_worked_case_is_found_by_its_number_and_decoded(connection: AsyncConnection) -> None:
    case = (await records.by_numbers(connection, [G_CASE]))[G_CASE]
    assert (case.subject, case.state, case.filed_on) == ("PROCESO DE AMPARO", "E", date(2022, 2, 14))
    assert case.summary == "Demanda de amparo contra la disposición fiscal que suspende el régimen de visitas."
    assert case.judge_code == build_institutions().judges["1801", "JR", "DC", "04"]
    assert (case.file_as_written, case.proceeding_as_written) == (
        worked.G.prosecution_files[0],
        worked.G.proceedings[0],
    )
    assert (case.closed_on, case.incident_kind, case.due_on, case.reserved) == (None, None, None, False)
    assert case.court


async def test_its_incident_hangs_on_it_and_has_a_number_of_its_own(connection: AsyncConnection) -> None:
    case = (await records.by_numbers(connection, [G_CASE]))[G_CASE]
    [incident] = (await records.incidents(connection, [case.key[0]]))[case.key[0]]
    assert (incident.number, incident.incident_kind, incident.closed_on) == (G_INCIDENT, "CAU", date(2022, 5, 16))
    assert (await records.by_numbers(connection, [G_INCIDENT])) == {G_INCIDENT: incident}


async def test_its_parties_acts_and_hearings_come_in_order(connection: AsyncConnection) -> None:
    key = (await records.by_numbers(connection, [G_CASE]))[G_CASE].key
    father, office, child = (await people_records.parties_of(connection, [key[0]]))[key[0]]
    assert (father.name, father.document_type, father.document) == (
        "PEÑALUZ FICTICIO, MATEO ANDRÉS",
        "DNI",
        worked.G_FATHER_DOCUMENT,
    )
    assert (office.name, office.document) == ("SEGUNDA FISCALÍA PROVINCIAL DE FAMILIA DE LIMA (FICTICIA)", None)
    assert (child.born_text, child.reserved) == (worked.G_CHILD_BORN.replace("-", ""), True)
    acts = (await part_records.acts_of(connection, [key]))[key]
    assert [act.line for act in acts] == list(range(1, 8))
    assert [act.made_on for act in acts] == sorted(act.made_on for act in acts if act.made_on)
    assert (acts[2].kind, acts[2].outcome, acts[2].pages, len(acts[2].digest)) == ("SEN", "INF", 18, 64)
    hearing = (await part_records.hearings_of(connection, [key]))[key][0]
    assert hearing.held_at == datetime.fromisoformat("2022-06-15T09:00:00-05:00")
    assert codes.HearingKind(hearing.kind) is codes.HearingKind.SINGLE


async def test_the_enums_are_the_institutions_own_lists(connection: AsyncConnection) -> None:
    """But for the kinds of relation, which the schema does not show."""
    enums = {
        "EST": codes.CaseStatus, "ACT": codes.ActKind, "AUD": codes.HearingKind, "EAU": codes.HearingStatus,
        "INC": codes.IncidentKind, "PAR": codes.PartyRole, "REC": codes.AppealKind, "RES": codes.CaseOutcome,
    }  # fmt: skip
    rows = (await connection.execute(text("SELECT C_TABLA, C_CODIGO FROM TM_CODIGO WHERE C_TABLA <> 'REL'"))).all()
    assert {(list_, code.strip()) for list_, code in rows} == {
        (list_, value.value) for list_, enum in enums.items() for value in enum
    }


async def test_what_the_judiciary_does_not_have_is_absent(connection: AsyncConnection) -> None:
    missing = "99098-2021-0-1801-JR-DC-01"
    assert list(await records.by_numbers(connection, [missing, G_CASE])) == [G_CASE]
    assert await part_records.acts_of(connection, [(10**9, 0)]) == {}


async def test_unknown_dates_are_no_dates(connection: AsyncConnection) -> None:
    rows = await connection.execute(text("SELECT * FROM TB_EXPEDIENTE WHERE F_INGRESO = '19000101' AND L_ACTIVO = 'S'"))
    undated = rows.mappings().first()
    assert undated is not None
    number = "-".join(
        (
            undated["EXP_NRO"],
            undated["EXP_ANO"],
            str(undated["N_INCIDENTE"]),
            undated["EXP_DIST"],
            undated["EXP_ORG"],
            undated["EXP_ESP"],
            undated["EXP_JUZ"],
        )
    )
    assert (await records.by_numbers(connection, [number]))[number].filed_on is None
