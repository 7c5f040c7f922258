"""Hops: moves of an entity from the subgraph where it is known to others, by their keys.

`find_hops` finds them all in rounds. A round tries the keys that are still closed, opens those whose fields can be
gathered soonest from the subgraphs reached so far, and enters every subgraph that has one of them. So the way found to
a subgraph is one with the fewest sequential requests, and no state is visited twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from gateway.federation.supergraph.field_set import FieldSet
from gateway.federation.supergraph.model import Key

if TYPE_CHECKING:
    from gateway.federation.planning.space import Space


class Purpose(Enum):
    """Why a field is fetched."""

    SHOW = "show"
    """The client asked for it, or it is an input of `@requires`: the policy decides."""
    KEY = "key"
    """To move an entity: never shown, so the policy is not asked."""

    __hash__ = object.__hash__  # Enum's own is slow, and look-ups by purpose are what planning does most


@dataclass(frozen=True, slots=True)
class State:
    """An entity known in a subgraph. `owner` is its static type there."""

    subgraph: str
    owner: str
    provided: FieldSet
    depth: int


Passed = tuple[str, str, int]
"""A hop on the way of another: subgraph, owner, depth."""


@dataclass(frozen=True, slots=True)
class Hop:
    """A move of an entity into a subgraph.

    `key` is None for re-entry at the root. `depth` counts sequential requests from the start; `via` names the hops
    that must come before, because they supply the key.
    """

    subgraph: str
    owner: str
    key: Key | None
    depth: int
    via: frozenset[Passed]


Entrance = tuple[str, str, Key]
"""Subgraph, owner, and a key that the subgraph resolves."""


def entrances(space: Space, type_name: str) -> dict[tuple[str, FieldSet], list[Entrance]]:
    """The ways into subgraphs for an entity, by (owner, key fields)."""
    found: dict[tuple[str, FieldSet], list[Entrance]] = {}
    for owner in space.owners(type_name):
        for name, entry in sorted(space.supergraph.types[owner].subgraphs.items()):
            for key in entry.keys:
                if key.resolvable:
                    found.setdefault((owner, key.fields), []).append((name, owner, key))
    return found


def find_hops(space: Space, start: State, type_name: str) -> dict[tuple[str, str], Hop]:
    """Every hop from the state for an entity of the type, by (subgraph, owner), nearest first."""
    if type_name == space.supergraph.roots.get("query"):
        return {
            (name, type_name): Hop(name, type_name, None, 1, frozenset())
            for name in sorted(space.supergraph.types[type_name].subgraphs)
        }
    states, found = [start], dict[tuple[str, str], Hop]()
    closed = dict(space.entrances(type_name))
    while closed:
        tried = [(_opened(space, states, found, owner, fields), (owner, fields)) for owner, fields in closed]
        nearest = min((opened[0] for opened, _ in tried if opened is not None), default=None)
        new = [
            Hop(subgraph, owner, key, opened[0] + 1, opened[1])
            for opened, door in tried
            if opened is not None and opened[0] == nearest
            for subgraph, owner, key in closed.pop(door)
            if (subgraph, owner) not in found
        ]
        for hop in sorted(new, key=lambda hop: (len(hop.via), hop.subgraph, hop.owner)):
            if (hop.subgraph, hop.owner) not in found:
                found[hop.subgraph, hop.owner] = hop
                states.append(State(hop.subgraph, hop.owner, (), hop.depth))
        if nearest is None:
            break
    return found


def _opened(
    space: Space, states: Sequence[State], found: Mapping[tuple[str, str], Hop], owner: str, fields: FieldSet
) -> tuple[int, frozenset[Passed]] | None:
    """After how many requests the key can be gathered, and the hops that must come before; None where it cannot be."""
    suppliers: set[State] = set()
    depth = space.gather(states, owner, fields, Purpose.KEY, suppliers)
    if depth is None:
        return None
    via: set[Passed] = set()
    for supplier in suppliers:
        hop = found.get((supplier.subgraph, supplier.owner))
        if hop is not None and supplier.depth > 0:
            via |= {*hop.via, (hop.subgraph, hop.owner, hop.depth)}
    return depth, frozenset(via)
