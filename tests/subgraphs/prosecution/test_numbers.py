"""The prosecutors' numbers: read in any spelling that is looked up, and in no other."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from subgraphs.prosecution.numbers import canonical_number, canonical_office, file_key, number_spellings
from subgraphs.sample.numbers import FileNumber, write_file

offices = st.text("0123456789", min_size=9, max_size=9) | st.integers(10**9, 10**10 - 1).map(str)
numbers = st.builds(FileNumber, offices, st.integers(1990, 2030), st.integers(1, 999_999), st.integers(0, 999))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("999014502-2021-99006-0", "999014502-2021-99006-0"),
        ("0999014502-2021-99006-0", "999014502-2021-99006-0"),
        (" 999014502-2021-99006 ", "999014502-2021-99006-0"),
        ("0999014502-2021-099006", "999014502-2021-99006-0"),
        ("1506014501-2023-123-2", "1506014501-2023-123-2"),
        ("506014501-2023-00123-0", "506014501-2023-123-0"),
        ("0506014501-2023-123-0", "506014501-2023-123-0"),
        ("99014502-2021-99006-0", None),
        ("999014502-2021-99006-00", None),
        ("999014502-21-99006-0", None),
        ("٩٩٩٠١٤٥٠٢-2021-99006-0", None),
        ("99006-2022-0-1801-JR-DC-04", None),
        ("", None),
    ],
)
def test_a_number_is_read_in_any_usual_spelling(text: str, number: str | None) -> None:
    assert canonical_number(text) == number


@given(numbers, st.sampled_from(["NONE", "PADDED_OFFICE", "LOST_SUFFIX"]))
def test_every_recoverable_spelling_leads_to_the_number_and_is_looked_up(number: FileNumber, damage: str) -> None:
    if damage == "LOST_SUFFIX":
        number = number._replace(sub_sequence=0)
    written = write_file(number, damage if len(number.office) == 9 else "NONE") or ""
    canonical = canonical_number(written)
    assert canonical == str(number)
    assert written in number_spellings(canonical)


@given(numbers)
def test_the_spellings_are_few_and_each_leads_back_to_the_number(number: FileNumber) -> None:
    spellings = number_spellings(str(number))
    assert len(spellings) == len(set(spellings)) <= 12
    assert {canonical_number(spelling) for spelling in spellings} == {str(number)}


@example("000000000-0000-00")
@given(st.text(max_size=40) | st.from_regex(r"[0-9]{8,11}-[0-9]{4}-[0-9]{1,7}(-[0-9]{1,4})?", fullmatch=True))
def test_whatever_a_row_has_for_a_number_is_found_by_its_own_key(text: str) -> None:
    assert text.strip() in number_spellings(file_key(text))


def test_an_office_is_the_same_with_its_zero_or_without() -> None:
    assert canonical_office("0999014501") == canonical_office("999014501") == "999014501"
    assert canonical_office("4006014501") == "4006014501"
    assert canonical_office("05") == "05"
