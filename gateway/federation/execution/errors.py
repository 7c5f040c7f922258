"""Errors of subgraphs -> errors of the response.

A subgraph speaks of its own request: `["_entities", 3, "name"]`, in storage keys. The client hears of its own: every
place that representation 3 was made from, in response keys, list indices included. An error without an index goes to
the fetch's first place; one of a root fetch, to each field that the fetch was for. Neither `_entities` nor an
internal alias reaches the client, and of a subgraph's extensions only the code does; `disclosure` decides on the words.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from gateway.federation.errors import ClientError
from gateway.federation.execution.asked import asked_by
from gateway.federation.execution.conditions import holds
from gateway.federation.execution.disclosure import disclosed
from gateway.federation.execution.project import composite_in
from gateway.federation.execution.representations import Collected, Place, objects_at, places_at, typename_of
from gateway.federation.planning.query_plan import (
    FetchStep,
    PathStep,
    ProjectedField,
    ProjectedSelection,
    QueryPlan,
)

log = logging.getLogger(__name__)

MAX_PLACES = 20
"""Places that one error of a shared entity is reported at."""


@dataclass(frozen=True, slots=True)
class StepFailure:
    """Errors of one fetch, as the subgraph wrote them. `collected`: what was asked of it, by the keys of its
    `_entities` fields; empty for a root fetch."""

    step: FetchStep
    collected: Mapping[str, Collected]
    errors: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ErrorPaths:
    """Turns places in the merged data into the client's paths."""

    plan: QueryPlan
    data: dict[str, Any]
    variables: Mapping[str, Any]
    _places: dict[int, dict[int, list[Place]]] = field(default_factory=dict)

    def of_objects(self, step: FetchStep, targets: Sequence[dict[str, Any]]) -> list[Place]:
        """Where objects that the step is for lie in the data, at most `MAX_PLACES`."""
        if step.id not in self._places:
            known: dict[int, list[Place]] = defaultdict(list)
            for path in dict.fromkeys(_paths(step)):
                for item, place in places_at(self.data, path):
                    if len(known[id(item)]) < MAX_PLACES:
                        known[id(item)].append(place)
            self._places[step.id] = known
        places = self._places[step.id]
        distinct = {id(target): None for target in targets}
        return [place for target in distinct for place in places.get(target, ())][:MAX_PLACES]

    def as_client(self, stored: Sequence[object]) -> list[Place]:
        """A place in response keys, once for each alias; it ends where the client asked, or the data goes, no
        further."""
        value: Any = self.data
        at: list[tuple[Place, ProjectedSelection | None]] = [((), self.plan.projection)]
        typename: str | None = self.plan.root_typename
        for element in stored:
            if type(element) is int:
                if element < 0 or not (value is None or (isinstance(value, list) and element < len(value))):
                    break
                value = value[element] if value is not None else None
                at = [((*path, element), selection) for path, selection in at]
                continue
            if isinstance(value, dict):
                typename = typename_of(value) or typename
            found = [(path, shown) for path, selection in at for shown in self._shown(selection, typename, element)]
            if not found:
                break
            below = [_below(shown) for _, shown in found]
            at = [((*path, shown.response_key), below[i][0]) for i, (path, shown) in enumerate(found)]
            typename = below[0][1]
            value = value.get(element) if isinstance(value, dict) else None
        return list(dict.fromkeys(path for path, _ in at))[:MAX_PLACES]

    def _shown(
        self, selection: ProjectedSelection | None, typename: str | None, stored: object
    ) -> Iterator[ProjectedField]:
        """The client's fields that show what is stored under a key."""
        if selection is None:
            return
        fields = selection.by_type.get(typename or "")
        for group in (fields,) if fields is not None else selection.by_type.values():
            for shown in group:
                if shown.storage_key == stored and holds(shown.when, self.variables):
                    yield shown


def _paths(step: FetchStep) -> list[tuple[PathStep, ...]]:
    if not step.entities:
        return [step.path]
    return [place.path for entities in step.entities for place in entities.places]


def _below(shown: ProjectedField) -> tuple[ProjectedSelection | None, str | None]:
    """What the client selected inside a field, and the runtime type if there is but one."""
    shape = composite_in(shown.shape)
    if shape is None:
        return None, None
    return shape.selection, None if shape.is_abstract else shape.name


def translate(failure: StepFailure, paths: ErrorPaths) -> Iterator[ClientError]:
    """The client's errors for those of one fetch."""
    subgraph = failure.step.subgraph
    logged = False
    for raw in failure.errors:
        words = disclosed(raw)
        if words is None and not logged:
            logged = True
            log.warning("subgraph %s failed, not in words for clients: %.2000r", subgraph, raw.get("message"))
        message, code = words or (f"{subgraph} failed to answer this.", "SUBGRAPH_ERROR")
        for path in _client_paths(failure, raw.get("path"), paths):
            yield ClientError(message, code, path, extensions={"service": subgraph})


def _client_paths(failure: StepFailure, raw_path: object, paths: ErrorPaths) -> list[Place]:
    path = raw_path if isinstance(raw_path, list) else []
    stored, rests = _concerned(failure, path, paths)
    found = [shown for place in stored for rest in rests for shown in paths.as_client((*place, *rest))]
    # A field of the fetch that the client skipped leads nowhere; the others say more.
    return [shown for shown in dict.fromkeys(found) if shown][:MAX_PLACES] or [()]


def _concerned(
    failure: StepFailure, path: list[object], paths: ErrorPaths
) -> tuple[list[Place], Sequence[Sequence[object]]]:
    """The objects that an error concerns, and what it concerns of each."""
    step, collected = failure.step, failure.collected
    if not collected:
        stored = paths.of_objects(step, objects_at(paths.data, step.path))
        return (stored, [path]) if path else (stored[:1], [[key] for key in sorted(asked_by(step.operation).keys)])
    asked = collected.get(path[0]) if path and isinstance(path[0], str) else None
    if asked is not None and len(path) >= 2 and _is_index(path[1], asked):
        return paths.of_objects(step, asked.targets[path[1]]), [path[2:]]
    of_all = [asked] if asked is not None else list(collected.values())
    first = [targets for each in of_all for targets in each.targets[:1]]
    return [place for targets in first for place in paths.of_objects(step, targets)[:1]], [[]]


def _is_index(value: object, collected: Collected) -> TypeGuard[int]:
    return type(value) is int and 0 <= value < len(collected.targets)
