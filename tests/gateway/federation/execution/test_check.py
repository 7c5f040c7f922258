"""Entities of an interface, held against what was asked: the library has no subgraph that could be asked so."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.federation.execution.check import checked_entities
from gateway.federation.execution.fetcher import SubgraphResponse
from gateway.federation.planning.query_plan import FetchStep, ProjectedSelection, QueryPlan

OPERATION = (
    "query($representations:[_Any!]!){_entities(representations:$representations)"
    "{...on Item{__typename weight} ...on Book{pages @include(if:$deep)}}}"
)
STEP = FetchStep(1, "stock", "query", OPERATION, None, ())
PLAN = QueryPlan("query", "Query", (STEP,), ProjectedSelection({"Query": (), "Book": (), "Disc": ()}, None))
BOOK, DISC = {"__typename": "Book", "weight": 3}, {"__typename": "Disc", "weight": 3}


def checked(entity: Any, sent: str) -> tuple[Any, list[dict[str, Any]]]:
    response = SubgraphResponse({"_entities": [entity]})
    found, errors = checked_entities(PLAN, STEP, response, {"_entities": [{"__typename": sent, "isbn": "1"}]})
    return found["_entities"][0], errors


@pytest.mark.parametrize(("entity", "sent"), [(BOOK, "Book"), (BOOK, "Item"), (DISC, "Item"), (None, "Book")])
def test_an_entity_of_the_type_asked_for_is_kept_and_an_interface_is_any_of_its_types(entity: Any, sent: str) -> None:
    assert checked(entity and dict(entity), sent) == (entity, [])


@pytest.mark.parametrize("entity", [DISC, {**BOOK, "__typename": None}, {**BOOK, "__typename": ["Book"]}, "Book", 1])
def test_an_entity_of_another_type_is_an_error_at_its_index(entity: Any) -> None:
    kept, [error] = checked(entity, "Book")
    assert kept is None
    assert (error["path"], error["extensions"]["code"]) == (["_entities", 0], "SUBGRAPH_BAD_RESPONSE")


def test_what_a_condition_may_leave_out_is_not_missed() -> None:
    assert checked(dict(BOOK), "Book")[1] == []
    assert len(checked({"__typename": "Item"}, "Item")[1]) == 1, "the weight has no condition"
