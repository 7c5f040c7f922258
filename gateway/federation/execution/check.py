"""A subgraph's answer, held against what it was asked.

What can be used is kept; the rest gets an error of ours, written as the subgraph would have written it (a path in the
subgraph's own terms), so that one place maps errors to clients. A field left out is no null: null says that there is
nothing, and a client would believe it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gateway.federation.execution.asked import Asked, asked_by, keep_asked
from gateway.federation.execution.fetcher import SubgraphResponse
from gateway.federation.execution.project import runtime_types
from gateway.federation.planning.query_plan import FetchStep, QueryPlan

Errors = list[dict[str, Any]]


def checked_root(step: FetchStep, response: SubgraphResponse) -> tuple[dict[str, Any] | None, Errors]:
    """The data of a root fetch that can be merged, and the errors."""
    data, errors = response.data, list(response.errors)
    if data is None:
        return None, errors or [fault(step, "answered without data")]
    asked = asked_by(step.operation)
    keep_asked(data, asked)
    if not errors:
        errors = [fault(step, "left out what it was asked for", [key]) for key in asked.missing(data)]
    return data, errors


def checked_entities(
    plan: QueryPlan, step: FetchStep, response: SubgraphResponse, sent: Mapping[str, Sequence[Mapping[str, Any]]]
) -> tuple[dict[str, list[dict[str, Any] | None]], Errors]:
    """By the keys of the step's `_entities` fields: the entities that can be merged, in the order of the
    representations sent; and the errors."""
    errors = list(response.errors)
    if response.data is None:
        return {}, errors or [fault(step, "answered without data")]
    explained = bool(errors)
    asked = asked_by(step.operation)
    keep_asked(response.data, asked)
    found = {}
    for key, given in sent.items():
        entities = response.data.get(key)
        if entities is None and explained:
            continue
        if not isinstance(entities, list) or len(entities) != len(given):
            errors.append(fault(step, "answered for other entities than it was asked for"))
            continue
        below = asked.below(key)
        assert below is not None  # noqa: S101 - it is a field of the step's operation
        errors += [_misplaced(key, error) for error in _mend(plan, step, entities, given, below, explained)]
        found[key] = entities
    return found, errors


def _misplaced(key: str, error: dict[str, Any]) -> dict[str, Any]:
    return {**error, "path": [key, *error["path"]]}


def _mend(
    plan: QueryPlan,
    step: FetchStep,
    entities: list[dict[str, Any] | None],
    sent: Sequence[Mapping[str, Any]],
    asked: Asked,
    explained: bool,
) -> Iterator[dict[str, Any]]:
    """Sets to null, in place, what is no entity of the type asked for; yields the errors, by index."""
    for index, (entity, given) in enumerate(zip(entities, sent, strict=True)):
        if entity is None:
            continue
        if not _is_of_type(plan, entity, given["__typename"]):
            entities[index] = None
            yield fault(step, "answered for another entity than it was asked for", [index])
        elif not explained and asked.missing(entity, given["__typename"]):
            yield fault(step, "left out what it was asked for", [index])


def _is_of_type(plan: QueryPlan, entity: object, typename: str | None) -> bool:
    """Whether it is an object of the type that was asked for. An interface is answered by any of its types."""
    if not isinstance(entity, dict):
        return False
    given = entity.get("__typename", typename)
    return given == typename or (isinstance(given, str) and typename not in runtime_types(plan))


def fault(step: FetchStep, what: str, path: list[str | int] | None = None) -> dict[str, Any]:
    """An error of ours about an answer."""
    error = {"message": f"{step.subgraph} {what}.", "extensions": {"code": "SUBGRAPH_BAD_RESPONSE"}}
    return {**error, "path": path} if path else error
