"""A query plan as JSON, for tools.

It says all that the steps do, so whoever reads it could run them. How the client's answer is cut out of what they
fetch is not in it: that follows from the client's own operation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gateway.federation.operation.selection import Conditions
from gateway.federation.planning.printer import depth_of
from gateway.federation.planning.query_plan import (
    ContextValue,
    Entities,
    EntityPlace,
    FetchStep,
    PathStep,
    QueryPlan,
    Representation,
    RepresentationField,
    RepresentationShape,
)


def plan_as_json(plan: QueryPlan) -> dict[str, Any]:
    """The plan as JSON values. `depth`: how many fetches come one after the other, at most."""
    return {
        "kind": plan.kind,
        "introspection": plan.introspection,
        "fetches": len(plan.steps),
        "depth": depth_of(plan),
        "steps": [_step(step) for step in plan.steps],
    }


def _step(step: FetchStep) -> dict[str, Any]:
    return {
        "id": step.id,
        "subgraph": step.subgraph,
        "kind": step.kind,
        "operation": step.operation,
        "operationName": step.operation_name,
        "variables": list(step.variables),
        "path": _path(step.path),
        "entities": [_entities(entities) for entities in step.entities],
        "apart": step.apart,
        "dependsOn": list(step.depends_on),
        "conditions": _conditions(step.conditions),
        "reason": step.reason,
    }


def _entities(entities: Entities) -> dict[str, Any]:
    places = [_place(place) for place in entities.places]
    return {"key": entities.key, "variable": entities.variable, "places": places}


def _place(place: EntityPlace) -> dict[str, Any]:
    return {
        "path": _path(place.path),
        "representations": [_representation(each) for each in place.representations],
        "computed": {key: sorted(inputs) for key, inputs in sorted(place.computed.items())},
        "contexts": [_context(each) for each in place.contexts],
        "conditions": _conditions(place.conditions),
    }


def _path(path: Sequence[PathStep]) -> list[dict[str, Any]]:
    return [{"key": step.key, "types": _names(step.types)} for step in path]


def _names(types: frozenset[str] | None) -> list[str] | None:
    return None if types is None else sorted(types)


def _representation(each: Representation) -> dict[str, Any]:
    return {"types": _names(each.types), "typename": each.typename, "shape": _shape(each.shape)}


def _context(each: ContextValue) -> dict[str, Any]:
    return {"variable": each.variable, "type": each.type, "above": each.above, "shape": _shape(each.shape)}


def _shape(shape: RepresentationShape) -> dict[str, Any]:
    return {
        "fields": [_field(field) for field in shape.fields],
        "byType": {name: [_field(field) for field in fields] for name, fields in sorted(shape.by_type.items())},
        "typename": shape.typename,
    }


def _field(field: RepresentationField) -> dict[str, Any]:
    return {
        "name": field.name,
        "storedAs": field.storage_key,
        "isKey": field.is_key,
        "nonNull": field.non_null,
        "shape": None if field.selection is None else _shape(field.selection),
    }


def _conditions(conditions: Conditions) -> list[dict[str, Any]]:
    return [{"variable": name, "is": value} for name, value in sorted(conditions)]
