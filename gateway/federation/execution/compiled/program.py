"""A plan -> a program: what the hot path runs, made once for a plan and the values of its conditions.

A program does what the interpreter (`execute.py`) does, for answers in which nothing is out of the ordinary. Whatever
else comes (an error, a null where none may be, a value of another type) is `Unusual`, and the interpreter starts over
with the answers that are there. So what answers mean is said in one place only, and a program may be as plain as it is
fast.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Optional

import msgspec
import orjson
from graphql import GraphQLSchema

from gateway.federation.execution.compiled.collect import Collector, Input, Target
from gateway.federation.execution.compiled.convert import Converter
from gateway.federation.execution.compiled.places import NotCompiled, Place, Stored, Survey
from gateway.federation.execution.compiled.put import put_function
from gateway.federation.execution.compiled.source import Function
from gateway.federation.execution.compiled.structs import Class, Structs, one_of
from gateway.federation.execution.fetcher import request_ends
from gateway.federation.planning.query_plan import Entities, FetchStep, QueryPlan

Decode = Any
"""`bytes -> response`: an object with `data` and `errors`."""


@dataclass(frozen=True, slots=True)
class ListCode:
    """One `_entities` field: `variable` is the JSON text before its representations, `key` the attribute of the data
    that holds the list; `puts` one for each target, with the number of the reading to put from."""

    variable: bytes
    key: str
    collect: Function
    puts: tuple[tuple[Function, int], ...]


@dataclass(frozen=True, slots=True)
class StepCode:
    """One step. `readings`: how its answer is read, in several ways where it goes to places that differ, none if the
    step does not run; `put_root` writes a root answer."""

    step: FetchStep
    head: bytes
    tail: bytes
    """What the body of the request begins and ends with."""
    variables: tuple[tuple[str, bytes], ...]
    """The client's variables, each with the JSON text before its value."""
    readings: tuple[Decode, ...] = ()
    put_root: Function | None = None
    lists: tuple[ListCode, ...] = ()


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled plan. `dependents`: by step, those that wait for it; `new_root` makes the object that everything is
    put under, `finish(root, notes, way)` what is written of it (None: itself)."""

    steps: tuple[StepCode, ...]
    dependents: Mapping[int, tuple[StepCode, ...]]
    new_root: Class
    finish: Function | None


def compile_plan(plan: QueryPlan, schema: GraphQLSchema, variables: Mapping[str, Any]) -> Program:
    """The program for these values of the conditions' variables. `schema`: the whole one, inaccessible elements
    included. Raises `NotCompiled`."""
    if plan.introspection is not None:
        raise NotCompiled("introspection")
    if any(step.with_contexts for step in plan.steps):
        raise NotCompiled("contexts")
    survey = Survey(plan, schema, variables)
    compiler = _Compiler(survey)
    return compiler.program()


class _Compiler:
    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.structs = Structs(survey)
        self.inputs: set[Input] = set()

    def program(self) -> Program:
        root = self.survey.root
        # What later steps are cut from must be known before the first is written.
        runs = {step.id: [self._cut(entities) for entities in step.entities] for step in self.survey.steps}
        steps = tuple(self._step(step, runs.get(step.id)) for step in self.survey.plan.steps)
        finish = None
        if not self.structs.is_direct(root):
            finish = Converter(self.structs).function(root, self.survey.plan.projection)
        dependents = {
            code.step.id: tuple(other for other in steps if code.step.id in other.step.depends_on) for code in steps
        }
        return Program(steps, dependents, self.structs.class_of(root, root.type), finish)

    def _step(self, step: FetchStep, lists: list[tuple[Entities, Function, list[Target]]] | None) -> StepCode:
        head, tail = request_ends(step.operation, step.operation_name)
        code = StepCode(step, head, tail, tuple((name, _member(name)) for name in step.variables))
        if lists is None:
            return code
        return self._entities(code, lists) if step.entities else self._root(code)

    def _cut(self, entities: Entities) -> tuple[Entities, Function, list[Target]]:
        collector = Collector(self.structs, entities, self.inputs)
        return entities, collector.function(), collector.targets

    def _fields(self, target: Target, step: FetchStep) -> list[Stored]:
        return [each for each in target.place.objects[target.type].values() if each.step == step.id]

    def _put(self, target: Target, fields: list[Stored], part: Class) -> Function:
        return put_function(self.structs, target, fields, part, self.inputs)

    def _root(self, code: StepCode) -> StepCode:
        target = Target(self.survey.root, self.survey.root.type)
        fields = self._fields(target, code.step)
        part = self.structs.part(fields, None)
        return replace(code, readings=(_decode(part),), put_root=self._put(target, fields, part))

    def _entities(self, code: StepCode, lists: Sequence[tuple[Entities, Function, list[Target]]]) -> StepCode:
        step = code.step
        readings: list[dict[str, tuple[Class, ...]]] = []
        codes = []
        for entities, collect, targets in lists:
            puts: dict[Target, tuple[Function, int]] = {}
            for alike in _by_place(targets):
                parts = [
                    self.structs.part(self._fields(target, step), target.type if len(alike) > 1 else None)
                    for target in alike
                ]
                reading = _reading(readings, entities.key, tuple(parts))
                for target, part in zip(alike, parts, strict=True):
                    puts[target] = (self._put(target, self._fields(target, step), part), reading)
            codes.append(
                ListCode(_member(entities.variable), entities.key, collect, tuple(puts[target] for target in targets))
            )
        if not readings:  # no place's conditions hold
            return code
        return replace(code, readings=tuple(_decode(_data(reading)) for reading in readings), lists=tuple(codes))


def _by_place(targets: Sequence[Target]) -> list[list[Target]]:
    """The targets at each place, each once: a place may be met on several ways."""
    found: dict[Place, list[Target]] = {}
    for target in dict.fromkeys(targets):
        found.setdefault(target.place, []).append(target)
    return list(found.values())


def _member(name: str) -> bytes:
    return orjson.dumps(name) + b":"


def _reading(readings: list[dict[str, tuple[Class, ...]]], key: str, parts: tuple[Class, ...]) -> int:
    """The number of the reading of the answer that has the list under the key read into these classes."""
    for number, reading in enumerate(readings):
        if reading.setdefault(key, parts) == parts:
            return number
    readings.append({key: parts})
    return len(readings) - 1


def _data(reading: Mapping[str, tuple[Class, ...]]) -> Class:
    members: list[Any] = [(key, list[Optional[one_of(parts)]]) for key, parts in reading.items()]  # type: ignore[misc]  # noqa: UP045
    return msgspec.defstruct("Data", members, kw_only=True, gc=False)


def _decode(data: Class) -> Decode:
    members: list[Any] = [("data", data), ("errors", list[Any] | None | msgspec.UnsetType, msgspec.UNSET)]
    response = msgspec.defstruct("Response", members, kw_only=True, gc=False)
    return msgspec.json.Decoder(response).decode
