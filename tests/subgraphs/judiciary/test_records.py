"""The Judiciary's rows as records: found by index, decoded, in a number of statements that no case adds to."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from subgraphs.common.database import open_read_only
from subgraphs.judiciary import records
from subgraphs.sample import worked_cases as worked
from subgraphs.sample.generate import generate
from subgraphs.sample.offices import build_institutions

G_CASE, G_INCIDENT = worked.G.cases[0], worked.G.incidents[0]


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
    assert case.judge
    assert case.court


async def test_its_incident_hangs_on_it_and_has_a_number_of_its_own(connection: AsyncConnection) -> None:
    case = (await records.by_numbers(connection, [G_CASE]))[G_CASE]
    [incident] = (await records.incidents(connection, [case.key[0]]))[case.key[0]]
    assert (incident.number, incident.incident_kind, incident.closed_on) == (G_INCIDENT, "CAU", date(2022, 5, 16))
    assert (await records.by_numbers(connection, [G_INCIDENT])) == {G_INCIDENT: incident}


async def test_its_parties_acts_and_hearings_come_in_order(connection: AsyncConnection) -> None:
    key = (await records.by_numbers(connection, [G_CASE]))[G_CASE].key
    father, office, child = (await records.parties_of(connection, [key]))[key]
    assert (father.name, father.document_type, father.document) == (
        "PEÑALUZ FICTICIO, MATEO ANDRÉS",
        "DNI",
        worked.G_FATHER_DOCUMENT,
    )
    assert (office.name, office.document) == ("SEGUNDA FISCALÍA PROVINCIAL DE FAMILIA DE LIMA (FICTICIA)", None)
    assert (child.born, child.reserved) == (date.fromisoformat(worked.G_CHILD_BORN), True)
    acts = (await records.acts_of(connection, [key]))[key]
    assert [act.line for act in acts] == list(range(1, 8))
    assert [act.made_on for act in acts] == sorted(act.made_on for act in acts if act.made_on)
    assert (acts[2].kind, acts[2].outcome, acts[2].pages, len(acts[2].digest)) == ("SEN", "INF", 18, 64)
    hearing = (await records.hearings_of(connection, [key]))[key][0]
    assert hearing.held_at == datetime.fromisoformat("2022-06-15T09:00:00-05:00")
    assert (await records.meanings(connection, "AUD"))[hearing.kind] == "AUDIENCIA ÚNICA"


async def test_what_the_judiciary_does_not_have_is_absent(connection: AsyncConnection) -> None:
    missing = "99098-2021-0-1801-JR-DC-01"
    assert list(await records.by_numbers(connection, [missing, G_CASE])) == [G_CASE]
    assert await records.acts_of(connection, [(10**9, 0)]) == {}


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


async def test_a_hundred_cases_cost_as_many_statements_as_two_and_none_scans_a_table(
    engine: AsyncEngine, connection: AsyncConnection
) -> None:
    asked: list[tuple[str, object]] = []
    event.listen(engine.sync_engine, "before_cursor_execute", lambda *a: asked.append((a[2], a[3])))
    rows = await connection.execute(text("SELECT N_UNICO FROM TB_EXPEDIENTE WHERE N_INCIDENTE = 0 LIMIT 100"))
    unique = [row[0] for row in rows]
    assert len(unique) == 100
    costs = []
    for many in (2, 100):
        asked.clear()
        keys = [(case, 0) for case in unique[:many]]
        await records.by_numbers(connection, [f"{99_000 + i}-2022-0-1801-JR-DC-04" for i in range(many)])
        await records.incidents(connection, unique[:many])
        await records.parties_of(connection, keys)
        await records.acts_of(connection, keys)
        await records.hearings_of(connection, keys)
        costs.append(len(asked))
    assert costs == [5, 5]
    for statement, parameters in asked[:5]:
        plan = (await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)).all()  # type: ignore[arg-type]
        assert not [step[3] for step in plan if step[3].startswith("SCAN TB_")], statement
