"""The Court's numbers: read in any spelling, looked up in a bounded list of them."""

import pytest

from subgraphs.constitutional_court.numbers import canonical_case, canonical_number, case_spellings, number_spellings
from subgraphs.sample.numbers import CaseNumber, ProceedingNumber, write_case, write_proceeding


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("01234-2023-PHC/TC", "01234-2023-PHC/TC"),
        ("1234-2023-HC/TC", "01234-2023-PHC/TC"),
        (" 01234-2023-aa ", "01234-2023-PA/TC"),
        ("00002-2021-CC/TC", "00002-2021-PCC/TC"),
        ("00031-2024-Q/TC", "00031-2024-Q/TC"),
        ("01234-2023-XX/TC", None),
        ("99006-2022-0-1801-JR-DC-04", None),
    ],
)
def test_a_number_is_read_in_any_spelling(text: str, number: str | None) -> None:
    assert canonical_number(text) == number


@pytest.mark.parametrize("damage", ["NONE", "OLD_CODE", "LOST_SUFFIX"])
def test_every_recoverable_spelling_of_a_proceeding_is_looked_up(damage: str) -> None:
    written = write_proceeding(ProceedingNumber(99005, 2023, "PA"), damage)
    assert written in number_spellings("99005-2023-PA/TC")
    assert canonical_number(written or "") == "99005-2023-PA/TC"


@pytest.mark.parametrize("damage", ["NONE", "UNPADDED", "LOST_INCIDENT", "LOWER_CASE", "WRONG_INCIDENT"])
def test_every_recoverable_citation_of_a_main_file_is_looked_up(damage: str) -> None:
    assert write_case(CaseNumber(991, 2022, 0, "0401", "JR", "CI", "05"), damage) in case_spellings(
        "00991-2022-0-0401-JR-CI-05"
    )


def test_an_incident_is_looked_up_by_itself_alone() -> None:
    assert all("-3-" in spelling for spelling in case_spellings("00991-2022-3-0401-JR-CI-05"))


def test_the_lists_of_spellings_are_bounded() -> None:
    assert len(number_spellings("00005-2023-PA/TC")) <= 12
    assert len(case_spellings("00991-2022-0-0401-JR-CI-05")) <= 31


def test_a_lost_incident_is_read_as_the_main_file() -> None:
    assert canonical_case("991-2022-401-jr-ci-5") == "00991-2022-0-0401-JR-CI-05"
    assert canonical_case("EXP. 991") is None
