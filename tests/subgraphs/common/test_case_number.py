"""A case's number: read as clerks write it, looked up in a bounded list of spellings."""

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from subgraphs.common.case_number import CASE_NUMBER_SCALAR, canonical_case, case_reference, case_spellings
from subgraphs.sample.numbers import CaseNumber, write_case

CASES = st.builds(
    CaseNumber,
    sequence=st.integers(1, 99_999),
    year=st.integers(1990, 2030),
    incident=st.integers(0, 9),
    district=st.sampled_from(["0401", "1801"]),
    organ=st.sampled_from(["JR", "JP", "SP"]),
    specialty=st.sampled_from(["CI", "DC", "FC"]),
    court=st.integers(1, 99).map("{:02d}".format),
)


@pytest.mark.parametrize("damage", ["NONE", "UNPADDED", "LOST_INCIDENT", "LOWER_CASE", "WRONG_INCIDENT"])
def test_every_recoverable_citation_of_a_main_file_is_looked_up(damage: str) -> None:
    assert write_case(CaseNumber(991, 2022, 0, "0401", "JR", "CI", "05"), damage) in case_spellings(
        "00991-2022-0-0401-JR-CI-05"
    )


def test_an_incident_is_looked_up_by_itself_alone() -> None:
    assert all("-3-" in spelling for spelling in case_spellings("00991-2022-3-0401-JR-CI-05"))


def test_a_lost_incident_is_read_as_the_main_file() -> None:
    assert canonical_case("991-2022-401-jr-ci-5") == "00991-2022-0-0401-JR-CI-05"
    assert canonical_case("EXP. 991") is None


@given(CASES)
def test_the_canonical_form_is_its_own_and_every_spelling_of_an_incident_leads_back_to_it(case: CaseNumber) -> None:
    canonical = canonical_case(str(case))
    assert canonical == str(case)
    assert len(case_spellings(canonical)) <= 31
    if case.incident:
        assert {canonical_case(spelling) for spelling in case_spellings(canonical)} == {canonical}


@given(st.text().filter(lambda text: canonical_case(text) is None) | st.integers() | st.none())
def test_what_is_no_number_is_refused_with_its_code(value: object) -> None:
    with pytest.raises(GraphQLError) as refused:
        CASE_NUMBER_SCALAR.parse_value(value)
    assert refused.value.extensions == {"code": "BAD_CASE_NUMBER"}


def test_a_reference_keeps_what_was_typed_even_if_it_cannot_be_read() -> None:
    read, unread = case_reference("991-2022-0-401-JR-CI-5"), case_reference("EXP. 991")
    assert read is not None
    assert (read.as_written, read.normalised) == ("991-2022-0-401-JR-CI-5", "00991-2022-0-0401-JR-CI-05")
    assert unread is not None
    assert (unread.as_written, unread.normalised) == ("EXP. 991", None)
    assert case_reference("  ") is None
