"""Running a program: fetches by dependency, each answer put in place, the whole written at once.

One task a fetch, and one that waits for them. On anything unusual the fetches go on: whoever takes over finds them in
`fetches`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from gateway.federation.answer import Answer
from gateway.federation.errors import FetchError
from gateway.federation.execution.compiled.notes import Notes
from gateway.federation.execution.compiled.program import Program, StepCode
from gateway.federation.execution.compiled.source import Unusual
from gateway.federation.execution.fetcher import Fetcher, SubgraphRequest

_encode = msgspec.json.Encoder().encode

Fetches = dict[int, tuple[SubgraphRequest, "asyncio.Task[bytes]"]]
"""By step: what was asked, and the answer's bytes to come."""
Found = list[tuple[int, list[tuple[list[Any], list[Any]]]]]
"""Of each `_entities` field: how many representations were sent, and (hits, lone objects) of each target."""


@dataclass(eq=False, slots=True)
class ProgramRun:
    """One run. `most`: how many entities one fetch may ask for."""

    program: Program
    variables: Mapping[str, Any]
    fetcher: Fetcher
    context: object
    most: int
    subject: Mapping[str, str]
    fetches: Fetches = field(default_factory=dict)

    async def answer(self) -> Answer:
        """The answer. Raises `Unusual`."""
        root = self.program.new_root()
        await self._steps(root)
        if self.program.finish is None:
            return Answer(_encode(root))
        notes = Notes(self.subject)
        encoded = _encode(self.program.finish(root, notes, ()))
        return Answer(encoded, tuple(notes.errors.values()), touched=tuple(notes.touched))

    async def _steps(self, root: Any) -> None:
        waiting = {code.step.id: len(code.step.depends_on) for code in self.program.steps}
        running: dict[asyncio.Task[bytes], tuple[StepCode, Found]] = {}
        ready = [code for code in self.program.steps if not code.step.depends_on]
        while True:
            for code in ready:  # it grows: what has nothing to fetch is done at once
                found, parts = self._collect(code, root)
                if parts is None:
                    self._put_nothing(code, found)
                    ready += self._released(code, waiting)
                else:
                    running[self._send(code, parts)] = (code, found)
            if not running:
                return
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            ready = []
            for task in done:
                code, found = running.pop(task)
                _put(code, root, found, task)
                ready += self._released(code, waiting)

    def _released(self, code: StepCode, waiting: dict[int, int]) -> list[StepCode]:
        """The steps that waited for this one last."""
        released = []
        for dependent in self.program.dependents[code.step.id]:
            waiting[dependent.step.id] -= 1
            if not waiting[dependent.step.id]:
                released.append(dependent)
        return released

    def _collect(self, code: StepCode, root: Any) -> tuple[Found, list[bytes] | None]:
        """What the step asks for, with its variables as JSON members; None for these if there is nothing to ask."""
        if not code.readings:
            return [], None
        given = self.variables
        parts = [text + _encode(given[name]) for name, text in code.variables if name in given]
        found: Found = []
        wanted = 0
        for each in code.lists:
            sent, targets = each.collect(root, _encode)
            found.append((len(sent), targets))
            wanted += len(sent)
            parts.append(each.variable + _encode(sent))
        if wanted > self.most:
            raise Unusual
        return found, None if code.lists and not wanted else parts

    def _send(self, code: StepCode, parts: list[bytes]) -> asyncio.Task[bytes]:
        step = code.step
        body = code.head + (b',"variables":{' + b",".join(parts) + b"}" if parts else b"") + code.tail
        request = SubgraphRequest(step.subgraph, step.kind, step.operation, step.operation_name, body)
        task = asyncio.get_running_loop().create_task(self.fetcher.fetch(request, self.context))
        self.fetches[step.id] = (request, task)
        return task

    def _put_nothing(self, code: StepCode, found: Found) -> None:
        for each, (_, targets) in zip(code.lists, found, strict=True):
            for (put, _), (_, lone) in zip(each.puts, targets, strict=True):
                put((), lone, ())


def _put(code: StepCode, root: Any, found: Found, task: asyncio.Task[bytes]) -> None:
    """Writes an answer into the objects that it is for."""
    try:
        raw = task.result()
        answers = [read(raw) for read in code.readings]
    except (FetchError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unusual from error
    if any(answer.errors for answer in answers):
        raise Unusual
    if code.put_root is not None:
        code.put_root(((root, 0),), (), (answers[0].data,))
    for each, (sent, targets) in zip(code.lists, found, strict=True):
        for (put, reading), (hits, lone) in zip(each.puts, targets, strict=True):
            entities = getattr(answers[reading].data, each.key)
            if len(entities) != sent:
                raise Unusual
            put(hits, lone, entities)
