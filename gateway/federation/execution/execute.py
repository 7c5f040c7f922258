"""Query plan -> answer: fetch, merge, project.

Steps run by dependency, not in waves: each starts as soon as the steps it waits for are done. One failing step costs
its own fields; the others go on. If whoever asked goes away, every fetch under way is cancelled.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from gateway.federation.answer import Answer, answer_of
from gateway.federation.errors import ClientError, FetchError
from gateway.federation.execution.asked import asked_by
from gateway.federation.execution.check import checked_entities, checked_root
from gateway.federation.execution.compiled.program import Program
from gateway.federation.execution.compiled.run import Fetches, ProgramRun
from gateway.federation.execution.compiled.source import Unusual
from gateway.federation.execution.conditions import all_met
from gateway.federation.execution.contexts import questions
from gateway.federation.execution.errors import ErrorPaths, StepFailure, translate
from gateway.federation.execution.fetcher import Fetcher, SubgraphResponse, read_response, subgraph_request
from gateway.federation.execution.merge import merge
from gateway.federation.execution.project import Projector
from gateway.federation.execution.representations import Collected, collect, objects_at
from gateway.federation.planning.query_plan import FetchStep, QueryPlan
from gateway.federation.policy import NOBODY

log = logging.getLogger(__name__)


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
    program: Program | None = None,
    subject: Mapping[str, str] = NOBODY,
) -> Answer:
    """Runs a plan. `variables` are checked JSON values, defaults applied; `program` is the plan compiled for them;
    `subject` is what the policy's conditions may compare with."""
    limits = limits or ExecutionLimits()
    fetches: Fetches = {}
    try:
        if program is not None:
            try:
                run = ProgramRun(program, variables, fetcher, context, limits.representations, subject, fetches)
                return await run.answer()
            except Unusual:
                log.debug("a program leaves its answer to the interpreter")
        slow = _Run(plan, variables, fetcher, context, limits, subject, fetches)
        await slow.steps()
        return slow.answer()
    finally:
        _end(fetches)


def _end(fetches: Fetches) -> None:
    """No fetch goes on, and no error of one is asked for again."""
    for _, task in fetches.values():
        if not task.cancel() and not task.cancelled():
            task.exception()


@dataclass(eq=False)
class _Run:
    plan: QueryPlan
    variables: Mapping[str, Any]
    fetcher: Fetcher
    context: object
    limits: ExecutionLimits
    subject: Mapping[str, str]
    fetches: Fetches
    """Those that a program has under way."""
    data: dict[str, Any] = field(default_factory=dict)
    failures: list[StepFailure] = field(default_factory=list)
    troubled: set[int] = field(default_factory=set)
    """Steps that failed in some part, and those that wait for them."""

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
        if not all_met(step.conditions, self.variables):
            return
        variables = {name: self.variables[name] for name in step.variables if name in self.variables}
        if step.with_contexts:
            await self._with_contexts(step)
        elif step.entities:
            await self._entities(step, variables)
        else:
            await self._root(step, variables)

    async def _root(self, step: FetchStep, variables: dict[str, Any]) -> None:
        targets = objects_at(self.data, step.path)
        if not targets:
            return
        response = await self._fetch(step, variables, {})
        if response is None:
            return
        data, errors = checked_root(step, response)
        if errors:
            self._fail(step, {}, errors)
        self._merge(step, targets, data)

    async def _entities(self, step: FetchStep, variables: dict[str, Any]) -> None:
        starved = self._starved(step)
        asked = {each.key: collect(self.data, each, self.variables, starved[each.key]) for each in step.entities}
        wanted = sum(len(collected.sent) for collected in asked.values())
        if not wanted:
            return
        if wanted > self.limits.representations:
            self._fail(step, asked, [_too_many(step, self.limits.representations)])
            return
        for entities in step.entities:
            variables[entities.variable] = asked[entities.key].sent
        await self._ask(step, asked, variables)

    async def _with_contexts(self, step: FetchStep) -> None:
        asked = questions(self.data, step, self.variables, self._starved(step))
        wanted = sum(len(collected.sent) for question in asked for collected in question.asked.values())
        if wanted > self.limits.representations:
            self._fail(asked[0].step, asked[0].asked, [_too_many(step, self.limits.representations)])
            return
        async with asyncio.TaskGroup() as group:
            for question in asked:
                group.create_task(self._ask(question.step, question.asked, question.variables))

    async def _ask(self, step: FetchStep, asked: Mapping[str, Collected], variables: Mapping[str, Any]) -> None:
        response = await self._fetch(step, variables, asked)
        if response is None:
            return
        sent = {key: collected.sent for key, collected in asked.items()}
        answered, errors = checked_entities(self.plan, step, response, sent)
        if errors:
            self._fail(step, asked, errors)
        for key, entities_of_key in answered.items():
            collected = asked[key]
            for index, (entity, targets) in enumerate(zip(entities_of_key, collected.targets, strict=True)):
                for hidden in collected.withheld.get(index, ()):
                    (entity or {}).pop(hidden, None)
                self._merge(step, targets, entity)

    def _merge(self, step: FetchStep, targets: Sequence[dict[str, Any]], source: dict[str, Any] | None) -> None:
        if source is not None:
            for target in targets:
                merge(target, deepcopy(source) if step.apart else source)

    def _starved(self, step: FetchStep) -> dict[str, frozenset[str] | None]:
        """What each of the step's `_entities` fields asks for, if a fetch that its inputs come from has failed."""
        starved = not self.troubled.isdisjoint(step.depends_on)
        if starved:
            self.troubled.add(step.id)
        return {each.key: _keys(step, each.key) if starved else None for each in step.entities}

    async def _fetch(
        self, step: FetchStep, variables: Mapping[str, Any], asked: Mapping[str, Collected]
    ) -> SubgraphResponse | None:
        try:
            request = subgraph_request(step.subgraph, step.kind, step.operation, step.operation_name, variables)
            asked_before, answer = self.fetches.get(step.id, (None, None))
            # What has effects is never asked twice; its request is the client's variables alone, so it is the same.
            if answer is None or (asked_before != request and step.kind == "query"):
                return read_response(step.subgraph, await self.fetcher.fetch(request, self.context))
            return read_response(step.subgraph, await answer)
        except FetchError as error:
            self._fail(step, asked, [{"message": error.message, "extensions": {"code": error.code}}])
            return None

    def _fail(self, step: FetchStep, asked: Mapping[str, Collected], errors: Sequence[dict[str, Any]]) -> None:
        self.troubled.add(step.id)
        self.failures.append(StepFailure(step, asked, errors))

    def answer(self) -> Answer:
        """The response: errors of subgraphs first, then what the projection found."""
        errors = self._translated()
        explained = frozenset(error.path for error in errors if error.path is not None)
        projector = Projector(self.plan, self.variables, explained, self.subject)
        data = projector.root(self.data)
        answer = answer_of(data, _bounded(errors + projector.errors, self.limits.errors))
        return replace(answer, touched=tuple(projector.touched), withheld=tuple(projector.withheld))

    def _translated(self) -> list[ClientError]:
        """The subgraphs' errors, one more than are shown at most."""
        if not self.failures:
            return []
        paths = ErrorPaths(self.plan, self.data, self.variables)
        translated = (error for failure in self.failures for error in translate(failure, paths))
        return list(islice(translated, self.limits.errors + 1))


def _keys(step: FetchStep, key: str) -> frozenset[str]:
    """What one of the step's `_entities` fields asks for, type names apart."""
    asked = asked_by(step.operation).below(key)
    return frozenset() if asked is None else asked.keys - {"__typename"}


def _too_many(step: FetchStep, most: int) -> dict[str, Any]:
    message = f"More than {most} entities would be asked of {step.subgraph} at once. Ask for smaller pages."
    return {"message": message, "extensions": {"code": "TOO_MANY_ENTITIES"}}


def _bounded(errors: list[ClientError], most: int) -> tuple[ClientError, ...]:
    if len(errors) <= most:
        return tuple(errors)
    return (*errors[:most], ClientError(f"More errors than {most} are left out.", "TOO_MANY_ERRORS"))
