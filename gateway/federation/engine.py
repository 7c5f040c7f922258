"""One request, from operation to answer.

prepared = engine.prepare(query, operation_name, profile)   # cached: parse, validate, normalise, plan
answer = await engine.execute(prepared, variables, context)  # fetch, merge, project
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from gateway.federation.answer import Answer
from gateway.federation.cache import BoundedCache
from gateway.federation.errors import ClientError, RequestError, suggesting
from gateway.federation.execution.compiled.programs import Programs
from gateway.federation.execution.execute import ExecutionLimits, execute_plan
from gateway.federation.execution.fetcher import Fetcher
from gateway.federation.execution.introspection import Introspected, introspect
from gateway.federation.json_text import write_json
from gateway.federation.operation.limits import DocumentLimits
from gateway.federation.operation.parse import ParsedOperation, parse_operation
from gateway.federation.operation.variables import Declarations, check_variables, declarations_of
from gateway.federation.planning.plan import PlanLimits, plan
from gateway.federation.planning.query_plan import QueryPlan
from gateway.federation.planning.space import Space
from gateway.federation.policy import NOBODY, UNREACHABLE, Policy, allow_everything, also_behind
from gateway.federation.supergraph.model import Supergraph


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of user: everything in a policy that could change a plan, under a name. Equal names, equal policies.
    `introspection`: whether they may ask for the schema, and are told of names near those that they got wrong."""

    name: str
    policy: Policy
    introspection: bool = True


_PERCENT = re.compile(r"percent\((\d+(?:\.\d+)?)\)")

MOST_BEHIND = 20
"""Fields of one operation that may lie behind refused ones; each costs another plan, once."""
OPEN = Profile("open", allow_everything)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one engine. `plans`: how many prepared operations are kept; `plan_text`: characters of all those kept,
    documents and fetches, of which each stands for some 15 bytes of memory; `spaces`: for how many profiles;
    `programs`: how many plans are kept compiled, each of which stands for some 200 kB; `program_after`: how often one
    is run before it is compiled."""

    plans: int = 10_000
    plan_text: int = 8_000_000
    spaces: int = 200
    programs: int = 500
    program_after: int = 2
    document: DocumentLimits = field(default_factory=DocumentLimits)
    planning: PlanLimits = field(default_factory=PlanLimits)
    execution: ExecutionLimits = field(default_factory=ExecutionLimits)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An operation ready to run for one profile. `key` stands for all that it was made from."""

    key: Hashable
    declared: Declarations
    plan: QueryPlan
    introspection: bool

    @property
    def kind(self) -> str:
        """`query`, `mutation` or `subscription`."""
        return self.declared.kind


class Engine:
    """Serves one supergraph. Nothing here changes after it is made but the caches of plans."""

    def __init__(
        self,
        supergraph: Supergraph,
        fetcher: Fetcher,
        limits: Limits | None = None,
        roll: Callable[[], float] = lambda: random.random() * 100,  # noqa: S311 - no secret hangs on it
        *,
        recorded: bool = False,
    ) -> None:
        """`recorded`: whether answers tell the entities that they were made of, whose keys are then fetched along."""
        self.supergraph = supergraph
        self.fetcher = fetcher
        self.limits = limits or Limits()
        self.recorded = recorded
        self._roll = roll
        self._labels = _override_labels(supergraph)
        self.plans: BoundedCache[Prepared] = BoundedCache(self.limits.plans, self.limits.plan_text)
        self._programs = Programs(supergraph.schema, self.limits.programs, self.limits.program_after)
        self._spaces: BoundedCache[Space] = BoundedCache(self.limits.spaces, self.limits.spaces)

    def prepare(
        self,
        query: str,
        operation_name: str | None = None,
        profile: Profile = OPEN,
        labels: Collection[str] = (),
    ) -> Prepared:
        """Parses, validates and plans, or takes all that from the cache. `labels`: those of progressive overrides that
        hold for this request, beside the percentages that are rolled for it. Raises `RequestError`."""
        active = self._active_labels(labels) if self._labels else frozenset()
        key = (query, operation_name, profile.name, active)
        known = self.plans.get(key)
        if known is not None:
            return known
        with suggesting(profile.introspection):
            parsed = parse_operation(query, operation_name, self.supergraph.api_schema, self.limits.document)
        made = self._plan(parsed, profile, active)
        if made.introspection is not None and not profile.introspection:
            message = "You are not given the schema of this gateway. Its documentation says what may be asked."
            raise RequestError([ClientError(message, "INTROSPECTION_REFUSED")])
        prepared = Prepared(key, declarations_of(parsed), made, profile.introspection)
        self.plans.keep(key, prepared, len(query) + sum(len(step.operation) for step in prepared.plan.steps))
        return prepared

    async def execute(
        self,
        prepared: Prepared,
        variables: Mapping[str, Any],
        context: object = None,
        subject: Mapping[str, str] = NOBODY,
    ) -> Answer:
        """Runs a prepared operation. `subject` is what the policy's conditions on data may compare with. Raises
        `RequestError` for variables that do not fit its declarations."""
        with suggesting(prepared.introspection):
            checked = check_variables(prepared.declared, self.supergraph.api_schema, variables)
        told = self._introspect(prepared, checked)
        program = self._programs.program(prepared.key, prepared.plan, checked)
        limits = self.limits.execution
        answer = await execute_plan(prepared.plan, checked, self.fetcher, context, limits, program, subject)
        return answer if told is None else _joined(prepared.plan, told, answer)

    def _plan(self, parsed: ParsedOperation, profile: Profile, labels: frozenset[str]) -> QueryPlan:
        """The plan; what is given but lies behind what is refused is refused too, and the rest is answered."""
        space, behind = self._space(profile, labels), set[str]()
        while True:
            try:
                return plan(parsed, space, self.limits.planning, self.recorded)
            except RequestError as error:
                found = _unreachable(error)
                if found is None or found in behind or len(behind) == MOST_BEHIND:
                    raise
                if not behind:  # what nobody can reach is the supergraph's fault, and no policy's
                    plan(parsed, self._space(OPEN, labels), self.limits.planning)
                behind.add(found)
            space = Space(self.supergraph, also_behind(profile.policy, frozenset(behind)), labels)

    def _space(self, profile: Profile, labels: frozenset[str]) -> Space:
        key = (profile.name, labels)
        known = self._spaces.get(key)
        if known is None:
            known = Space(self.supergraph, profile.policy, labels)
            self._spaces.keep(key, known)
        return known

    def _active_labels(self, given: Collection[str]) -> frozenset[str]:
        """The override labels that hold for one request: those given, and `percent(x)` by one roll for all of them, so
        that there are no more plans of an operation than percentages."""
        rolled = self._roll()
        return frozenset(
            label
            for label, percent in self._labels.items()
            if label in given or (percent is not None and rolled < percent)
        )

    def _introspect(self, prepared: Prepared, variables: Mapping[str, Any]) -> Introspected | None:
        """The fields that the API schema itself answers, if any are asked for."""
        text, name = prepared.plan.introspection, prepared.declared.name
        if text is None:
            return None
        return introspect(self.supergraph.api_schema, text, name, variables, self.limits.execution.introspection)


def _unreachable(error: RequestError) -> str | None:
    """The field that cannot be reached, if that is the error."""
    first = error.errors[0]
    return str(first.extensions["coordinate"]) if first.code == UNREACHABLE else None


def _joined(plan: QueryPlan, told: Introspected, answer: Answer) -> Answer:
    """The answer with what introspection told, in the client's order."""
    data = None
    if answer.data is not None and told.data is not None:
        merged = {**answer.data, **told.data}
        data = {key: merged[key] for key in plan.order if key in merged}
    return replace(answer, encoded=write_json(data), errors=answer.errors + told.errors)


def _override_labels(supergraph: Supergraph) -> dict[str, float | None]:
    """Every progressive override's label, with the percentage that it stands for."""
    return {label: _percent(label) for label in sorted(supergraph.override_labels)}


def _percent(label: str) -> float | None:
    found = _PERCENT.fullmatch(label)
    return float(found[1]) if found else None
