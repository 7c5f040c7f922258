"""Operation + supergraph -> query plan.

The order of work, one module each: `selection` (what is asked, by runtime type), `space` (who can answer, and how one
gets there), `search` (all ways to each field), `choose` (one way each, written into fetch groups), `batch` (the groups
that share a request), `emit` (its text), `requirements` (what it is handed), `projection` (how the answer is cut out).
`rights` says what the policy gives, `alongside` what is fetched for its conditions and for the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from graphql import OperationDefinitionNode, SelectionSetNode, print_ast
from graphql.language import FieldNode

from gateway.federation.errors import ClientError, RequestError
from gateway.federation.operation.limits import too_complex
from gateway.federation.operation.parse import ParsedOperation
from gateway.federation.operation.placing import placed
from gateway.federation.operation.selection import (
    ALWAYS,
    Budget,
    Selected,
    SelectionScope,
    expanded_size,
)
from gateway.federation.planning.alongside import fetch_alongside
from gateway.federation.planning.batch import Batch, batches
from gateway.federation.planning.cheapest import Chooser
from gateway.federation.planning.choose import Builder
from gateway.federation.planning.emit import Emitter
from gateway.federation.planning.groups import Group, Groups
from gateway.federation.planning.projection import Projector
from gateway.federation.planning.query_plan import FetchStep, OperationKind, QueryPlan
from gateway.federation.planning.search import Search
from gateway.federation.planning.space import Space
from gateway.federation.planning.storage import Position, StorageKeys
from gateway.federation.planning.tails import Tail, Unit
from gateway.federation.policy import UNREACHABLE

DEFAULT_BUDGET = 60_000
"""Steps of work (selections looked at, ways tried) that one operation may cost. A step takes 4 to 14 microseconds, so
that all of them take less than a second; operations of 200 fields over 100 subgraphs need some 2,000."""


@dataclass(frozen=True, slots=True)
class PlanLimits:
    """`work`: steps that one plan may cost; `fetches`: how many it may hold; `text`: characters of all of them;
    `fields`: places for fields that the answer may have, fragments opened; `root_fields`: those of the root type."""

    work: int = DEFAULT_BUDGET
    fetches: int = 1_000
    text: int = 500_000
    fields: int = 10_000
    root_fields: int = 100


def plan(parsed: ParsedOperation, space: Space, limits: PlanLimits = PlanLimits(), recorded: bool = False) -> QueryPlan:
    """Plans one operation. `recorded`: what is read is recorded, so that keys are fetched along. Raises `RequestError`:
    QUERY_TOO_COMPLEX, FIELD_UNREACHABLE, UNSUPPORTED_OPERATION."""
    return planned(parsed, space, limits, recorded)[0]


def planned(
    parsed: ParsedOperation, space: Space, limits: PlanLimits = PlanLimits(), recorded: bool = False
) -> tuple[QueryPlan, int]:
    """The plan, and the steps of work that it cost. Raises what `plan` does."""
    planner = Planner(parsed, space, limits, recorded)
    return planner.plan(), limits.work - planner.budget.left


class Planner:
    """Makes one plan."""

    def __init__(self, parsed: ParsedOperation, space: Space, limits: PlanLimits, recorded: bool = False) -> None:
        supergraph = space.supergraph
        self.recorded = recorded
        self.parsed = parsed
        self.space = space
        self.limits = limits
        self.kind = cast(OperationKind, parsed.kind)
        self.root_type = supergraph.roots[self.kind]
        self.budget = Budget(limits.work)
        self.storage = StorageKeys(supergraph)
        scope = SelectionScope(supergraph.api_schema, parsed.fragments, self.budget)
        self.selected = scope.select(
            self.root_type, [(parsed.operation.selection_set, ALWAYS)], in_turn=self.kind == "mutation"
        )
        self.search = Search(space, self.storage, self.budget)
        requirements = SelectionScope(supergraph.schema, {}, self.budget)
        self.builder = Builder(self.search, requirements, Groups(self.budget), Chooser(self.budget))
        self.root = Position(self.root_type)

    def plan(self) -> QueryPlan:
        if self.kind == "subscription":
            raise _refused("Subscriptions are not served yet. Send a query instead.")
        if len(self.selected.shown(self.root_type)) > self.limits.root_fields:
            raise _too_complex(f"The operation asks for more than {self.limits.root_fields} fields of the root.")
        if expanded_size(self.selected) > self.limits.fields:
            raise _too_complex(f"The operation's fragments expand to more than {self.limits.fields} fields.")
        projector = Projector(self.space, self.storage, self.budget, self.recorded)
        projection = projector.project(self.selected)
        if self.kind == "mutation":
            self._plan_mutation()
        else:
            self.builder.commit(self.search.units(self.selected, self._roots(0)))
        fetch_alongside(self.builder, self.space, self.recorded)
        return QueryPlan(
            kind=self.kind,
            root_typename=self.root_type,
            steps=self._steps(),
            projection=projection,
            introspection=_introspection(self.parsed, self.selected),
            order=tuple(key for key, _ in self.selected.shown(self.root_type)),
            condition_variables=tuple(sorted(self.selected.scope.conditional)),
            given=projector.given(),
            refused=projector.refused(),
            grounds=projector.grounds(),
        )

    def _roots(self, serial: int) -> list[Tail]:
        return self.search.ways.roots(self.root, serial)

    def _plan_mutation(self) -> None:
        """Each response key by itself, in order, and called in one subgraph only. One with several places is planned
        for each, since what comes before it hangs on variables."""
        before: list[Group] = []
        order = self.builder.groups.order
        for serial, (key, asked, when) in enumerate(placed(self.selected, self.root_type)):
            if asked.name.startswith("__") or self.space.refusal(self.root_type, asked.name) is not None:
                continue
            one = self.selected.call(key, when)
            ways = [units for tail in self._roots(serial) if (units := self._try(one, tail)) is not None]
            if not ways:
                self.search.units(one, self._roots(serial))  # says what cannot be reached
            self.builder.commit(min(ways, key=_units_cost))
            fresh = [group for group in order if group.serial == serial and group not in before]
            for group in fresh:
                if not group.after:
                    group.after.update(dict.fromkeys(before))
            before = fresh

    def _try(self, one: Selected, tail: Tail) -> list[Unit] | None:
        """The units of a mutation field if it is called in the tail's subgraph."""
        try:
            return self.search.units(one, [tail])
        except RequestError as error:
            if error.errors[0].code != UNREACHABLE:
                raise
            return None

    def _steps(self) -> tuple[FetchStep, ...]:
        sent = batches(_topological(self.builder.groups.order), self.budget)
        if len(sent) > self.limits.fetches:
            raise _too_complex(f"The operation needs {len(sent)} fetches; at most {self.limits.fetches} are allowed.")
        number = {group: index for index, batch in enumerate(sent) for group in batch}
        definitions = {
            definition.variable.name.value: definition
            for definition in self.parsed.operation.variable_definitions or ()
        }
        emitter = Emitter(self.space, self.storage, definitions, self.kind, self.limits.text)
        contextual = any(group.contexts for group in number)
        return tuple(self._step(batch, number, emitter, contextual) for batch in sent)

    def _step(self, batch: Batch, number: dict[Group, int], emitter: Emitter, contextual: bool) -> FetchStep:
        first = batch[0]
        emitted = emitter.emit(batch, self._operation_name(first.subgraph, number[first]))
        return FetchStep(
            id=number[first],
            subgraph=first.subgraph,
            kind=self.kind if first.position.parent is None and not first.is_entity else "query",
            operation=emitted.operation,
            operation_name=emitted.name,
            variables=emitted.variables,
            path=() if first.is_entity else first.position.path(),
            entities=emitted.entities,
            with_contexts=bool(first.contexts),
            apart=contextual and first.position.parent is not None,
            depends_on=tuple(sorted({number[other] for group in batch for other in group.after})),
            conditions=emitted.conditions,
            reason="; ".join(dict.fromkeys(reason for group in batch for reason in group.reasons)),
        )

    def _operation_name(self, subgraph: str, number: int) -> str | None:
        if not self.parsed.name:
            return None
        safe = "".join(c if c.isalnum() else "_" for c in subgraph)
        return f"{self.parsed.name}__{safe}__{number}"


def _refused(message: str) -> RequestError:
    return RequestError([ClientError(message, "UNSUPPORTED_OPERATION")])


def _too_complex(message: str) -> RequestError:
    return too_complex(message, "Ask for fewer fields.")


def _units_cost(units: Sequence[Unit]) -> tuple[int, int]:
    nearest = [min(way.depth for way in unit.alternatives) for unit in units]
    hops = {hop for unit in units for hop in unit.alternatives[0].hops}
    return (max(nearest, default=0), len(hops))


def _topological(groups: Sequence[Group]) -> list[Group]:
    done: dict[Group, None] = {}
    for group in groups:
        stack = [group]
        while stack:
            current = stack[-1]
            waiting = [other for other in current.after if other not in done]
            if waiting and current not in done:
                stack.extend(waiting)
            else:
                done.setdefault(stack.pop())
    return list(done)


def _introspection(parsed: ParsedOperation, selected: Selected) -> str | None:
    """The operation reduced to introspection, with all fragments, to be executed on the API schema."""
    wanted: list[FieldNode] = [
        node
        for key, asked in selected.shown(selected.type)
        if asked.name in ("__schema", "__type")
        for node in selected.nodes(key)
    ]
    if not wanted:
        return None
    operation = OperationDefinitionNode(
        operation=parsed.operation.operation,
        name=parsed.operation.name,
        variable_definitions=parsed.operation.variable_definitions,
        directives=(),
        selection_set=SelectionSetNode(selections=tuple(wanted)),
    )
    return "\n".join(print_ast(node) for node in (operation, *parsed.fragments.values()))
