"""What the Court shows to whom."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.common.privacy import WITHHELD, initials
from subgraphs.constitutional_court.masking import mask, sight_of
from subgraphs.constitutional_court.records import ProceedingRecord, by_numbers
from subgraphs.sample import worked_cases as worked

TODAY = date(2024, 7, 1)
NUMBER = worked.G.proceedings[0]


@pytest.fixture
async def record(connection: AsyncConnection) -> ProceedingRecord:
    return (await by_numbers(connection, [NUMBER]))[NUMBER]


@pytest.mark.parametrize("role", ["judge", "prosecutor", "court_adviser", "auditor", "citizen_desk", "unknown"])
def test_a_minor_is_initials_for_everyone(record: ProceedingRecord, role: str) -> None:
    named = replace(record, summary=f"Visitas de {record.beneficiary}, hijo del actor: NICOLÁS.")
    seen = mask(named, sight_of([role]), TODAY)
    assert seen.beneficiary == "N. P. W."
    assert seen.beneficiary_born is None
    assert "NICOLÁS" not in (seen.summary or "")
    assert "WAYRAPOMA" not in (seen.summary or "")


def test_a_minor_come_of_age_keeps_the_name(record: ProceedingRecord) -> None:
    assert mask(record, sight_of(["judge"]), date(2032, 9, 12)).beneficiary == record.beneficiary


@pytest.mark.parametrize(("role", "sees"), [("court_adviser", True), ("judge", True), ("citizen_desk", False)])
def test_documents_are_for_those_who_work_on_the_case(record: ProceedingRecord, role: str, sees: bool) -> None:
    seen = mask(record, sight_of([role]), TODAY)
    assert (seen.plaintiff_document is not None) is sees


@pytest.mark.parametrize("role", ["prosecutor", "auditor", "citizen_desk"])
def test_a_reserved_proceeding_gives_no_person_and_no_free_text(record: ProceedingRecord, role: str) -> None:
    seen = mask(replace(record, reserved=True), sight_of([role]), TODAY)
    assert "PEÑALUZ" not in str(seen)
    assert worked.G_FATHER_DOCUMENT not in str(seen)
    assert (seen.summary, seen.respondent) == (WITHHELD, WITHHELD)
    assert (seen.ruling, seen.chamber) == (record.ruling, record.chamber)


def test_a_pseudonym_is_stable_in_its_proceeding_and_different_in_another(record: ProceedingRecord) -> None:
    nobody = sight_of([])
    here = mask(replace(record, reserved=True), nobody, TODAY)
    there = mask(replace(record, reserved=True, number="99999-2023-PA/TC"), nobody, TODAY)
    assert here.plaintiff == mask(replace(record, reserved=True), nobody, TODAY).plaintiff
    assert here.plaintiff != there.plaintiff


def test_initials_of_a_company_like_name_do_not_fail() -> None:
    assert initials("PEÑALUZ WAYRAPOMA, NICOLÁS") == "N. P. W."
    assert initials("") == ""
