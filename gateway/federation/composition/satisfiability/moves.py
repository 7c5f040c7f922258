"""How one gets from an object in one subgraph to the same object in another, and to the values of its fields.

The planner may use several positions for one object, so they are handled as sets: what any of them resolves is there,
and what they resolve together opens keys of other subgraphs. Every answer is remembered; what was asked for while
other keys and requirements were being proved is remembered for those alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gateway.federation.composition.errors import Issue, refuse_any
from gateway.federation.composition.satisfiability.positions import NOTHING, Given, Position, Positions
from gateway.federation.supergraph.field_set import FieldSet, SetField, SetFragment
from gateway.federation.supergraph.model import FieldInSubgraph, Supergraph


class Entrance(NamedTuple):
    """A subgraph that knows an object of a type, and as which: its own, or an interface that is an object there."""

    subgraph: str
    type_name: str
    keys: tuple[FieldSet, ...]
    """The keys by which it can be entered."""


class _Asked(NamedTuple):
    """A question, and the keys and requirements that are being proved meanwhile."""

    type_name: str
    field_name: str
    """Empty where the question is of the object alone."""
    position: Position
    barred: frozenset[str]
    requiring: frozenset[tuple[str, str, str]]


@dataclass(eq=False)
class Moves:
    """The moves that a supergraph allows. Raises `CompositionError` when they take more work than `work` steps."""

    supergraph: Supergraph
    work: int
    _barred: frozenset[str] = frozenset()
    """The subgraphs whose keys are being proved: what it takes to enter one cannot come from it."""
    _requiring: frozenset[tuple[str, str, str]] = frozenset()
    """The requirements that are being proved: type, field, subgraph."""
    _reached: dict[_Asked, Positions] = field(default_factory=dict)
    _met: dict[_Asked, bool] = field(default_factory=dict)
    _entrances: dict[str, tuple[Entrance, ...]] = field(default_factory=dict)
    _plain: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)

    def everywhere(self, type_name: str, positions: Positions) -> Positions:
        """All positions of an object of this type that can be reached from those given, by any keys.

        Each is left by itself: what can be had at one position opens no key to another that does not lead there.
        """
        if type_name in self.supergraph.roots.values():
            subgraphs = self.supergraph.types[type_name].subgraphs
            return positions | {Position(subgraph, type_name) for subgraph in subgraphs}
        return positions.union(*(self._from(type_name, position) for position in positions))

    def _from(self, type_name: str, position: Position) -> Positions:
        asked = _Asked(type_name, "", position, self._barred, self._requiring)
        known = self._reached.get(asked)
        if known is None:
            known = self._reached[asked] = self._closure(type_name, position)
        return known

    def _closure(self, type_name: str, position: Position) -> Positions:
        reached = frozenset({position})
        plain = self.plain(position)
        left = [entrance for entrance in self.entrances(type_name) if entrance.subgraph not in self._barred]
        left = [entrance for entrance in left if entrance[:2] != position[:2]]
        while entered := [entrance for entrance in left if self._opens(type_name, entrance, reached, plain)]:
            left = [entrance for entrance in left if entrance not in entered]
            more = [Position(entrance.subgraph, entrance.type_name) for entrance in entered]
            reached = reached.union(more)
            plain = plain.union(*map(self.plain, more))
        return reached

    def _opens(self, type_name: str, entrance: Entrance, reached: Positions, plain: frozenset[str]) -> bool:
        self._spend()
        if any(_is_among(key, plain) for key in entrance.keys):
            return True
        return self._has_any(type_name, entrance.keys, reached, barred=entrance.subgraph)

    def _has_any(self, type_name: str, keys: Iterable[FieldSet], positions: Positions, barred: str) -> bool:
        before = self._barred
        self._barred = before | {barred}
        found = any(self.has(type_name, key, positions) for key in keys)
        self._barred = before
        return found

    def entrances(self, type_name: str) -> Sequence[Entrance]:
        """The subgraphs that know an object of this type."""
        known = self._entrances.get(type_name)
        if known is None:
            known = self._entrances[type_name] = tuple(self._find_entrances(type_name))
        return known

    def _find_entrances(self, type_name: str) -> Iterator[Entrance]:
        types = self.supergraph.types
        for name in (type_name, *sorted(types[type_name].interfaces)):
            for subgraph, known in types[name].subgraphs.items():
                if name == type_name or known.is_interface_object:
                    yield Entrance(subgraph, name, tuple(key.fields for key in known.keys if key.resolvable))

    def plain(self, position: Position) -> frozenset[str]:
        """The fields that a position's subgraph resolves whatever the path."""
        known = self._plain.get(position.type_name)
        if known is None:
            known = self._plain[position.type_name] = self._find_plain(position.type_name)
        return known.get(position.subgraph, frozenset())

    def _find_plain(self, type_name: str) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for name, entries in self.supergraph.types[type_name].fields.items():
            for subgraph, entry in entries.items():
                if not entry.requires and _is_resolved(entry) and NOTHING.allows(entry):
                    found.setdefault(subgraph, set()).add(name)
        return {subgraph: frozenset(names) for subgraph, names in found.items()}

    def has(self, type_name: str, selections: FieldSet, positions: Positions) -> bool:
        """Can a field set be read of an object at these positions, and of its objects wherever they can be had?"""
        return all(
            self._has_field(type_name, selection, positions)
            if isinstance(selection, SetField)
            else self._has_inside(type_name, selection, positions)
            for selection in selections
        )

    def _has_field(self, type_name: str, selection: SetField, positions: Positions) -> bool:
        if selection.name == "__typename":
            return True
        found = self.step(type_name, selection.name, positions)
        return bool(found) and self._has_below(type_name, selection, found)

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
            return self._may_be_all(selection.selections, found) and all(
                self._has_anywhere(name, selection.selections, narrowed)
                for name in self.supergraph.possible.get(below, ())
                if (narrowed := self.narrowed(name, found))
            )
        return self._has_anywhere(below, selection.selections, found)

    def _may_be_all(self, selections: FieldSet, positions: Positions) -> bool:
        """May objects at these positions be of each type that fragments ask for? What no object ever is cannot be had
        of one."""
        fragments = [part for part in selections if isinstance(part, SetFragment)]
        return all(
            (narrowed := self.narrowed(part.type_condition, positions)) and self._may_be_all(part.selections, narrowed)
            for part in fragments
        )

    def _has_anywhere(self, type_name: str, selections: FieldSet, positions: Positions) -> bool:
        return self.has(type_name, selections, positions) or self.has(
            type_name, selections, self.everywhere(type_name, positions)
        )

    def step(self, type_name: str, field_name: str, positions: Positions, given: Given = NOTHING) -> Positions:
        """The positions of a field's value, from each position that resolves the field."""
        return frozenset(
            Position(position.subgraph, entry.named_type, provided)
            for position in positions
            for entry, provided in self._resolved(type_name, field_name, position, given)
        )

    def _resolved(
        self, type_name: str, field_name: str, position: Position, given: Given
    ) -> Iterator[tuple[FieldInSubgraph, FieldSet]]:
        self._spend()
        entry = self.entry(position, field_name)
        if entry is None:
            return
        provided = [part for part in self._provided(position) if part.name == field_name]
        if provided:
            yield entry, tuple(part for part_of in provided for part in part_of.selections)
        elif self._gives(position, field_name, entry, given) and self.is_met(type_name, field_name, entry, position):
            yield entry, entry.provides

    def _gives(self, position: Position, field_name: str, entry: FieldInSubgraph, given: Given) -> bool:
        """Does the position's subgraph have the field's value? An extension has its own key's, external or not."""
        if entry.is_moved or not given.allows(entry):
            return False
        return not entry.external or self.supergraph.is_own_key(position.type_name, field_name, position.subgraph)

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

    def is_met(self, type_name: str, field_name: str, entry: FieldInSubgraph, position: Position) -> bool:
        """Can what the field requires be had from here, and handed in by a key?"""
        if not entry.requires:
            return True
        required = (position.type_name, field_name, position.subgraph)
        if required in self._requiring:
            return False
        asked = _Asked(type_name, field_name, position, self._barred, self._requiring)
        known = self._met.get(asked)
        if known is None:
            before = self._requiring
            self._requiring = before | {required}
            known = self._is_met(self._known_as(type_name, position), entry.requires, position)
            self._requiring = before
            self._met[asked] = known
        return known

    def _is_met(self, type_name: str, required: FieldSet, position: Position) -> bool:
        others = self.everywhere(type_name, frozenset({position}))
        return self.has(type_name, required, others) and self.can_return(type_name, position, others)

    def _known_as(self, type_name: str, position: Position) -> str:
        """What one can tell of an object at a position: its type, or only the interface that it is there."""
        return type_name if position.type_name == type_name or self.tells_type(position) else position.type_name

    def tells_type(self, position: Position) -> bool:
        """Can it be known of which type an object is that is an `@interfaceObject` at the position? The subgraphs of
        the interface itself can tell, once its key finds them."""
        return any(
            self.has(position.type_name, key.fields, frozenset({position}))
            for known in self.supergraph.types[position.type_name].subgraphs.values()
            if not known.is_interface_object
            for key in known.keys
            if key.resolvable
        )

    def can_return(self, type_name: str, position: Position, positions: Positions) -> bool:
        """Can one come back to a position with what a field requires? Any key will do, a resolvable one or not."""
        if type_name in self.supergraph.roots.values():
            return True
        keys = [key.fields for key in self.supergraph.types[position.type_name].subgraphs[position.subgraph].keys]
        return self._has_any(type_name, keys, positions, barred=position.subgraph)

    def narrowed(self, type_name: str, positions: Positions) -> Positions:
        """The positions at which an object of an abstract type may turn out to be of this type."""
        return frozenset(
            position if position.type_name == type_name or is_object else position._replace(type_name=type_name)
            for position in positions
            if (is_object := self._is_interface_object_of(type_name, position))
            or self._may_be(type_name, position.type_name, position.subgraph)
        )

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
            message = (
                "Proving that every query can be answered takes more work than is allowed. Give entities keys of plain "
                "fields, the same in all subgraphs, so that fewer ways lead from one to the other; or remove labels of "
                "@override that are migrated."
            )
            refuse_any([Issue("MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED", message, None, ())])


def _is_resolved(entry: FieldInSubgraph) -> bool:
    return not entry.external and not entry.is_moved


def _is_among(key: FieldSet, names: frozenset[str]) -> bool:
    """Are these only leaves, all of them among the names?"""
    return all(isinstance(part, SetField) and not part.selections and part.name in names for part in key)
