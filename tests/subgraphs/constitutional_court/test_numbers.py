"""The Court's numbers: read in any spelling, looked up in a bounded list of them."""

import pytest

from subgraphs.constitutional_court.numbers import canonical_number, number_spellings
from subgraphs.sample.numbers import ProceedingNumber, write_proceeding


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


def test_the_list_of_spellings_is_bounded() -> None:
    assert len(number_spellings("00005-2023-PA/TC")) <= 12
