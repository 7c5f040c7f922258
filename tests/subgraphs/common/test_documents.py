"""Documents: what is a key, what a clerk's zero cost, and what is refused."""

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from subgraphs.common.documents import DOCUMENT_NUMBER_SCALAR, canonical_document, document_spellings, document_type
from subgraphs.sample.people import dni_digit, with_ruc_digit

digits = st.text("0123456789", min_size=8, max_size=8)


@given(digits)
def test_a_dni_is_itself_with_or_without_its_check_character(dni: str) -> None:
    for written in (dni, f"{dni}-{dni_digit(dni)}", f" {dni}{dni_digit(dni)} "):
        assert canonical_document("DNI", written) == dni


@given(st.text("0123456789", min_size=8, max_size=8), st.integers(0, 9))
def test_a_ruc_is_one_only_with_its_check_digit(tail: str, digit: int) -> None:
    right = with_ruc_digit("20" + tail)
    written = right[:-1] + str(digit)
    assert (canonical_document("RUC", written) == written) is (written == right)


@pytest.mark.parametrize(
    ("type_", "written", "key"),
    [
        ("DNI", "9990001", "09990001"),
        ("DNI", "999", None),
        ("DNI", "", None),
        ("DNI", "9999000X", None),
        ("RUC", "20999990011", "20999990011"),
        ("RUC", "20999990012", None),
        ("CE", "999000001", "999000001"),
        ("CE", "9990000", None),
        (None, "99990001", None),
        ("TI", "99990001", None),
    ],
)
def test_what_can_be_a_key(type_: str | None, written: str, key: str | None) -> None:
    assert canonical_document(type_, written) == key


@pytest.mark.parametrize("key", ["09990001", "20999990011", "999000017", "A12345678"])
def test_a_key_is_read_as_itself_by_the_scalar(key: str) -> None:
    assert DOCUMENT_NUMBER_SCALAR.parse_value(key) == key  # type: ignore[union-attr,attr-defined]


@pytest.mark.parametrize("value", [99990001, "", "20999990012", "x", "99990001'--", None])
def test_the_scalar_refuses_what_is_no_document(value: object) -> None:
    with pytest.raises(GraphQLError) as refused:
        DOCUMENT_NUMBER_SCALAR.parse_value(value)  # type: ignore[union-attr,attr-defined]
    assert refused.value.extensions == {"code": "BAD_DOCUMENT_NUMBER"}


@pytest.mark.parametrize(
    ("written", "number", "type_"),
    [
        ("99990001", "99990001", "DNI"),
        ("99990001-7", "99990001", "DNI"),
        ("9990001", "09990001", "DNI"),
        ("20999990011", "20999990011", "RUC"),
        ("999000017", "999000017", "CE"),
        (" abc000001 ", "ABC000001", "CE"),
    ],
)
def test_a_number_tells_its_type_and_is_what_it_was_when_read_again(written: str, number: str, type_: str) -> None:
    parse = DOCUMENT_NUMBER_SCALAR.parse_value  # type: ignore[union-attr,attr-defined]
    assert parse(written) == parse(parse(written)) == number
    assert document_type(number) == type_
    assert canonical_document(type_, number) == number


@given(digits, st.sampled_from("0123456789ABCDEFGHIJK"), st.sampled_from(["", "-"]))
def test_a_document_stands_in_a_spelling_that_leads_back_to_it(dni: str, check: str, hyphen: str) -> None:
    spellings = document_spellings(dni)
    assert {canonical_document("DNI", spelling) for spelling in spellings} == {dni}
    assert f"{dni}{hyphen}{check}" in spellings
    assert len(spellings) <= 45
    if dni.startswith("0"):
        assert dni[1:] in spellings
