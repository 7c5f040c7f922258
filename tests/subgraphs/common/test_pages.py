"""Cursors come back as the position they were made of, and nothing else is taken for one."""

import base64

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from subgraphs.common.pages import cursor, number, position

PARTS = st.lists(st.text(st.characters(exclude_characters="|", exclude_categories=["Cs"])), min_size=1, max_size=3)


@given(PARTS)
def test_a_cursor_gives_back_its_parts(parts: list[str]) -> None:
    assert position("case", cursor("case", *parts), len(parts)) == parts


@given(st.text())
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(GraphQLError) as refused:
        position("case", text, 1)
    assert refused.value.extensions == {"code": "BAD_CURSOR"}


@pytest.mark.parametrize("text", [cursor("party", "1"), cursor("case", "1", "2"), cursor("case")])
def test_a_cursor_of_another_list_or_length_is_refused(text: str) -> None:
    with pytest.raises(GraphQLError, match="not a cursor of this list"):
        position("case", text, 1)


@pytest.mark.parametrize("part", ["", "-1", "1.5", "٣", "1 ", "9" * 19])
def test_a_row_is_a_plain_whole_number(part: str) -> None:
    forged = base64.urlsafe_b64encode(f"case|{part}".encode()).decode()
    with pytest.raises(GraphQLError, match="not a cursor"):
        number(position("case", forged, 1)[0])
