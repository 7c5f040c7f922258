"""Custom scalars, which the library has none of: any JSON, as far as it can be written again."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from gateway.federation.execution.fetcher import nests_within
from gateway.federation.execution.project import MAX_CUSTOM_DEPTH, Projector
from gateway.federation.planning.query_plan import FetchStep, Leaf, ProjectedField, ProjectedSelection, QueryPlan

FIELD = ProjectedField("any", "any", "Query.any", Leaf.CUSTOM)
STEPS = (FetchStep(0, "stock", "query", "{any}", None, ()),)
PLAN = QueryPlan("query", "Query", STEPS, ProjectedSelection({"Query": (FIELD,)}, None))


def nested(depth: int) -> Any:
    return orjson.loads("[" * depth + "]" * depth)


@pytest.mark.parametrize("value", [3, "x", {"a": [1, {"b": None}]}, 2**53 + 1, nested(MAX_CUSTOM_DEPTH)])
def test_a_custom_scalar_is_any_json(value: Any) -> None:
    projector = Projector(PLAN, {}, frozenset())
    assert projector.root({"any": value}) == {"any": value}
    assert projector.errors == []


def test_a_custom_scalar_nested_too_deep_to_be_sent_is_null_with_an_error() -> None:
    projector = Projector(PLAN, {}, frozenset())
    assert projector.root({"any": nested(MAX_CUSTOM_DEPTH + 1)}) == {"any": None}
    [error] = projector.errors
    assert (error.code, error.path, error.extensions) == ("INVALID_SUBGRAPH_VALUE", ("any",), {"service": "stock"})


@pytest.mark.parametrize(("value", "depth"), [(1, 0), ([], 1), ({"a": 1}, 1), ([[], {"a": [1]}], 3)])
def test_depth_is_counted_in_lists_and_objects(value: Any, depth: int) -> None:
    assert nests_within(value, depth)
    assert depth == 0 or not nests_within(value, depth - 1)
