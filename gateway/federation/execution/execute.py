"""Query plan -> answer: fetch, merge, project.

Steps run by dependency, not in waves: each starts as soon as the steps it waits for are done. One failing step costs
its own fields; the others go on. If whoever asked goes away, every fetch under way is cancelled.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from gateway.federation.answer import Answer
from gateway.federation.errors import ClientError, FetchError
from gateway.federation.execution import contexts
from gateway.federation.execution.check import checked_entities, checked_root
from gateway.federation.execution.errors import ErrorPaths, StepFailure, translate
from gateway.federation.execution.fetcher import Fetcher, SubgraphRequest, SubgraphResponse
from gateway.federation.execution.merge import merge
from gateway.federation.execution.project import Projector
from gateway.federation.execution.representations import Collected, collect, objects_at
from gateway.federation.planning.query_plan import FetchStep, QueryPlan


@dataclass(frozen=True, slots=True)
class ExecutionLimits:
    """`representations`: how many entities one fetch may ask for; `errors`: how many errors one answer carries;
    `introspection`: how many fields of the schema one operation may read."""

    representations: int = 20_000
    errors: int = 500
    introspection: int = 100_000


async def execute_plan(
    plan: QueryPlan,
    variables: Mapping[str, Any],
    fetcher: Fetcher,
    context: object,
    limits: ExecutionLimits | None = None,
) -> Answer:
    """Runs a plan. `variables` are checked JSON values, defaults applied."""
    run = _Run(plan, variables, fetcher, context, limits or ExecutionLimits())
    await run.steps()
    return run.answer()


@dataclass(eq=False)
class _Run:
    plan: QueryPlan
    variables: Mapping[str, Any]
    fetcher: Fetcher
    context: object
    limits: ExecutionLimits
    data: dict[str, Any] = field(default_factory=dict)
    failures: list[StepFailure] = field(default_factory=list)

    async def steps(self) -> None:
        """Runs all steps."""
        steps = self.plan.steps
        if len(steps) == 1:
            await self._step(steps[0])
        elif steps:
            await self._by_dependency(steps)

    async def _by_dependency(self, steps: tuple[FetchStep, ...]) -> None:
        waiting = {step.id: len(step.depends_on) for step in steps}
        dependents: dict[int, list[FetchStep]] = defaultdict(list)
        for step in steps:
            for other in step.depends_on:
                dependents[other].append(step)

        async def run(step: FetchStep) -> None:
            await self._step(step)
            for dependent in dependents[step.id]:
                waiting[dependent.id] -= 1
                if not waiting[dependent.id]:
                    group.create_task(run(dependent))

        async with asyncio.TaskGroup() as group:
            for step in steps:
                if not step.depends_on:
                    group.create_task(run(step))

    async def _step(self, step: FetchStep) -> None:
        if any(self.variables.get(name) is not expected for name, expected in step.conditions):
            return
        variables = {name: self.variables[name] for name in step.variables if name in self.variables}
        if step.contexts:
            await self._with_contexts(step, variables)
        elif step.representations:
            await self._entities(step, variables)
        else:
            await self._root(step, variables)

    async def _root(self, step: FetchStep, variables: dict[str, Any]) -> None:
        targets = objects_at(self.data, step.path)
        if not targets:
            return
        response = await self._fetch(step, variables, None)
        if response is None:
            return
        data, errors = checked_root(step, response)
        if errors:
            self.failures.append(StepFailure(step, None, errors))
        self._merge(step, targets, data)

    async def _entities(self, step: FetchStep, variables: dict[str, Any]) -> None:
        collected = collect(self.data, step)
        if not collected.sent or self._too_many(step, [collected]):
            return
        variables["representations"] = collected.sent
        response = await self._fetch(step, variables, collected)
        if response is not None:
            self._take(step, collected, response)

    async def _with_contexts(self, step: FetchStep, variables: dict[str, Any]) -> None:
        divisions = contexts.divide(self.data, step)
        if not self._too_many(step, [division.collected for division in divisions]):
            async with asyncio.TaskGroup() as group:
                for request, several in contexts.requests(step, divisions, variables):
                    group.create_task(self._divisions(step, request, several))

    async def _divisions(self, step: FetchStep, request: SubgraphRequest, several: Sequence[contexts.Division]) -> None:
        response = await self._send(step, request, [division.collected for division in several])
        if response is None:
            return
        for division, own in zip(several, contexts.responses(response, len(several)), strict=True):
            self._take(step, division.collected, own)

    def _too_many(self, step: FetchStep, asked: Sequence[Collected]) -> bool:
        if sum(len(collected.sent) for collected in asked) <= self.limits.representations:
            return False
        message = (
            f"More than {self.limits.representations} entities would be asked of {step.subgraph} at once. "
            "Ask for smaller pages."
        )
        error = {"message": message, "extensions": {"code": "TOO_MANY_ENTITIES"}}
        self.failures.append(StepFailure(step, asked[0], (error,)))
        return True

    def _take(self, step: FetchStep, collected: Collected, response: SubgraphResponse) -> None:
        """Merges the entities of a response."""
        entities, errors = checked_entities(self.plan, step, response, collected.sent)
        if errors:
            self.failures.append(StepFailure(step, collected, errors))
        for entity, targets in zip(entities, collected.targets, strict=False):
            self._merge(step, targets, entity)

    def _merge(self, step: FetchStep, targets: Sequence[dict[str, Any]], source: dict[str, Any] | None) -> None:
        for target in targets if source else ():
            merge(target, deepcopy(source or {}) if step.apart else source or {})

    async def _fetch(
        self, step: FetchStep, variables: dict[str, Any], collected: Collected | None
    ) -> SubgraphResponse | None:
        request = SubgraphRequest(step.subgraph, step.kind, step.operation, step.operation_name, variables)
        return await self._send(step, request, [collected])

    async def _send(
        self, step: FetchStep, request: SubgraphRequest, asked: Sequence[Collected | None]
    ) -> SubgraphResponse | None:
        try:
            return await self.fetcher.fetch(request, self.context)
        except FetchError as error:
            raw = {"message": error.message, "extensions": {"code": error.code}}
            self.failures.extend(StepFailure(step, collected, (raw,)) for collected in asked)
            return None

    def answer(self) -> Answer:
        """The response: errors of subgraphs first, then what the projection found."""
        errors = self._translated()
        explained = frozenset(error.path for error in errors if error.path is not None)
        projector = Projector(self.plan, self.variables, explained)
        data = projector.root(self.data)
        return Answer(data, _bounded(errors + projector.errors, self.limits.errors))

    def _translated(self) -> list[ClientError]:
        """The subgraphs' errors, one more than are shown at most."""
        if not self.failures:
            return []
        paths = ErrorPaths(self.plan, self.data, self.variables)
        translated = (error for failure in self.failures for error in translate(failure, paths))
        return list(islice(translated, self.limits.errors + 1))


def _bounded(errors: list[ClientError], most: int) -> tuple[ClientError, ...]:
    if len(errors) <= most:
        return tuple(errors)
    return (*errors[:most], ClientError(f"More errors than {most} are left out.", "TOO_MANY_ERRORS"))
