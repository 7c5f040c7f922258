"""SATISFIABILITY_ERROR: every query that the API schema allows can be answered.

A walk from the roots over the types that clients see, keeping the set of positions at which each object can be had,
and what the path has decided (labels of `@override`, contexts). What was passed with as little is not passed again.
The walk is breadth first, so the first path that cannot go on is a shortest one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from graphql import GraphQLField, GraphQLInterfaceType, GraphQLObjectType
from graphql.type import get_named_type, is_composite_type

from gateway.federation.composition.errors import Issue, Place
from gateway.federation.composition.progress import OnProgress, Progress, unheard
from gateway.federation.composition.satisfiability.decisions import Selections, below, context_selections, decided
from gateway.federation.composition.satisfiability.moves import Moves
from gateway.federation.composition.satisfiability.positions import (
    NOTHING,
    Given,
    Position,
    Positions,
    subgraphs_of,
    with_plain,
)
from gateway.federation.composition.satisfiability.reasons import Unreachable, unreachable, untold
from gateway.federation.composition.satisfiability.runtime_types import mismatched_runtime_types
from gateway.federation.composition.satisfiability.witness import Step
from gateway.federation.supergraph.model import Supergraph

WORK = 20_000_000
"""Steps (a field tried at a position, a key tried) that one proof may take."""
TOLD = 100
"""How many times, at most, the progress of a proof is told."""
UNREACHED = "SATISFIABILITY_ERROR"


def unsatisfiable(supergraph: Supergraph, on_progress: OnProgress = unheard, work: int = WORK) -> Iterator[Issue]:
    """An issue for each field of the API schema that some path of a query cannot reach, with such a query; and hints
    at what a query may find otherwise than meant."""
    total = len(supergraph.types)
    on_progress(Progress("prove", 0, total))
    yield from _Walk(supergraph, Moves(supergraph, work), context_selections(supergraph), on_progress).issues()
    on_progress(Progress("prove", total, total))


@dataclass(frozen=True, slots=True)
class _Visit:
    type_name: str
    positions: Positions
    given: Given
    step: Step


Passed = dict[str, list[tuple[Positions, Given]]]


@dataclass(eq=False)
class _Walk:
    supergraph: Supergraph
    moves: Moves
    selections: Selections
    on_progress: OnProgress = unheard
    passed: Passed = field(default_factory=dict)
    """By type, where its objects were had when it was passed, and what was given."""
    reached: set[tuple[str, Positions, Given]] = field(default_factory=set)
    """The same, with all the positions that could be reached from there."""
    reported: set[str] = field(default_factory=set)
    waiting: deque[_Visit] = field(default_factory=deque)

    def issues(self) -> Iterator[Issue]:
        for kind, root in self.supergraph.roots.items():
            if root in self.supergraph.api_schema.type_map:
                self.waiting.append(_Visit(root, self._start(root), NOTHING, Step(kind)))
        yield from self._pass_all()
        yield from self._shared_mutations(self.supergraph.roots.get("mutation", ""))

    def _start(self, root: str) -> Positions:
        return frozenset(Position(subgraph, root) for subgraph in self.supergraph.types[root].subgraphs)

    def _fields(self, type_name: str) -> Mapping[str, GraphQLField]:
        """The fields of an object that clients see."""
        api_type = self.supergraph.api_schema.type_map.get(type_name)
        return cast(GraphQLObjectType, api_type).fields if api_type else {}

    def _pass_all(self) -> Iterator[Issue]:
        while self.waiting:
            visit = self.waiting.popleft()
            if self._is_passed(visit):
                continue
            if self.supergraph.types[visit.type_name].is_abstract:
                yield from self._narrow(visit)
            else:
                yield from self._pass_object(visit)

    def _is_passed(self, visit: _Visit) -> bool:
        """Was the type passed with as little? If not, it is now."""
        if visit.type_name not in self.passed:
            self._tell(len(self.passed))
        passed = self.passed.setdefault(visit.type_name, [])
        positions = with_plain(visit.positions)
        if any(before <= positions and given.covers(visit.given) for before, given in passed):
            return True
        passed.append((visit.positions, visit.given))
        return False

    def _tell(self, done: int) -> None:
        total = len(self.supergraph.types)
        if done % (total // TOLD + 1) == 0:
            self.on_progress(Progress("prove", done, total))

    def _pass_object(self, visit: _Visit) -> Iterator[Issue]:
        name, given = visit.type_name, visit.given
        positions = self.moves.everywhere(name, visit.positions)
        if (name, positions, given) in self.reached:
            return
        self.reached.add((name, positions, given))
        plain = frozenset[str]().union(*map(self.moves.plain, positions))
        inside = below(self.moves, self.selections, name, positions, given)
        for field_name, definition in self._fields(name).items():
            if field_name in plain and not is_composite_type(get_named_type(definition.type)):
                continue
            for choice in decided(self.supergraph, name, field_name, given):
                found = self.moves.step(name, field_name, positions, choice)
                step = Step(field_name, definition, name, found, visit.step)
                yield from mismatched_runtime_types(self.supergraph, name, field_name, found)
                if not found:
                    yield from self._report(
                        f"{name}.{field_name}", unreachable(self.moves, positions, step, choice), positions
                    )
                else:
                    self._go_on(found, Given(choice.labels, inside.contexts), step)

    def _go_on(self, found: Positions, given: Given, step: Step) -> None:
        named = get_named_type(step.definition.type) if step.definition else None
        if is_composite_type(named):
            self.waiting.append(_Visit(named.name, found, given, step))

    def _narrow(self, visit: _Visit) -> Iterator[Issue]:
        api_type = self.supergraph.api_schema.type_map[visit.type_name]
        for possible in self.supergraph.api_schema.get_possible_types(cast(GraphQLInterfaceType, api_type)):
            if not all(self.moves.narrowed(possible.name, frozenset({given})) for given in visit.positions):
                continue  # Subgraphs that share a field give it the same value, so one that cannot rules the type out.
            narrowed = self.moves.narrowed(possible.name, visit.positions)
            step = Step(f"... on {possible.name}", None, visit.type_name, narrowed, visit.step)
            if self._is_told(possible.name, narrowed):
                self.waiting.append(_Visit(possible.name, narrowed, visit.given, step))
            else:
                yield from self._report(f"{visit.type_name}.__typename", untold(narrowed, step), narrowed)

    def _is_told(self, type_name: str, narrowed: Positions) -> bool:
        """Can it be known that the object is of this type?"""
        return any(position.type_name == type_name or self.moves.tells_type(position) for position in narrowed)

    def _shared_mutations(self, root: str) -> Iterator[Issue]:
        """A mutation is called once, so one of the subgraphs that have it must lead to all of its answer."""
        passed = {} if self.reported else self.passed
        for name, definition in self._fields(root).items():
            for given in decided(self.supergraph, root, name, NOTHING):
                found = self.moves.step(root, name, self._start(root), given)
                if len(found) > 1 and is_composite_type(get_named_type(definition.type)):
                    yield from self._from_none_alone(
                        passed, found, given, Step(name, definition, root, found, Step("mutation"))
                    )

    def _from_none_alone(self, passed: Passed, found: Positions, given: Given, step: Step) -> Iterator[Issue]:
        """What each of the positions does not lead to, if none leads to everything."""
        unreached: list[Issue] = []
        for position in sorted(found):
            own = {name: list(before) for name, before in passed.items()}
            alone = _Walk(self.supergraph, self.moves, self.selections, passed=own)
            alone._go_on(frozenset({position}), given, replace(step, positions=frozenset({position})))
            issues = [issue for issue in alone._pass_all() if issue.code == UNREACHED]
            if not issues:
                return
            unreached += issues
        yield from (issue for issue in unreached if issue.coordinate not in self.reported)

    def _report(self, coordinate: str, found: Unreachable, positions: Positions) -> Iterator[Issue]:
        if coordinate not in self.reported:
            self.reported.add(coordinate)
            yield Issue(UNREACHED, found.message(), coordinate, tuple(map(Place, subgraphs_of(positions))))
