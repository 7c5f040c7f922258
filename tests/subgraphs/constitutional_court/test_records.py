# ruff: noqa: S608 - a query of our own over invented data
"""The Court's reads: by number, by case, in pages; one statement each, however many are asked for."""

import json
from datetime import date
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.constitutional_court.records import ProceedingFilter, by_cases, by_numbers, count, page
from subgraphs.sample import worked_cases as worked

G_CASE, G_PROCEEDING = worked.G.cases[0], worked.G.proceedings[0]
ALL = ProceedingFilter(include_reserved=True)


async def test_the_worked_proceeding_is_read_decoded_and_named(connection: AsyncConnection) -> None:
    record = (await by_numbers(connection, [G_PROCEEDING]))[G_PROCEEDING]
    assert record.plaintiff == "PEÑALUZ FICTICIO, MATEO ANDRÉS"
    assert (record.ruling, record.votes_in_favour, record.votes_against) == ("FUNDADA EN PARTE", 2, 1)
    assert record.reporting_judge == "SOTOMANSO CARHUASOL, INÉS"
    assert record.filed_at.isoformat() == "2023-01-20T09:20:00-05:00"
    assert (record.origin_as_written, record.origin) == (G_CASE, G_CASE)


async def test_a_proceeding_printed_with_the_older_code_is_found_by_the_newer(connection: AsyncConnection) -> None:
    record = (await by_numbers(connection, ["99010-2023-PA/TC"]))["99010-2023-PA/TC"]
    assert record.as_printed == "99010-2023-AA/TC"
    assert record.type == "PA"


async def test_a_case_finds_its_proceedings_and_a_complaint(connection: AsyncConnection) -> None:
    found = await by_cases(connection, [G_CASE, worked.E.cases[0]])
    assert [record.number for record in found[G_CASE]] == [G_PROCEEDING]
    assert [record.number for record in found[worked.E.cases[0]]] == ["99003-2024-Q/TC", "99004-2024-PHD/TC"]


async def test_every_recoverable_link_of_the_truth_is_found_and_no_other(
    connection: AsyncConnection, sample: Path
) -> None:
    links = [
        link
        for link in json.loads((sample / "truth.json").read_text(encoding="utf-8"))["links"]
        if link["citing"] == "TC" and link["cited"] == "PJ" and link["target"]
    ]
    main_files = {
        link["number"]: "-".join((*link["target"].split("-")[:2], "0", *link["target"].split("-")[3:]))
        for link in links
    }
    found = await by_cases(connection, sorted(set(main_files.values())))
    pairs = {(record.number, case) for case, records in found.items() for record in records}
    expected = {(link["number"], main_files[link["number"]]) for link in links if link["recoverable"]}
    assert len(expected) > 30
    assert expected <= pairs
    assert len(pairs - expected) <= 0.05 * len(expected)


async def test_a_hundred_numbers_and_cases_cost_one_statement_each(
    connection: AsyncConnection, statements: list[str]
) -> None:
    numbers = [f"{sequence:05d}-2023-PA/TC" for sequence in range(99_000, 99_100)]
    cases = [f"{sequence:05d}-2022-0-1801-JR-DC-04" for sequence in range(99_000, 99_100)]
    await by_numbers(connection, numbers)
    await by_cases(connection, cases)
    assert len(statements) == 2


async def test_links_and_numbers_are_looked_up_by_index(connection: AsyncConnection, statements: list[str]) -> None:
    for column, index in (("exp_origen", "ix_exp_origen"), ("nro_expediente", "ix_exp_numero")):
        plan = await connection.execute(
            text(f"EXPLAIN QUERY PLAN SELECT * FROM expedientes WHERE {column} IN ('a', 'b')")
        )
        assert index in str(plan.all())


async def test_pages_follow_one_another_without_gap_or_repetition(connection: AsyncConnection) -> None:
    seen: list[str] = []
    after = None
    while True:
        rows = await page(connection, ALL, 7, after)
        seen += [record.number for record in rows[:7]]
        if len(rows) <= 7:
            break
        after = (rows[6].filed_text, rows[6].row_id)
    assert len(seen) == len(set(seen)) == await count(connection, ALL)


async def test_filters_narrow_the_list(connection: AsyncConnection) -> None:
    old_and_new = await page(connection, ProceedingFilter(type="PA", include_reserved=True), 500, None)
    assert {record.as_printed.split("-")[2] for record in old_and_new} == {"PA/TC", "AA/TC"}
    in_2023 = ProceedingFilter(filed_from=date(2023, 1, 1), filed_to=date(2023, 12, 31))
    assert {record.filed_at.year for record in await page(connection, in_2023, 500, None)} == {2023}
    by_document = await page(connection, ProceedingFilter(plaintiff_document=worked.C_COMPANY_RUC), 10, None)
    assert [record.number for record in by_document] == list(worked.C.proceedings)


async def test_arrivals_without_a_case_leave_out_what_begins_at_the_court(connection: AsyncConnection) -> None:
    unlinked = await page(connection, ProceedingFilter(unlinked=True, include_reserved=True), 500, None)
    assert unlinked
    assert all(record.origin_as_written is None and record.type not in ("PI", "PCC") for record in unlinked)


async def test_reserved_proceedings_are_neither_listed_nor_counted_unless_asked_for(
    connection: AsyncConnection,
) -> None:
    everything, public = await count(connection, ALL), await count(connection, ProceedingFilter())
    listed = await page(connection, ProceedingFilter(), 500, None)
    assert public == len(listed) <= everything
    assert not any(record.reserved for record in listed)
