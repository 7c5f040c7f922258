"""Where an object may be had from, and how one gets from there to another subgraph.

A position is an object in one subgraph. The planner may use several of them for one object, so they are handled as
sets: what any of them resolves is there, and what they resolve together opens keys of other subgraphs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from gateway.federation.composition.errors import Issue, Place, refuse_any
from gateway.federation.supergraph.field_set import FieldSet, SetField, SetFragment
from gateway.federation.supergraph.model import FieldInSubgraph, Supergraph


@dataclass(frozen=True, slots=True)
class Position:
    """An object of `type_name` in a subgraph; the type is the interface where that is an `@interfaceObject`.
    `provided` is what the field that led here provides (`@provides`)."""

    subgraph: str
    type_name: str
    provided: FieldSet = ()


Positions = frozenset[Position]


@dataclass(eq=False)
class Moves:
    """The moves that a supergraph allows. Raises `CompositionError` when they take more work than `work` steps."""

    supergraph: Supergraph
    work: int
    _in_progress: set[object] = field(default_factory=set)
    _barred: tuple[str, ...] = ()
    """The subgraphs whose keys are being proved: what it takes to enter one cannot come from it."""

    def everywhere(self, type_name: str, positions: Positions) -> Positions:
        """All positions of an object of this type that can be reached from those given, by any keys.

        Each is left by itself: what can be had at one position opens no key to another that does not lead there.
        """
        if type_name in self.supergraph.roots.values():
            subgraphs = self.supergraph.types[type_name].subgraphs
            return positions | {Position(subgraph, type_name) for subgraph in subgraphs}
        return positions.union(*(self._from(type_name, position) for position in positions))

    def _from(self, type_name: str, position: Position) -> Positions:
        reached = frozenset({position})
        asked = (type_name, position, self._barred)
        if asked in self._in_progress:
            return reached
        self._in_progress.add(asked)
        while more := frozenset(self._by_key(type_name, reached)):
            reached |= more
        self._in_progress.remove(asked)
        return reached

    def _by_key(self, type_name: str, reached: Positions) -> Iterator[Position]:
        there = {(position.subgraph, position.type_name) for position in reached}
        for subgraph, entered in self.entrances(type_name):
            if (subgraph, entered) in there or subgraph in self._barred:
                continue
            keys = [key.fields for key in self.supergraph.types[entered].subgraphs[subgraph].keys if key.resolvable]
            if self._has_any(type_name, keys, reached, barred=subgraph):
                yield Position(subgraph, entered)

    def _has_any(self, type_name: str, keys: Sequence[FieldSet], positions: Positions, barred: str) -> bool:
        before = self._barred
        self._barred = (*before, barred)
        found = any(self.has(type_name, key, positions) for key in keys)
        self._barred = before
        return found

    def entrances(self, type_name: str) -> Iterator[tuple[str, str]]:
        """The subgraphs that know an object of this type, and as which type: its own, or an interface that is an
        object there."""
        types = self.supergraph.types
        yield from ((subgraph, type_name) for subgraph in types[type_name].subgraphs)
        for interface in types[type_name].interfaces:
            yield from (
                (subgraph, interface)
                for subgraph in types[interface].subgraphs
                if self.supergraph.is_interface_object(interface, subgraph)
            )

    def has(self, type_name: str, selections: FieldSet, positions: Positions) -> bool:
        """Can a field set be read of an object at these positions, and of its objects wherever they can be had?"""
        for selection in selections:
            if not isinstance(selection, SetField):
                if not self._has_inside(type_name, selection, positions):
                    return False
                continue
            if selection.name == "__typename":
                continue
            found = self.step(type_name, selection.name, positions)
            if not found or not self._has_below(type_name, selection, found):
                return False
        return True

    def _has_inside(self, type_name: str, fragment: SetFragment, positions: Positions) -> bool:
        """A fragment says nothing of an object that is of another type."""
        if not self.supergraph.types[type_name].is_abstract:
            applies = self._is_within(type_name, fragment.type_condition)
            return not applies or self.has(type_name, fragment.selections, positions)
        below = self.narrowed(fragment.type_condition, positions)
        return not below or self.has(fragment.type_condition, fragment.selections, below)

    def _has_below(self, type_name: str, selection: SetField, found: Positions) -> bool:
        if not selection.selections:
            return True
        entries = self.supergraph.types[type_name].fields[selection.name].values()
        below = next((entry.named_type for entry in entries), next(iter(found)).type_name)
        if self.supergraph.types[below].is_abstract:
            return all(
                self.has(name, selection.selections, self.everywhere(name, narrowed))
                for name in self.supergraph.possible.get(below, ())
                if (narrowed := self.narrowed(name, found))
            )
        return self.has(below, selection.selections, self.everywhere(below, found))

    def step(self, type_name: str, field_name: str, positions: Positions) -> Positions:
        """The positions of a field's value, from each position that resolves the field."""
        return frozenset(
            Position(position.subgraph, entry.named_type, provided)
            for position in positions
            for entry, provided in self._resolved(type_name, field_name, position)
        )

    def _resolved(
        self, type_name: str, field_name: str, position: Position
    ) -> Iterator[tuple[FieldInSubgraph, FieldSet]]:
        self._spend()
        entry = self.entry(position, field_name)
        if entry is None:
            return
        provided = [given for given in self._provided(position) if given.name == field_name]
        if provided:
            yield entry, tuple(part for given in provided for part in given.selections)
        elif self._is_given(position, field_name, entry) and self._is_met(type_name, entry, position):
            yield entry, entry.provides

    def _is_given(self, position: Position, field_name: str, entry: FieldInSubgraph) -> bool:
        """Is the field resolved there? An extension gives its own key even if that is external."""
        known = self.supergraph.types[position.type_name].subgraphs[position.subgraph]
        own_keys = (part for key in known.keys for part in key.fields if known.is_extension)
        is_own_key = any(isinstance(part, SetField) and part.name == field_name for part in own_keys)
        return (not entry.external or is_own_key) and not entry.used_overridden

    def entry(self, position: Position, field_name: str) -> FieldInSubgraph | None:
        """What a position's subgraph says of a field."""
        known = self.supergraph.types[position.type_name].fields.get(field_name, {})
        return known.get(position.subgraph)

    def _provided(self, position: Position, selections: FieldSet | None = None) -> Iterator[SetField]:
        for selection in position.provided if selections is None else selections:
            if isinstance(selection, SetField):
                yield selection
            elif self._is_within(position.type_name, selection.type_condition):
                yield from self._provided(position, selection.selections)

    def _is_within(self, type_name: str, condition: str) -> bool:
        return type_name == condition or type_name in self.supergraph.possible.get(condition, ())

    def _is_met(self, type_name: str, entry: FieldInSubgraph, position: Position) -> bool:
        """Can what the field requires be had from here, and handed in by a key?"""
        if not entry.requires:
            return True
        asked = (type_name, entry)
        if asked in self._in_progress:
            return False
        self._in_progress.add(asked)
        others = self.everywhere(type_name, frozenset({position}))
        met = self.has(type_name, entry.requires, others) and self._can_enter(type_name, position, others)
        self._in_progress.remove(asked)
        return met

    def _can_enter(self, type_name: str, position: Position, positions: Positions) -> bool:
        """Can one come back to a position with what a field requires? Any key will do, a resolvable one or not."""
        if type_name in self.supergraph.roots.values():
            return True
        keys = [key.fields for key in self.supergraph.types[position.type_name].subgraphs[position.subgraph].keys]
        return self._has_any(type_name, keys, positions, barred=position.subgraph)

    def narrowed(self, type_name: str, positions: Positions) -> Positions:
        """The positions at which an object of an abstract type may turn out to be of this type."""
        return frozenset(
            position if position.type_name == type_name or is_object else self._as(type_name, position)
            for position in positions
            if (is_object := self._is_interface_object_of(type_name, position))
            or self._may_be(type_name, position.type_name, position.subgraph)
        )

    def _as(self, type_name: str, position: Position) -> Position:
        return Position(position.subgraph, type_name, position.provided)

    def _is_interface_object_of(self, type_name: str, position: Position) -> bool:
        is_object = self.supergraph.is_interface_object(position.type_name, position.subgraph)
        return is_object and position.type_name in self.supergraph.types[type_name].interfaces

    def _may_be(self, type_name: str, declared: str, subgraph: str) -> bool:
        if type_name == declared:
            return True
        possible = self.supergraph.possible_in(declared, subgraph)
        return type_name in possible or bool(possible & self.supergraph.possible.get(type_name, frozenset()))

    def _spend(self) -> None:
        self.work -= 1
        if self.work < 0:
            message = "Proving that every query can be answered takes more work than is allowed: compose fewer types."
            places = tuple(map(Place, self.supergraph.subgraphs))
            refuse_any([Issue("MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED", message, None, places)])


def subgraphs_of(positions: Positions) -> Sequence[str]:
    return sorted({position.subgraph for position in positions})
