"""Searches by a person's document say what they are for, and are limited for each reader."""

from __future__ import annotations

import pytest
from graphql import GraphQLError

from subgraphs.common.identity import Caller
from subgraphs.common.searches import MOST_READERS, PersonSearches

JUDGE = Caller("jueza", "PJ", ("judge",), "case_review", "99006-2022-0-1801-JR-DC-04")


def refused(searches: PersonSearches, caller: Caller = JUDGE) -> str | None:
    try:
        searches.count(caller)
    except GraphQLError as error:
        return str((error.extensions or {})["code"])
    return None


@pytest.mark.parametrize("reference", [None, ""])
def test_a_search_without_a_reference_is_refused(reference: str | None) -> None:
    caller = Caller("jueza", "PJ", ("judge",), "case_review", reference)
    assert refused(PersonSearches(), caller) == "PURPOSE_REFERENCE_REQUIRED"


def test_so_many_in_a_window_and_then_again() -> None:
    now = [0.0]
    searches = PersonSearches(most=3, window=60, clock=lambda: now[0])
    assert [refused(searches) for _ in range(5)] == [None, None, None, "RATE_LIMITED", "RATE_LIMITED"]
    other = Caller("juez", "PJ", ("judge",), "case_review", "x")
    assert refused(searches, other) is None
    now[0] = 59.5
    with pytest.raises(GraphQLError, match="in 1 s"):
        searches.count(JUDGE)
    now[0] = 60.0
    assert refused(searches) is None


def test_readers_are_not_remembered_without_end() -> None:
    searches = PersonSearches(most=1)
    for number in range(MOST_READERS + 10):
        searches.count(Caller(f"s{number}", "PJ", ("judge",), None, "x"))
    assert len(searches._made) == MOST_READERS
