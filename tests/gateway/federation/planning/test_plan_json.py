"""A plan as JSON says all that its steps do: the steps are read back out of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from federation_kit import LocalSubgraphs

from gateway.federation.engine import Engine
from gateway.federation.planning.plan_json import plan_as_json
from gateway.federation.planning.query_plan import (
    ContextValue,
    Entities,
    EntityPlace,
    FetchStep,
    PathStep,
    Representation,
    RepresentationField,
    RepresentationShape,
)
from gateway.federation.supergraph.read import read_supergraph

SUPERGRAPHS = Path(__file__).parents[3] / "fixtures" / "supergraphs"

CASES = {
    "a_requirement": ("library", "query Q { books { postage } }"),
    "conditions_and_variables": (
        "library",
        "query ($n: Int!, $a: Boolean!, $b: Boolean!) { books { loans(last: $n) @include(if: $a) { day } copies "
        "@skip(if: $b) } }",
    ),
    "abstract_places": ("library", "{ items { title ... on Book { copies loans { reader { loans { day } } } } } }"),
    "a_mutation": ("library", 'mutation { addBook(title: "x") { copies } lend(isbn: "1") { day } }'),
    "introspection": ("library", "{ __schema { queryType { name } } books { copies } }"),
    "contexts": ("tours", "{ offers { ... on Tour { price { shown } } ... on Rental { price { shown worded } } } }"),
    "several_fields_of_entities": (
        "hospital/join_v0.3",
        "{ patients { tablets gown drug { urgency } } washing { town } }",
    ),
}


@pytest.mark.parametrize(("supergraph", "query"), CASES.values(), ids=CASES)
def test_the_steps_are_whole(supergraph: str, query: str) -> None:
    graph = read_supergraph((SUPERGRAPHS / f"{supergraph}.graphql").read_text())
    plan = Engine(graph, LocalSubgraphs()).prepare(query).plan
    written = orjson.loads(orjson.dumps(plan_as_json(plan)))
    assert tuple(_step(step) for step in written["steps"]) == plan.steps
    assert (written["kind"], written["introspection"]) == (plan.kind, plan.introspection)
    assert written["fetches"] == len(plan.steps)


def test_the_depth_is_that_of_the_longest_way() -> None:
    graph = read_supergraph((SUPERGRAPHS / "tours.graphql").read_text())
    plan = Engine(graph, LocalSubgraphs()).prepare("{ region tours { price { fees { owed } } } }").plan
    assert plan_as_json(plan)["depth"] == 3


def _step(step: dict[str, Any]) -> FetchStep:
    entities = tuple(
        Entities(each["key"], each["variable"], tuple(_place(place) for place in each["places"]))
        for each in step["entities"]
    )
    return FetchStep(
        id=step["id"],
        subgraph=step["subgraph"],
        kind=step["kind"],
        operation=step["operation"],
        operation_name=step["operationName"],
        variables=tuple(step["variables"]),
        path=_path(step["path"]),
        entities=entities,
        with_contexts=any(place.contexts for each in entities for place in each.places),
        apart=step["apart"],
        depends_on=tuple(step["dependsOn"]),
        conditions=_conditions(step["conditions"]),
        reason=step["reason"],
    )


def _place(place: dict[str, Any]) -> EntityPlace:
    return EntityPlace(
        _path(place["path"]),
        tuple(
            Representation(_types(each["types"]), each["typename"], _shape(each["shape"]))
            for each in place["representations"]
        ),
        _conditions(place["conditions"]),
        {key: frozenset(inputs) for key, inputs in place["computed"].items()},
        tuple(
            ContextValue(each["variable"], each["type"], each["above"], _shape(each["shape"]))
            for each in place["contexts"]
        ),
    )


def _path(path: list[dict[str, Any]]) -> tuple[PathStep, ...]:
    return tuple(PathStep(step["key"], _types(step["types"])) for step in path)


def _types(names: list[str] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)


def _conditions(conditions: list[dict[str, Any]]) -> frozenset[tuple[str, bool]]:
    return frozenset((each["variable"], each["is"]) for each in conditions)


def _shape(shape: dict[str, Any]) -> RepresentationShape:
    by_type = {name: _fields(fields) for name, fields in shape["byType"].items()}
    return RepresentationShape(_fields(shape["fields"]), by_type, shape["typename"])


def _fields(fields: list[dict[str, Any]]) -> tuple[RepresentationField, ...]:
    return tuple(
        RepresentationField(
            each["name"],
            each["storedAs"],
            each["isKey"],
            each["nonNull"],
            None if each["shape"] is None else _shape(each["shape"]),
        )
        for each in fields
    )
