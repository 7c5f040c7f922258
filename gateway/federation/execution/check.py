"""A subgraph's answer, held against what it was asked.

What can be used is kept; the rest gets an error of ours, written as the subgraph would have written it (a path in the
subgraph's own terms), so that one place maps errors to clients. A field left out is no null: null says that there is
nothing, and a client would believe it. Nor is a null that an error explains: it is taken out of the data, so that no
fetch is handed it as an input of `@requires`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from gateway.federation.execution.asked import Asked, asked_by, keep_asked, left_out
from gateway.federation.execution.fetcher import SubgraphResponse
from gateway.federation.execution.project import runtime_types
from gateway.federation.planning.query_plan import FetchStep, QueryPlan

Errors = list[dict[str, Any]]

LEFT_OUT = "left out what it was asked for"
MAX_LEFT_OUT = 20
"""Places that are named in one answer, or in one entity."""


def checked_root(step: FetchStep, response: SubgraphResponse) -> tuple[dict[str, Any] | None, Errors]:
    """The data of a root fetch that can be merged, and the errors."""
    data, errors = response.data, list(response.errors)
    if data is None:
        return None, errors or [fault(step, "answered without data")]
    asked = asked_by(step.operation)
    keep_asked(data, asked)
    _forget_failed(data, errors)
    if not errors:
        errors = [fault(step, LEFT_OUT, place) for place in islice(left_out(data, asked), MAX_LEFT_OUT)]
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
    _forget_failed(response.data, errors)
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


def _forget_failed(data: dict[str, Any], errors: Errors) -> None:
    """Takes out, in place, the fields that are null because they failed, or something in them did."""
    for error in errors:
        path = error.get("path")
        at: Any = data
        for step in path if isinstance(path, list) else ():
            if isinstance(at, dict) and isinstance(step, str) and step in at:
                if at[step] is None:
                    del at[step]
                    break
                at = at[step]
            elif isinstance(at, list) and type(step) is int and 0 <= step < len(at):
                at = at[step]
            else:
                break


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
        elif not explained:
            for place in islice(left_out(entity, asked, given["__typename"]), MAX_LEFT_OUT):
                yield fault(step, LEFT_OUT, [index, *place])


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
