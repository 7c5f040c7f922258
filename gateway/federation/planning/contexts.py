"""Contexts: from which ancestor an argument is filled (`@fromContext`), and what has to be known of it.

The nearest ancestor whose type sets the context counts, the object itself left out. A place tells its ancestors: the
search groups no types that set different contexts, so all objects of one place have their values from one other place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gateway.federation.operation.selection import ALWAYS, When
from gateway.federation.planning.storage import Position
from gateway.federation.supergraph.field_set import FieldSet, SetField, SetFragment
from gateway.federation.supergraph.model import ContextArgument, FieldInSubgraph, Supergraph

MAX_ALTERNATIVES = 8
"""Alternatives of conditions that are kept for a value; more, and it is fetched always."""


@dataclass(frozen=True, slots=True)
class ContextSource:
    """Where an argument's value lies: at `place`, of objects of the runtime types `types`. `selection` is what it takes
    of any ancestor with the context, `type` its own type."""

    place: Position
    types: tuple[str, ...]
    context: str
    selection: FieldSet
    type: str


Given = tuple[tuple[str, ContextSource], ...]
"""(argument, where its value lies) pairs."""


def given_at(place: Position, entry: FieldInSubgraph, supergraph: Supergraph) -> Given | None:
    """The arguments that a field of the objects at a place takes from contexts; None where one has no ancestor."""
    given = []
    for argument in entry.context_arguments:
        source = _nearest(place, argument, supergraph)
        if source is None:
            return None
        given.append((argument.name, source))
    return tuple(given)


def _nearest(place: Position, argument: ContextArgument, supergraph: Supergraph) -> ContextSource | None:
    below = place
    while (above := below.parent) is not None:
        types = sorted(below.types or supergraph.possible.get(above.type) or (above.type,))
        setting = [name for name in types if argument.context in supergraph.contexts.get(name, ())]
        if setting:
            if len(setting) < len(types):
                return None
            return ContextSource(above, tuple(types), argument.context, argument.selection, argument.type)
        below = above
    return None


def applicable(selection: FieldSet, type_name: str, supergraph: Supergraph) -> FieldSet:
    """What of a context's selection is for objects of one type."""
    found: list[SetField | SetFragment] = []
    for part in selection:
        if not isinstance(part, SetFragment):
            found.append(part)
        elif part.type_condition == type_name or type_name in supergraph.possible.get(part.type_condition, ()):
            found.extend(part.selections)
    return tuple(found)


def all_hold(conditions: Iterable[When]) -> When:
    """The alternatives under which one of each holds."""
    found: When = (ALWAYS,)
    for when in conditions:
        if when:
            found = tuple(dict.fromkeys(one | other for one in found for other in when))
        if len(found) > MAX_ALTERNATIVES:
            return ()
    return () if ALWAYS in found else found
