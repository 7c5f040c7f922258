"""Choosing: one tail for each unit (`cheapest`), written into fetch groups.

Committing a tail walks it back to the root and writes its fields into the groups; a hop on the way gathers its key and
requirements, by a search of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.federation.operation.selection import Selected, SelectedField, SelectionScope, When
from gateway.federation.planning.cheapest import Chooser
from gateway.federation.planning.contexts import ContextSource, all_hold
from gateway.federation.planning.groups import Group, Groups, Input, Node
from gateway.federation.planning.hops import Purpose, State
from gateway.federation.planning.requirements import requirement_sources
from gateway.federation.planning.search import Search
from gateway.federation.planning.space import below
from gateway.federation.planning.storage import Position
from gateway.federation.planning.tails import FieldMove, HopMove, RootMove, Tail, Unit
from gateway.federation.supergraph.field_set import FieldSet, print_field_set


@dataclass(frozen=True, slots=True)
class Outer:
    """The conditions under which requirements are gathered at a place."""

    place: Position
    when: When


@dataclass(eq=False)
class Builder:
    """Writes chosen tails into groups."""

    search: Search
    requirements: SelectionScope
    """The scope in which keys and requirements are selected: the whole schema, inaccessible elements included."""
    groups: Groups
    chooser: Chooser
    _gathered: dict[tuple[Tail, Purpose | ContextSource], list[Unit]] = field(default_factory=dict)
    _written: dict[tuple[Tail, When, Outer | None], tuple[Group, Node]] = field(default_factory=dict)

    def commit(self, units: Sequence[Unit], outer: Outer | None = None, awaited: bool = False) -> list[Group]:
        """Chooses a tail for each unit and writes it; the groups that the units' values come from. `awaited`: other
        fetches need the values."""
        deepest = max((min(tail.depth for tail in unit.alternatives) for unit in units), default=0)
        settled = sorted((unit for unit in units if len(unit.alternatives) == 1), key=_depth)
        self.chooser.pay(unit.alternatives[0] for unit in settled)
        used = [self._write_unit(unit, unit.alternatives[0], outer) for unit in settled]
        open_units = sorted((unit for unit in units if len(unit.alternatives) > 1), key=_depth)
        for unit, tail in zip(open_units, self.choose(open_units, deepest, awaited), strict=True):
            used.append(self._write_unit(unit, tail, outer))
        return list(dict.fromkeys(used))

    def choose(self, units: Sequence[Unit], deepest: int, awaited: bool) -> Sequence[Tail]:
        """A way for each unit that has several, none deeper than another unit needs anyway."""
        return self.chooser.choose(units, deepest, awaited)

    def write_along(self, node: Node, type_name: str, subgraph: str, wanted: FieldSet) -> None:
        """Writes a field set that the subgraph resolves by itself on objects of the type at a node; whether it may be
        shown is not asked."""
        selected = self.requirements.select(type_name, requirement_sources(wanted))
        state = State(subgraph, type_name, (), 0)
        if self.search.local.is_local(selected, state, Purpose.KEY):
            self._write_whole(node, selected, state, Purpose.KEY)

    def _write_unit(self, unit: Unit, tail: Tail, outer: Outer | None) -> Group:
        group, node = self._write(tail, (), outer)
        if unit.whole and unit.field.child is not None:
            self._write_whole(node, unit.field.child, tail.state, unit.purpose)
        return group

    def _write(self, tail: Tail, when: When, outer: Outer | None) -> tuple[Group, Node]:
        """Writes the way to the tail, once. Returns its group, and the selection set at the tail (for a leaf, the one
        that holds it). `when`: the conditions of what is to be fetched from the tail on, for hops."""
        found = (tail, when if isinstance(tail.move, HopMove) else (), outer)
        if found not in self._written:
            self.search.budget.spend()
            self._written[found] = self._write_anew(tail, when, outer)
        return self._written[found]

    def _write_anew(self, tail: Tail, when: When, outer: Outer | None) -> tuple[Group, Node]:
        move, parent = tail.move, tail.parent
        if parent is None:
            serial = move.serial if isinstance(move, RootMove) else 0
            group = self.groups.root(tail.subgraph, serial, tail.position, tail.type)
            return group, group.node
        if isinstance(move, HopMove):
            return self._enter(tail, parent, move, when, outer)
        assert isinstance(move, FieldMove)  # noqa: S101 - root tails have no parent
        own = move.field.when
        if outer is not None and parent.position is outer.place and not own:
            own = outer.when
        group, node = self._write(parent, own, outer)
        if isinstance(parent.move, HopMove):
            group.compute(move.storage_keys, parent.move.requires)
        return group, self._write_field(node, move, tail, own)

    def _write_field(self, node: Node, move: FieldMove, tail: Tail, when: When) -> Node:
        below: Node | None = None
        for type_name, key in zip(move.entry_types, move.storage_keys, strict=True):
            entry = node.add(type_name, key, move.field, when)
            entry.given = move.given
            if move.field.child is not None:
                below = entry.children.get(tail.position) or below or Node(tail.type, tail.position)
                entry.children[tail.position] = below
        return below or node

    def _enter(self, tail: Tail, base: Tail, move: HopMove, when: When, outer: Outer | None) -> tuple[Group, Node]:
        hop = move.hop
        suppliers = dict.fromkeys([self._write(base, when, outer)[0]])
        inner = Outer(tail.position, when) if when else None
        for group in (
            *self._gather(tail, base, move, Purpose.KEY, inner),
            *self._gather(tail, base, move, Purpose.SHOW, inner),
            *self._gather_contexts(tail, move, when),
        ):
            suppliers[group] = None
        group = self.groups.entered(
            hop.subgraph,
            tail.position,
            hop.owner,
            suppliers,
            hop.key is not None,
            when if move.requires or move.contexts else (),
            move.requires,
            move.types,
            move.contexts,
        )
        if hop.key is not None:
            given = group.inputs.setdefault((move.types, hop.owner), [])
            wanted = Input(hop.key.fields, move.requires)
            if wanted not in given:
                given.append(wanted)
        group.reasons.setdefault(_reason(tail, base, move))
        return group, group.node

    def _gather(self, tail: Tail, base: Tail, move: HopMove, purpose: Purpose, outer: Outer | None) -> list[Group]:
        """Fetches what the hop hands in."""
        wanted = move.requires
        if purpose is Purpose.KEY:
            wanted = move.hop.key.fields if move.hop.key is not None else ()
        if not wanted:
            return []
        if (tail, purpose) not in self._gathered:
            selected = self.requirements.select(tail.position.type, requirement_sources(wanted))
            limit = base.depth + move.hop.depth if purpose is Purpose.KEY else tail.depth
            self._gathered[tail, purpose] = self.search.units(selected, [base], purpose, move.types, limit)
        return self.commit(self._gathered[tail, purpose], outer, awaited=True)

    def _gather_contexts(self, tail: Tail, move: HopMove, when: When) -> list[Group]:
        """Fetches what the hop takes of ancestors."""
        used: list[Group] = []
        for source in move.contexts:
            if (tail, source) not in self._gathered:
                selected = self.requirements.select(source.place.type, requirement_sources(source.selection))
                above = self.search.ways.ancestors(tail, source.place)
                self._gathered[tail, source] = self.search.units(
                    selected, above, Purpose.SHOW, source.types, tail.depth
                )
            conditions = all_hold([when, *_conditions_below(tail, source.place)])
            outer = Outer(source.place, conditions) if conditions else None
            used += self.commit(self._gathered[tail, source], outer, awaited=True)
        return used

    def _write_whole(self, node: Node, selected: Selected, state: State, purpose: Purpose) -> None:
        """Writes a subtree that the state's subgraph answers by itself."""
        stack = [(node, selected, state)]
        while stack:
            at, chosen, known = stack.pop()
            self.search.budget.spend()
            for types, owner, asked in self._whole_fields(chosen, known, purpose):
                entry = self.search.space.resolver(known, owner, asked.name, purpose)
                assert entry is not None  # noqa: S101 - the search found the subtree local
                keys = [self.search.ways.storage_key(at.position, name, asked) for name in types]
                if asked.child is None:
                    for name, key in zip(types, keys, strict=True):
                        at.add(name, key, asked, asked.when)
                    continue
                provided = entry.provides + below(self.search.space, known.provided, owner, asked.name)
                inner = State(known.subgraph, entry.named_type, provided, 0)
                place = self.search.ways.place_below(at.position, keys[0], types, asked.child)
                stack.append((self._child(at, types, keys, asked, Node(inner.owner, place)), asked.child, inner))

    def _child(self, at: Node, types: tuple[str, ...], keys: Sequence[str], asked: SelectedField, fresh: Node) -> Node:
        """One selection set under the entries of all the types."""
        shared: Node | None = None
        for name, key in zip(types, keys, strict=True):
            entry = at.add(name, key, asked, asked.when)
            shared = entry.children.get(fresh.position) or shared or fresh
            entry.children[fresh.position] = shared
        return shared or fresh

    def _whole_fields(
        self, selected: Selected, state: State, purpose: Purpose
    ) -> list[tuple[tuple[str, ...], str, SelectedField]]:
        """(runtime types, the type that the subgraph resolves it on, field), types alike taken together."""
        space = self.search.space
        if space.supergraph.is_interface_object(state.owner, state.subgraph):
            return [
                ((selected.type,), state.owner, asked)
                for asked in selected.planned(selected.type)
                if purpose is not Purpose.SHOW or space.refusal(state.owner, asked.name) is None
            ]
        known = space.supergraph.possible_in(state.owner, state.subgraph)
        groups: dict[Any, list[str]] = {}
        for name in selected.possible:
            if name not in known:
                continue
            for asked in selected.planned(name):
                self.search.budget.spend()
                if purpose is Purpose.SHOW and space.refusal(name, asked.name) is not None:
                    continue
                entry = space.resolver(state, name, asked.name, purpose)
                alone = name if self.search.storage.differs(selected.type, asked.name) else ""
                groups.setdefault((asked, entry, alone), []).append(name)
        return [(tuple(names), names[0], asked) for (asked, _, _), names in groups.items()]


def _depth(unit: Unit) -> int:
    return unit.alternatives[0].depth


def _conditions_below(tail: Tail, place: Position) -> Iterator[When]:
    """The conditions of the fields that lead from a place down to the tail."""
    known: Tail | None = tail
    while known is not None and known.position is not place:
        if isinstance(known.move, FieldMove):
            yield known.move.field.when
        known = known.parent


def _reason(tail: Tail, base: Tail, move: HopMove) -> str:
    if move.hop.key is None:
        return f"{tail.type} continues in {tail.subgraph}"
    text = (
        f"{move.types[0]} from {base.subgraph} to {tail.subgraph} by key {{ {print_field_set(move.hop.key.fields)} }}"
    )
    if move.requires:
        text += f", handing in {{ {print_field_set(move.requires)} }}"
    for source in move.contexts:
        text += f", with {source.context} of the {' or '.join(source.types)} above"
    return text
