"""Finished fetch groups -> the requests that are sent, fewer than the groups.

Two passes, neither of which makes any group wait for more sequential requests than the plan has anyway. An entity group
that nothing waits for joins a later group of its place and subgraph. Then the entity groups of one subgraph that are
equally deep share a request: as one list of representations where they select the same, else side by side. Groups that
take values of ancestors share with each other alone, for what ancestors lack costs the request.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from gateway.federation.operation.selection import Budget, When
from gateway.federation.planning.groups import Group, clashes
from gateway.federation.planning.storage import Position

MAX_GROUPS = 100
"""Groups that share one request at most."""

Batch = tuple[Group, ...]


def batches(ordered: Sequence[Group], budget: Budget) -> list[Batch]:
    """The groups of each request, in the order given, which must be topological."""
    depths = _depths(ordered)
    found: list[list[Group]] = []
    open_at: dict[tuple[int, str, bool], list[Group]] = {}
    for group in _postponed(ordered, depths, budget):
        place = (depths[group], group.subgraph, bool(group.contexts))
        batch = open_at.get(place) if group.is_entity else None
        if batch is None or len(batch) >= MAX_GROUPS:
            batch = []
            found.append(batch)
            if group.is_entity:
                open_at[place] = batch
        batch.append(group)
    return [tuple(batch) for batch in sorted(found, key=lambda batch: depths[batch[0]])]


def _depths(ordered: Sequence[Group]) -> dict[Group, int]:
    """How many requests come before each, one after the other."""
    depths: dict[Group, int] = {}
    for group in ordered:
        depths[group] = 1 + max((depths[other] for other in group.after), default=-1)
    return depths


def _postponed(ordered: Sequence[Group], depths: Mapping[Group, int], budget: Budget) -> list[Group]:
    """The groups that are left when those that nothing waits for have joined later ones of their place. None of them
    gets deeper by it: what joins waits for less."""
    awaited = {other for group in ordered for other in group.after}
    at: dict[tuple[Position, str, When], list[Group]] = defaultdict(list)
    for group in ordered:
        if group.is_entity:
            at[group.position, group.subgraph, group.when].append(group)
    gone: set[Group] = set()
    for alike in at.values():
        for group in sorted(alike, key=lambda group: depths[group]):
            budget.spend(len(alike))
            later = [other for other in alike if _may_join(group, other) and depths[other] > depths[group]]
            if group not in awaited and later:
                _join(group, min(later, key=lambda other: depths[other]))
                gone.add(group)
    return [group for group in ordered if group not in gone]


def _may_join(group: Group, later: Group) -> bool:
    requires = tuple(part for inputs in group.inputs.values() for given in inputs for part in given.requires)
    if group.contexts or later.contexts:
        return False
    return not any(clashes(later, types, owner, requires) for types, owner in group.inputs)


def _join(group: Group, later: Group) -> None:
    later.node.absorb(group.node)
    for where, inputs in group.inputs.items():
        known = later.inputs.setdefault(where, [])
        known.extend(given for given in inputs if given not in known)
    for key, inputs_of_key in group.computed.items():
        later.computed.setdefault(key, set()).update(inputs_of_key)
    later.after.update(group.after)
    later.reasons.update(group.reasons)
