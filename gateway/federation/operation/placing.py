"""Where in the answer each response key stands.

A key stands where the first of its occurrences that holds is (GraphQL specification, CollectFields): in
`{ a @include(if: $v) b a }` that is before or after `b`. So a key may have several places, of which one holds at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gateway.federation.operation.selection import ALWAYS, Budget, Conditions, Selected, SelectedField, When

MAX_ALTERNATIVES = 16
"""Conditions of one place; a key with more of them keeps its first place whatever holds."""


def placed(selected: Selected, type_name: str) -> tuple[tuple[str, SelectedField, When], ...]:
    """(response key, field, when it stands here) in the order of the answer."""
    shown = dict(selected.shown(type_name))
    runs = _runs(selected.order(type_name))
    places: dict[str, list[When]] = {}
    for key, run in runs:
        places.setdefault(key, []).append(run)
    exclusive = {key: iter(_exclusive(shown[key].when, found, selected.scope.budget)) for key, found in places.items()}
    return tuple((key, shown[key], when) for key, _ in runs if (when := next(exclusive[key], None)) is not None)


def _runs(order: Iterable[tuple[str, Conditions]]) -> list[tuple[str, When]]:
    """Occurrences of one key that follow each other, taken together."""
    runs: list[tuple[str, When]] = []
    for key, when in order:
        if runs and runs[-1][0] == key:
            runs[-1] = (key, (*runs[-1][1], when))
        else:
            runs.append((key, (when,)))
    return runs


def _exclusive(whole: When, places: Sequence[When], budget: Budget) -> list[When | None]:
    """For each place, the conditions under which the key stands there and at none before; None: it never does."""
    if len(places) == 1 or ALWAYS in places[0]:
        return [whole]
    found: list[When | None] = []
    before: list[Conditions] = []
    for place in places:
        here = _without(place, before, budget)
        if here is None:
            return [whole]
        found.append(() if ALWAYS in here else here or None)
        before += place
    return found


def _without(place: When, before: Iterable[Conditions], budget: Budget) -> When | None:
    """The alternatives less what others cover already; None where they become too many."""
    left = dict.fromkeys(place)
    for covered in before:
        budget.spend(len(left))
        left = dict.fromkeys(
            each | {(name, not wanted)} for each in left for name, wanted in covered if (name, wanted) not in each
        )
        if len(left) > MAX_ALTERNATIVES:
            return None
    return tuple(left)
