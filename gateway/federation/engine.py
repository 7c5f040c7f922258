"""One request, from operation to answer.

prepared = engine.prepare(query, operation_name, profile)   # cached: parse, validate, normalise, plan
answer = await engine.execute(prepared, variables, context)  # fetch, merge, project
"""

from __future__ import annotations

import random
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import execute_sync, parse

from gateway.federation.answer import Answer
from gateway.federation.errors import ClientError
from gateway.federation.execution.execute import ExecutionLimits, execute_plan
from gateway.federation.execution.fetcher import Fetcher
from gateway.federation.operation.limits import DocumentLimits
from gateway.federation.operation.parse import ParsedOperation, parse_operation
from gateway.federation.operation.variables import check_variables
from gateway.federation.planning.plan import PlanLimits, plan
from gateway.federation.planning.query_plan import QueryPlan
from gateway.federation.planning.space import Space
from gateway.federation.policy import Policy, allow_everything
from gateway.federation.supergraph.model import Supergraph


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of user: everything in a policy that could change a plan, under a name. Equal names, equal policies."""

    name: str
    policy: Policy


OPEN = Profile("open", allow_everything)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one engine. `plans`: how many prepared operations are kept; `spaces`: for how many profiles."""

    plans: int = 10_000
    spaces: int = 200
    document: DocumentLimits = field(default_factory=DocumentLimits)
    planning: PlanLimits = field(default_factory=PlanLimits)
    execution: ExecutionLimits = field(default_factory=ExecutionLimits)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An operation ready to run for one profile."""

    parsed: ParsedOperation
    plan: QueryPlan

    @property
    def kind(self) -> str:
        """`query`, `mutation` or `subscription`."""
        return self.parsed.kind


class Engine:
    """Serves one supergraph. Nothing here changes after it is made but the caches of plans."""

    def __init__(
        self,
        supergraph: Supergraph,
        fetcher: Fetcher,
        limits: Limits | None = None,
        roll: Callable[[], float] = lambda: random.random() * 100,  # noqa: S311 - no secret hangs on it
    ) -> None:
        self.supergraph = supergraph
        self.fetcher = fetcher
        self.limits = limits or Limits()
        self._roll = roll
        self._labels = _override_labels(supergraph)
        self._prepared: OrderedDict[object, Prepared] = OrderedDict()
        self._spaces: OrderedDict[object, Space] = OrderedDict()

    def prepare(self, query: str, operation_name: str | None = None, profile: Profile = OPEN) -> Prepared:
        """Parses, validates and plans, or takes all that from the cache. Raises `RequestError`."""
        labels = self._active_labels() if self._labels else frozenset()
        key = (query, operation_name, profile.name, labels)
        known = self._prepared.get(key)
        if known is not None:
            self._prepared.move_to_end(key)
            return known
        parsed = parse_operation(query, operation_name, self.supergraph.api_schema, self.limits.document)
        prepared = Prepared(parsed, plan(parsed, self._space(profile, labels), self.limits.planning))
        _keep(self._prepared, key, prepared, self.limits.plans)
        return prepared

    async def execute(self, prepared: Prepared, variables: Mapping[str, Any], context: object = None) -> Answer:
        """Runs a prepared operation. Raises `RequestError` for variables that do not fit its declarations."""
        checked = check_variables(prepared.parsed, self.supergraph.api_schema, variables)
        answer = await execute_plan(prepared.plan, checked, self.fetcher, context, self.limits.execution)
        if prepared.plan.introspection is None:
            return answer
        return self._with_introspection(prepared, checked, answer)

    def _space(self, profile: Profile, labels: frozenset[str]) -> Space:
        key = (profile.name, labels)
        if key not in self._spaces:
            _keep(self._spaces, key, Space(self.supergraph, profile.policy, labels), self.limits.spaces)
        return self._spaces[key]

    def _active_labels(self) -> frozenset[str]:
        """The override labels that hold for one request: `percent(x)` by one roll, others never by themselves."""
        rolled = self._roll()
        return frozenset(label for label, percent in self._labels.items() if percent is not None and rolled < percent)

    def _with_introspection(self, prepared: Prepared, variables: Mapping[str, Any], answer: Answer) -> Answer:
        """The answer with the fields that the API schema itself answers, in the client's order."""
        assert prepared.plan.introspection is not None  # noqa: S101 - the caller looked
        outcome = execute_sync(
            self.supergraph.api_schema,
            parse(prepared.plan.introspection),
            variable_values=dict(variables),
            operation_name=prepared.parsed.name,
        )
        errors = tuple(
            ClientError(error.message, "INTROSPECTION_FAILED", tuple(error.path or ()))
            for error in outcome.errors or ()
        )
        if answer.data is None or outcome.data is None:
            return Answer(None, answer.errors + errors, answer.extensions)
        merged = {**answer.data, **outcome.data}
        ordered = {key: merged[key] for key in prepared.plan.order if key in merged}
        return Answer(ordered, answer.errors + errors, answer.extensions)


def _keep(cache: OrderedDict[object, Any], key: object, value: Any, bound: int) -> None:
    cache[key] = value
    while len(cache) > bound:
        cache.popitem(last=False)


def _override_labels(supergraph: Supergraph) -> dict[str, float | None]:
    """Every progressive override's label, with the percentage that it stands for."""
    labels = {
        entry.override_label
        for info in supergraph.types.values()
        for entries in info.fields.values()
        for entry in entries.values()
        if entry.override_label is not None
    }
    return {label: _percent(label) for label in sorted(labels)}


def _percent(label: str) -> float | None:
    if label.startswith("percent(") and label.endswith(")"):
        return float(label.removeprefix("percent(").removesuffix(")"))
    return None
