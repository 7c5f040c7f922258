"""Ways under search: tails, the moves that link them, and the units that they answer.

A `Tail` is the end of one way: a value known in one subgraph, linked to the tail that it was reached from by a `Move`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.federation.operation.selection import SelectedField
from gateway.federation.planning.contexts import ContextSource, Given
from gateway.federation.planning.hops import Hop, Purpose, State
from gateway.federation.planning.storage import Position
from gateway.federation.supergraph.field_set import FieldSet

TYPENAME = SelectedField("__typename", (), "", (), frozenset(), None)
"""Asked where the runtime type matters and only an interface object is at hand."""


@dataclass(frozen=True, eq=False, slots=True)
class RootMove:
    """Into a subgraph's root type. `serial` separates the root fields of a mutation."""

    serial: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class FieldMove:
    """Along a field. `types` are the runtime types that the field is taken on; `entry_types` what the subgraph calls
    them."""

    field: SelectedField
    types: tuple[str, ...]
    entry_types: tuple[str, ...]
    storage_keys: tuple[str, ...]
    given: Given = ()
    """Arguments that are filled from contexts."""


@dataclass(frozen=True, eq=False, slots=True)
class HopMove:
    """Into another subgraph, as an entity (`hop.key`) or at the root. `requires` is gathered beside the key, `contexts`
    at places above."""

    hop: Hop
    types: tuple[str, ...]
    requires: FieldSet = ()
    contexts: tuple[ContextSource, ...] = ()


Move = RootMove | FieldMove | HopMove
HopKey = tuple[int, str, tuple[object, ...]]
"""Place, subgraph, and what is handed in beside the key."""


@dataclass(eq=False, slots=True)
class Tail:
    """The end of a way. `type` is the value's static type in the subgraph; `depth` counts sequential requests;
    `hops` names the fetches that the way needs."""

    subgraph: str
    type: str
    provided: FieldSet
    position: Position
    parent: Tail | None
    move: Move
    depth: int
    hops: frozenset[HopKey]
    made: dict[Any, Tail] = field(default_factory=dict)
    """Hops already made from here, so that equal ways are one."""
    state: State = field(init=False)

    def __post_init__(self) -> None:
        self.state = State(self.subgraph, self.type, self.provided, self.depth)


@dataclass(frozen=True, eq=False, slots=True)
class Unit:
    """A piece of the selection and the tails that can answer it. `whole`: with everything below it."""

    field: SelectedField
    alternatives: tuple[Tail, ...]
    whole: bool
    purpose: Purpose


def rank(tail: Tail) -> tuple[int, int, str, str]:
    """What orders ways: sequential requests, then requests."""
    return (tail.depth, len(tail.hops), tail.subgraph, tail.type)


def nearest(tails: Sequence[Tail]) -> list[Tail]:
    """The tails worth choosing from: those with the fewest sequential requests, and one more."""
    ordered = sorted(tails, key=rank)
    return [tail for tail in ordered if tail.depth <= ordered[0].depth + 1]
