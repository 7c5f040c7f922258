"""Errors of subgraphs -> errors of the response.

A subgraph speaks of its own request: `["_entities", 3, "name"]`, in storage keys. The client hears of its own: every
place that representation 3 was made from, in response keys, list indices included. An error without an index goes to
the fetch's first place, once. Neither `_entities` nor an internal alias reaches the client, and of a subgraph's
extensions only the code does; `disclosure` decides on the words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.federation.errors import ClientError, PathElement
from gateway.federation.execution.disclosure import disclosed
from gateway.federation.execution.representations import Collected, objects_at, paths_of
from gateway.federation.planning.query_plan import (
    Composite,
    FetchStep,
    ListOf,
    NonNull,
    OutputShape,
    ProjectedSelection,
    QueryPlan,
)

MAX_PLACES = 20
"""Places that one error of a shared entity is reported at."""

Path = tuple[PathElement, ...]


@dataclass(frozen=True, slots=True)
class StepFailure:
    """Errors of one fetch, as the subgraph wrote them. `collected` is None for a root fetch."""

    step: FetchStep
    collected: Collected | None
    errors: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ErrorPaths:
    """Turns places in the merged data into the client's paths."""

    plan: QueryPlan
    data: dict[str, Any]

    def of_object(self, step: FetchStep, target: dict[str, Any]) -> Iterator[Path]:
        """The storage paths of an object that the step is for."""
        return paths_of(self.data, step.path, target)

    def as_client(self, stored: Sequence[PathElement]) -> Path:
        """A storage path in response keys; it ends where the client asked no further."""
        selection: ProjectedSelection | None = self.plan.projection
        value: Any = self.data
        path: list[PathElement] = []
        typename: str | None = self.plan.root_typename
        for element in stored:
            if isinstance(element, int):
                value = value[element] if isinstance(value, list) and element < len(value) else None
                path.append(element)
                continue
            if isinstance(value, dict):
                typename = value.get("__typename", typename)
            found = _response_key(selection, typename, element) if selection is not None else None
            if found is None:
                break
            key, selection, typename = found
            path.append(key)
            value = value.get(element) if isinstance(value, dict) else None
        return tuple(path)


def _response_key(
    selection: ProjectedSelection, typename: str | None, stored: PathElement
) -> tuple[str, ProjectedSelection | None, str | None] | None:
    fields = selection.by_type.get(typename or "")
    candidates = [fields] if fields is not None else list(selection.by_type.values())
    for group in candidates:
        for field in group:
            if field.storage_key == stored:
                shape: OutputShape = field.shape
                while isinstance(shape, NonNull | ListOf):
                    shape = shape.of
                if isinstance(shape, Composite):
                    return field.response_key, shape.selection, None if shape.is_abstract else shape.name
                return field.response_key, None, None
    return None


def translate(failure: StepFailure, paths: ErrorPaths) -> Iterator[ClientError]:
    """The client's errors for those of one fetch."""
    for raw in failure.errors:
        subgraph = failure.step.subgraph
        message, code = disclosed(raw) or (f"{subgraph} failed to answer this.", "SUBGRAPH_ERROR")
        for path in _places(failure, raw.get("path"), paths):
            yield ClientError(message, code, path, extensions={"service": subgraph})


def _places(failure: StepFailure, raw_path: object, paths: ErrorPaths) -> list[Path]:
    path = list(raw_path) if isinstance(raw_path, list) else []
    if failure.collected is None:
        targets = objects_at(paths.data, failure.step.path)
        rest = path
        if not path:
            return _whole_step(failure, paths, targets[:1])
    elif len(path) >= 2 and path[0] == "_entities" and _is_index(path[1], failure.collected):
        targets = failure.collected.targets[path[1]]
        rest = path[2:]
    else:
        return _whole_step(failure, paths, failure.collected.targets[0][:1])
    found = [
        paths.as_client((*stored, *rest))
        for target in targets[:MAX_PLACES]
        for stored in paths.of_object(failure.step, target)
    ]
    return list(dict.fromkeys(found))[:MAX_PLACES] or [()]


def _is_index(value: object, collected: Collected) -> bool:
    return type(value) is int and 0 <= value < len(collected.targets)


def _whole_step(failure: StepFailure, paths: ErrorPaths, targets: list[dict[str, Any]]) -> list[Path]:
    """One place for an error that concerns the fetch as a whole: its first object, or its field if it is alone."""
    for target in targets:
        for stored in paths.of_object(failure.step, target):
            return [paths.as_client(stored)]
    return [()]
