"""Which subgraph a value came from, so that an error about it can name it."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.federation.execution.asked import Asked, asked_by
from gateway.federation.planning.query_plan import FetchStep, PathStep, QueryPlan


def origin(plan: QueryPlan, stored: Sequence[str]) -> str | None:
    """The subgraph that was asked for the value at a place, in storage keys without list indices. None if it was
    none or several."""
    subgraphs = {step.subgraph for step in plan.steps if _fetches(step, stored)}
    return subgraphs.pop() if len(subgraphs) == 1 else None


def _fetches(step: FetchStep, stored: Sequence[str]) -> bool:
    asked = asked_by(step.operation)
    if not step.entities:
        return _leads_to(asked, step.path, stored)
    return any(
        _leads_to(asked.below(entities.key), place.path, stored)
        for entities in step.entities
        for place in entities.places
    )


def _leads_to(asked: Asked | None, path: Sequence[PathStep], stored: Sequence[str]) -> bool:
    """Is the value at the place among what is asked of the objects at the path?"""
    above = [part.key for part in path]
    if above != list(stored[: len(above)]) or len(stored) == len(above):
        return False
    for key in stored[len(above) :]:
        if asked is None or key not in asked.keys:
            return False
        asked = asked.below(key)
    return True
