"""Why a field cannot be had: for each subgraph that a query has come to, or that has the field, what stops it there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.federation.composition.satisfiability.moves import Entrance, Moves
from gateway.federation.composition.satisfiability.positions import Given, Position, Positions, subgraphs_of
from gateway.federation.composition.satisfiability.witness import Step, query, route
from gateway.federation.supergraph.field_set import FieldSet, SetField, print_field_set
from gateway.federation.supergraph.model import FieldInSubgraph


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A query that cannot be answered: the fields that it passes, and by subgraph why it goes no further."""

    query: str
    path: tuple[str, ...]
    reasons: tuple[tuple[str, str], ...]

    def message(self) -> str:
        lines = ["This query cannot be answered:", *_indented(self.query.splitlines())]
        if self.path:
            lines += ["It passes", *_indented(self.path)]
        lines += ["and goes no further, since", *_indented(f"{name}: {why}" for name, why in self.reasons)]
        return "\n".join(lines) + "."


def _indented(lines: tuple[str, ...] | list[str] | Iterator[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)


def unreachable(moves: Moves, positions: Positions, step: Step, given: Given) -> Unreachable:
    """What is to be said of a field, the last step, that none of the positions of an object resolves."""
    tell = _Reasons(moves, step.owner, step.text, positions, given)
    return Unreachable(query(step), tuple(route(step)), tuple(dict.fromkeys(tell.all())))


def untold(positions: Positions, step: Step) -> Unreachable:
    """What is to be said where no subgraph can tell of which implementer of `step.owner` an object is."""
    why = f"it knows {step.owner} as an @interfaceObject, and no @key leads to a subgraph that knows its implementers"
    reasons = tuple((subgraph, why) for subgraph in subgraphs_of(positions))
    return Unreachable(query(step), tuple(route(step)), reasons)


@dataclass(frozen=True, slots=True)
class _Reasons:
    moves: Moves
    type_name: str
    field_name: str
    positions: Positions
    given: Given

    def all(self) -> Iterator[tuple[str, str]]:
        for position in sorted(self.positions):
            yield position.subgraph, self._stays(position)
        there = {(position.subgraph, position.type_name) for position in self.positions}
        for entrance in self.moves.entrances(self.type_name):
            entry = self._entry(entrance)
            if entrance[:2] not in there and entry and not entry.is_moved:
                yield entrance.subgraph, self._not_entered(entrance, entry)

    def _stays(self, position: Position) -> str:
        entry = self.moves.entry(position, self.field_name)
        coordinate = f"{position.type_name}.{self.field_name}"
        if entry is None:
            return f"it has no field {coordinate}"
        if entry.is_moved:
            return f"its {coordinate} is overridden by {self._overriding()}"
        if entry.external:
            return f"{coordinate} is @external there"
        return self._unmet(coordinate, position, entry)

    def _overriding(self) -> str:
        entries = self.moves.supergraph.types[self.type_name].fields.get(self.field_name, {}).values()
        others = [entry.subgraph for entry in entries if not entry.is_moved and not entry.external]
        return " and ".join(sorted(others)) or "another subgraph"

    def _unmet(self, coordinate: str, position: Position, entry: FieldInSubgraph) -> str:
        labels = dict(self.given.labels)
        if entry.override_label is not None and not labels.get(entry.override_label):
            return f"it resolves {coordinate} only while the label {entry.override_label!r} of @override holds"
        if entry.overridden_label is not None and labels.get(entry.overridden_label, True):
            return (
                f"it resolves {coordinate} only while the label {entry.overridden_label!r} of @override does not hold"
            )
        for argument in entry.context_arguments:
            if (argument.context, argument.selection) not in self.given.contexts:
                context = argument.context.removeprefix(f"{entry.subgraph}__")
                return (
                    f"no object above {coordinate} sets the context ${context} that its argument {argument.name} needs"
                )
        return self._unmet_requirement(coordinate, position, entry)

    def _unmet_requirement(self, coordinate: str, position: Position, entry: FieldInSubgraph) -> str:
        others = self.moves.everywhere(self.type_name, frozenset({position}))
        needs = print_field_set(entry.requires)
        missing = self._missing(entry.requires, others)
        if missing:
            return f"{coordinate} @requires {needs!r} there, and {missing}"
        return f"{coordinate} @requires {needs!r} there, and no @key of {position.type_name} can bring that to it"

    def _entry(self, entrance: Entrance) -> FieldInSubgraph | None:
        return self.moves.supergraph.types[entrance.type_name].fields.get(self.field_name, {}).get(entrance.subgraph)

    def _not_entered(self, entrance: Entrance, entry: FieldInSubgraph) -> str:
        name = entrance.type_name
        if entry.external:
            return f"{name}.{self.field_name} is @external there"
        if not entrance.keys:
            known = self.moves.supergraph.types[name].subgraphs[entrance.subgraph].keys
            return (
                f"it has {name}.{self.field_name}, and no {'resolvable ' if known else ''}@key for {name} to enter by"
            )
        why = "; ".join(self._key_unmet(key) for key in entrance.keys)
        return f"it has {name}.{self.field_name}, and cannot be entered by its @key of {name}: {why}"

    def _key_unmet(self, key: FieldSet) -> str:
        missing = self._missing(key, self.positions) or f"{self.type_name} is not had with all of it"
        return f"{print_field_set(key)!r}, as {missing}"

    def _missing(self, selections: FieldSet, positions: Positions) -> str:
        """Which field of a field set cannot be had, and from where; empty if that is not seen at once."""
        return next(_missing(self.moves, self.type_name, selections, positions), "")


def _missing(moves: Moves, type_name: str, selections: FieldSet, positions: Positions) -> Iterator[str]:
    for selection in selections:
        if moves.has(type_name, (selection,), positions):
            continue
        if not isinstance(selection, SetField):
            yield f"... on {selection.type_condition} cannot be had whole from {_either(positions)}"
        elif found := moves.step(type_name, selection.name, positions):
            below = next(iter(found)).type_name
            everywhere = moves.everywhere(below, found)
            yield from _missing(moves, below, selection.selections, everywhere)
        else:
            yield f"{type_name}.{selection.name} cannot be had from {_either(positions)}"


def _either(positions: Positions) -> str:
    return " or ".join(subgraphs_of(positions))
