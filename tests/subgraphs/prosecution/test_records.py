# ruff: noqa: S608 - queries of our own over invented data
"""The prosecutors' reads: by number, by case, in pages; found by index, in statements that no key adds to."""

import json
import sqlite3
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from subgraphs.common.documents import DocumentNumber
from subgraphs.prosecution import records
from subgraphs.prosecution.records import FileFilter
from subgraphs.prosecution.reserve import sight_of
from subgraphs.prosecution.rows import day, moment
from subgraphs.sample import worked_cases as worked
from subgraphs.sample.offices import build_institutions

from .conftest import TODAY, Alter

G_CASE, G_FILE = worked.G.cases[0], worked.G.prosecution_files[0]
OFFICE = build_institutions().offices["1801", "02"]
PROSECUTOR, CITIZEN = sight_of(["prosecutor"], TODAY), sight_of(["citizen_desk"], TODAY)
IN_CHARGE = sight_of(["prosecutor"], TODAY, [("magistrate", "M99359")])
FILTERS = [
    FileFilter(),
    FileFilter(office=OFFICE.code),
    FileFilter(office=f"0{OFFICE.code}"),
    FileFilter(prosecutor=OFFICE.prosecutors[0]),
    FileFilter(stage="P"),
    FileFilter(kind="F"),
    FileFilter(offence="122B00"),
    FileFilter(party_document=DocumentNumber(worked.G_FATHER_DOCUMENT)),
    FileFilter(filed_from=date(2022, 1, 1), filed_to=date(2022, 12, 31)),
    FileFilter(unlinked=True),
]


async def test_the_worked_file_is_read_and_its_parts_are_named(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        (file,) = (await records.by_numbers(connection, [G_FILE], PROSECUTOR))[G_FILE]
        parties = (await records.parties_of(connection, [file.id], PROSECUTOR))[file.id]
        acts = (await records.dispositions_of(connection, [file.id], PROSECUTOR))[file.id]
        opinions = (await records.opinions_of(connection, [file.id]))[file.id]
    assert (file.kind, file.stage, file.office.code, file.office.name) == ("F", "A", OFFICE.code, OFFICE.name)
    assert (file.reported_on, file.formalised_on, file.shelved_on) == (date(2021, 10, 4), None, date(2022, 1, 28))
    assert file.registered_at == datetime.fromisoformat("2021-10-04T10:15:00-05:00")
    assert (file.case_as_written, file.secret, file.investigation) == (G_CASE, False, False)
    assert [(party.name, party.document, party.minor) for party in parties] == [
        ("WAYRAPOMA INVENTADA, LUCÍA INÉS", worked.G_MOTHER_DOCUMENT, False),
        ("PEÑALUZ FICTICIO, MATEO ANDRÉS", worked.G_FATHER_DOCUMENT, False),
        ("PEÑALUZ WAYRAPOMA, NICOLÁS", worked.G_CHILD_DOCUMENT, True),
    ]
    assert [(act.line, act.kind) for act in acts] == [
        (1, "DISPOSICIÓN DE DILIGENCIAS"),
        (2, "MEDIDAS A FAVOR DEL MENOR"),
        (3, "ARCHIVO"),
    ]
    assert [(given.issued_on, given.opinion) for given in opinions] == [
        (date(2022, 10, 17), "Opina que se confirme la sentencia apelada.")
    ]


async def test_deleted_rows_are_not_read_except_to_strike_their_names(alter: Alter) -> None:
    engine = alter(
        "UPDATE tb_caso_parte SET flBorrado = '1' WHERE idCaso = 6 AND nuParte = 1",
        "UPDATE tb_disposicion SET flBorrado = '1' WHERE idCaso = 6 AND nuDisposicion = 2",
        "UPDATE tb_dictamen SET flBorrado = '1' WHERE idCaso = 6",
        "UPDATE tb_caso SET flBorrado = '1' WHERE idCaso = 21",
    )
    async with engine.connect() as connection:
        assert await records.by_numbers(connection, ["999014504-2022-99021-0"], PROSECUTOR) == {}
        assert [act.line for act in (await records.dispositions_of(connection, [6], PROSECUTOR))[6]] == [1, 3]
        assert await records.opinions_of(connection, [6]) == {}
        parties = (await records.parties_of(connection, [6], PROSECUTOR))[6]
        assert [party.deleted for party in parties] == [True, False, False]


@pytest.mark.parametrize(("number", "printed"), [("99024", "999014501"), ("99025", "0999014501")])
async def test_a_file_is_found_with_its_office_s_zero_or_without(
    engine: AsyncEngine, number: str, printed: str
) -> None:
    key = f"999014501-2022-{number}-0"
    async with engine.connect() as connection:
        (file,) = (await records.by_numbers(connection, [key], PROSECUTOR))[key]
    assert (file.number, file.as_printed) == (key, f"{printed}-2022-{number}-0")


async def test_every_recoverable_link_of_the_truth_is_found_and_no_other(engine: AsyncEngine, sample: Path) -> None:
    links = json.loads((sample / "truth.json").read_text(encoding="utf-8"))["links"]
    meant = {(link["number"], link["target"]) for link in links if link["citing"] == "MP" and link["recoverable"]}
    cases = main_files(sample / "judiciary.db")
    in_charge_of_all = sight_of(["prosecutor"], TODAY, [("magistrate", code) for code in all_prosecutors(sample)])
    pairs = set()
    async with engine.connect() as connection:
        for start in range(0, len(cases), 1_000):
            found = await records.by_cases(connection, cases[start : start + 1_000], in_charge_of_all)
            pairs |= {(file.number, case) for case, files in found.items() for file in files}
    assert len(meant) > 700
    assert meant - pairs == set()
    assert pairs - meant == set()


def all_prosecutors(sample: Path) -> list[str]:
    connection = sqlite3.connect(sample / "prosecution.db")
    codes = [code for (code,) in connection.execute("SELECT DISTINCT coFiscal FROM tb_caso")]
    connection.close()
    return codes


def main_files(judiciary: Path) -> list[str]:
    connection = sqlite3.connect(judiciary)
    rows = connection.execute(
        "SELECT EXP_NRO, EXP_ANO, '0', EXP_DIST, EXP_ORG, EXP_ESP, EXP_JUZ FROM TB_EXPEDIENTE WHERE N_INCIDENTE = 0"
    ).fetchall()
    connection.close()
    return ["-".join(row) for row in rows]


async def test_a_case_has_at_most_fifty_files_the_oldest_first(alter: Alter) -> None:
    row = f"coFiscalia, coFiscal, tiCaso, coEtapa, feDenuncia, '', '', '', '', '{G_CASE}', '0', '0', fhRegistro, '0'"
    copies = (f"SELECT {900_000 + i}, 'X{i}', {row} FROM tb_caso WHERE idCaso = 6" for i in range(50))
    engine = alter(*(f"INSERT INTO tb_caso {copy}" for copy in copies))
    async with engine.connect() as connection:
        files = (await records.by_cases(connection, [G_CASE], PROSECUTOR))[G_CASE]
    assert len(files) == 50
    assert files == sorted(files, key=lambda file: (file.registered_text, file.id))


@pytest.mark.parametrize("sight", [IN_CHARGE, PROSECUTOR, CITIZEN], ids=["in charge", "prosecutor", "citizen_desk"])
@pytest.mark.parametrize("wanted", FILTERS, ids=str)
async def test_pages_follow_one_another_and_agree_with_the_count(
    engine: AsyncEngine, wanted: FileFilter, sight: Any
) -> None:
    seen, after = [], None
    async with engine.connect() as connection:
        while True:
            found = await records.page(connection, wanted, 90, after, sight)
            seen += [(file.registered_text, file.id) for file in found[:90]]
            if len(found) <= 90:
                break
            after = seen[-1]
        assert await records.count(connection, wanted, sight) == len(seen)
    assert seen or sight is CITIZEN
    assert seen == sorted(set(seen), reverse=True)


async def test_filters_narrow_the_list(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        unlinked = await records.page(connection, FileFilter(unlinked=True), 500, None, PROSECUTOR)
        of_2022 = await records.page(connection, FILTERS[8], 2_000, None, PROSECUTOR)
        everything = await records.page(connection, FileFilter(), 5_000, None, PROSECUTOR)
    assert all(file.case_as_written is None and not file.investigation for file in unlinked)
    assert "999014502-2022-99030-0" in {file.number for file in unlinked}
    in_2022 = {file.number for file in everything if file.registered_text[:4] == "2022"}
    assert {file.number for file in of_2022} == in_2022


@pytest.mark.parametrize("sight", [IN_CHARGE, PROSECUTOR, CITIZEN], ids=["in charge", "prosecutor", "citizen_desk"])
async def test_a_thousand_keys_cost_as_many_statements_as_two_and_nothing_is_scanned(
    engine: AsyncEngine, statements: list[tuple[str, Any]], sight: Any
) -> None:
    costs: list[int] = []
    few: list[tuple[str, Any]] = []
    async with engine.connect() as connection:
        for many in (2, 1_000):
            statements.clear()
            await records.by_numbers(connection, [f"999014502-2022-{99_000 + i}-0" for i in range(many)], sight)
            await records.by_cases(connection, [f"{99_000 + i}-2022-0-1801-JR-DC-04" for i in range(many)], sight)
            ids = range(1_001, 1_001 + many)
            await records.parties_of(connection, ids, sight)
            await records.offences_of(connection, ids)
            await records.dispositions_of(connection, ids, sight)
            await records.opinions_of(connection, ids)
            await records.prosecutors_by_code(connection, [f"M{99_000 + i}" for i in range(many)])
            costs.append(len(statements))
            few = list(statements) if many == 2 else few
        assert costs == [7, 7]
        for statement, parameters in few:  # of a thousand keys a table as small as the sample's is read whole
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            assert not [step[3] for step in plan if step[3].startswith("SCAN")]


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (FileFilter(), "ix_caso_registro"),
        (FileFilter(kind="F"), "ix_caso_registro"),
        (FileFilter(offence="122B00"), "ix_caso_registro"),
        (FileFilter(office=OFFICE.code), "ix_caso_fiscalia"),
        (FileFilter(prosecutor=OFFICE.prosecutors[0]), "ix_caso_fiscal"),
        (FileFilter(stage="P"), "ix_caso_etapa"),
        (FILTERS[7], "ix_parte_documento"),
        (FILTERS[8], "ix_caso_registro"),
        (FileFilter(unlinked=True), "ix_caso_expediente"),
    ],
    ids=str,
)
async def test_a_page_is_read_by_an_index(
    engine: AsyncEngine, statements: list[tuple[str, Any]], wanted: FileFilter, index: str
) -> None:
    async with engine.connect() as connection:
        await records.page(connection, wanted, 20, ("2024-01-01 00:00:00", 5), CITIZEN)
        [(statement, parameters)] = statements
        plan = [step[3] for step in await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    assert any(index in step for step in plan), plan
    assert not [step for step in plan if step.startswith("SCAN") and "USING INDEX" not in step]


def test_dates_are_read_as_the_system_writes_them_and_nonsense_is_no_date() -> None:
    assert day("06/05/2024") == date(2024, 5, 6)
    assert [day(text) for text in ("", "31/02/2024", "2024-05-06", "06-05-2024", "6/5/2024", "x")] == [None] * 6
    assert str(moment("2024-05-06 10:15:00")) == "2024-05-06 10:15:00-05:00"
    assert moment("") is moment("ayer") is None
