"""SATISFIABILITY_ERROR: every query that the API schema allows can be answered.

A walk from the roots over the types that clients see, keeping the set of positions at which each object can be had.
A type that was passed with as few positions, or fewer, is not passed again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from graphql import GraphQLNamedType, GraphQLObjectType
from graphql.type import get_named_type, is_abstract_type, is_composite_type

from gateway.federation.composition.errors import Issue, Place
from gateway.federation.composition.progress import OnProgress, Progress, unheard
from gateway.federation.composition.satisfiability.moves import Moves, Position, Positions, subgraphs_of
from gateway.federation.composition.satisfiability.reasons import Step, reasons, witness
from gateway.federation.composition.satisfiability.runtime_types import mismatched_runtime_types
from gateway.federation.supergraph.model import Supergraph

WORK = 1_000_000
"""Steps (a field tried at a position) that one proof may take."""

UNREACHED = "SATISFIABILITY_ERROR"


TOLD = 100
"""How many times, at most, the progress of a proof is told."""


def unsatisfiable(supergraph: Supergraph, on_progress: OnProgress = unheard, work: int = WORK) -> Iterator[Issue]:
    """An issue for each field of the API schema that some path of a query cannot reach, with such a query; and hints
    at what a query may find otherwise than meant."""
    total = len(supergraph.types)
    on_progress(Progress("prove", 0, total))
    yield from _Walk(supergraph, Moves(supergraph, work), on_progress).issues()
    on_progress(Progress("prove", total, total))


@dataclass(frozen=True, slots=True)
class _Visit:
    type_name: str
    positions: Positions
    path: tuple[Step, ...]


@dataclass(eq=False)
class _Walk:
    supergraph: Supergraph
    moves: Moves
    on_progress: OnProgress = unheard
    passed: dict[str, list[Positions]] = field(default_factory=dict)
    reported: set[str] = field(default_factory=set)
    waiting: deque[_Visit] = field(default_factory=deque)

    def issues(self) -> Iterator[Issue]:
        for kind, root in self.supergraph.roots.items():
            if root in self.supergraph.api_schema.type_map:
                subgraphs = self.supergraph.types[root].subgraphs
                start = frozenset(Position(subgraph, root) for subgraph in subgraphs)
                if kind == "mutation":
                    yield from self._pass_mutations(root, start)
                else:
                    self.waiting.append(_Visit(root, start, (Step(kind),)))
        yield from self._pass_all()

    def _pass_all(self) -> Iterator[Issue]:
        while self.waiting:
            yield from self._pass(self.waiting.popleft())

    def _pass_mutations(self, root: str, start: Positions) -> Iterator[Issue]:
        """A mutation is called once, so one of the subgraphs that have it must lead to all of its answer."""
        for name, definition in cast(GraphQLObjectType, self.supergraph.api_schema.type_map[root]).fields.items():
            named = get_named_type(definition.type)
            if not is_composite_type(named):
                continue
            path = (Step("mutation"), Step(name, definition))
            found = self.moves.step(root, name, start)
            yield from mismatched_runtime_types(self.supergraph, root, name, found)
            attempts = [
                self._found_beyond(named.name, frozenset({position}), path)
                for position in sorted(found, key=lambda position: position.subgraph)
            ]
            unreached = [[issue for issue in issues if issue.code == UNREACHED] for issues in attempts]
            if all(unreached):
                yield from (issue for issues in unreached for issue in issues)
            together = attempts[0] if len(attempts) == 1 else self._found_beyond(named.name, found, path)
            yield from (issue for issue in together if issue.code != UNREACHED)

    def _found_beyond(self, type_name: str, positions: Positions, path: tuple[Step, ...]) -> list[Issue]:
        walk = _Walk(self.supergraph, self.moves)
        walk.waiting.append(_Visit(type_name, positions, path))
        return list(walk._pass_all())

    def _pass(self, visit: _Visit) -> Iterator[Issue]:
        if visit.type_name not in self.passed:
            self._tell(len(self.passed))
        passed = self.passed.setdefault(visit.type_name, [])
        if any(before <= visit.positions for before in passed):
            return
        passed.append(visit.positions)
        api_type = self.supergraph.api_schema.type_map[visit.type_name]
        if is_abstract_type(api_type):
            yield from self._narrow(visit, api_type)
        else:
            yield from self._pass_object(visit, cast(GraphQLObjectType, api_type))

    def _tell(self, done: int) -> None:
        total = len(self.supergraph.types)
        if done % (total // TOLD + 1) == 0:
            self.on_progress(Progress("prove", done, total))

    def _pass_object(self, visit: _Visit, api_type: GraphQLObjectType) -> Iterator[Issue]:
        positions = self.moves.everywhere(visit.type_name, visit.positions)
        for name, definition in api_type.fields.items():
            found = self.moves.step(visit.type_name, name, positions)
            path = (*visit.path, Step(name, definition))
            named = get_named_type(definition.type)
            yield from mismatched_runtime_types(self.supergraph, visit.type_name, name, found)
            if not found:
                yield from self._report(f"{visit.type_name}.{name}", visit, name, positions, path)
            elif is_composite_type(named):
                self.waiting.append(_Visit(named.name, found, path))

    def _narrow(self, visit: _Visit, api_type: GraphQLNamedType) -> Iterator[Issue]:
        for possible in self.supergraph.api_schema.get_possible_types(api_type):  # type: ignore[arg-type]
            if not all(self.moves.narrowed(possible.name, frozenset({given})) for given in visit.positions):
                continue  # Subgraphs that share a field give it the same value, so one that cannot rules the type out.
            narrowed = self.moves.narrowed(possible.name, visit.positions)
            path = (*visit.path, Step(f"... on {possible.name}"))
            if not self._is_told(possible.name, narrowed):
                coordinate = f"{visit.type_name}.__typename"
                yield from self._report(coordinate, visit, "__typename", narrowed, path)
            else:
                self.waiting.append(_Visit(possible.name, narrowed, path))

    def _is_told(self, type_name: str, narrowed: Positions) -> bool:
        """Can it be known that the object is of this type? An `@interfaceObject` cannot tell; the interface's
        subgraphs can, once its key finds them."""
        for position in narrowed:
            if position.type_name == type_name:
                return True
            for subgraph, known in self.supergraph.types[position.type_name].subgraphs.items():
                if known.is_interface_object:
                    continue
                keys = [key for key in known.keys if key.resolvable]
                if any(self.moves.has(position.type_name, key.fields, frozenset({position})) for key in keys):
                    return subgraph != position.subgraph
        return False

    def _report(
        self, coordinate: str, visit: _Visit, field_name: str, positions: Positions, path: tuple[Step, ...]
    ) -> Iterator[Issue]:
        if coordinate in self.reported:
            return
        self.reported.add(coordinate)
        why = "; ".join(reasons(self.moves, visit.type_name, field_name, positions))
        message = f"The query {witness(path)} cannot be answered from {', '.join(subgraphs_of(positions))}: {why}."
        yield Issue(UNREACHED, message, coordinate, tuple(map(Place, subgraphs_of(positions))))
