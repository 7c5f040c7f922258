"""A federated world in a few lines: subgraph SDLs and one set of data, asked through the engine or as one server.

    world = World({"books": "type Query { ... }", "loans": "..."}, {"Query": {"book": "b1"}, "b1": {...}})
    await world.check("{ book { title } }")          # the engine's answer is that of one server with all the data
    answer = await world.ask("{ book { title } }", subgraphs=world.local(broken={"loans"}))

**Data.** Records by name; `Query` and `Mutation` are the root types' own. A record is a dict of fields with its
`__typename`, which value objects written in place may leave out where a field has one type. Where a field is an object,
a string names a record; a list of a field that is no list holds candidates, of which the arguments choose one whose
fields of their names equal them; `{"error": "words"}` fails. Named records are what `_entities` finds, by any
resolvable key.

**Computed values.** Arguments and the inputs of `@requires` show in the value (`varied`), so a wrong one is seen.

**Honesty.** A subgraph has no more than its SDL says. It complains, and the test that asked fails, if an operation is
not valid in its schema, a representation is of no type of its own, has no resolvable key, has fields that it does not
declare or comes twice, or if it is asked for a field that it only declares, or for one whose inputs are not handed in.

SDLs are Federation 2's, directives under their own names (`@key` or `@federation__key`).
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from graphql import (
    ExecutionResult,
    FieldNode,
    GraphQLError,
    GraphQLResolveInfo,
    InlineFragmentNode,
    SelectionSetNode,
    execute_sync,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_type_sub_type_of,
)
from graphql.execution.values import get_argument_values
from world_sdl import Record, canonical, each_of, effect, parsed
from world_subgraphs import LocalSubgraph, LocalSubgraphs, Seen

from gateway.federation.answer import Answer
from gateway.federation.composition.compose import compose
from gateway.federation.composition.subgraph import Source
from gateway.federation.engine import OPEN, Engine, Limits, Prepared, Profile
from gateway.federation.execution.execute import execute_plan
from gateway.federation.operation.variables import check_variables
from gateway.federation.planning.query_plan import QueryPlan
from gateway.federation.policy import NOBODY
from gateway.federation.supergraph.model import Supergraph
from gateway.federation.supergraph.read import read_supergraph

FEDERATION = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external",
  "@requires", "@provides", "@shareable", "@override", "@interfaceObject", "@inaccessible", "@extends", "@tag"])
"""
"""What makes an SDL one of Federation 2; `World` puts it before those that have no `@link`."""


Shows = Callable[[Seen, str, str], bool]
"""Whether an object, of that runtime type, shows the field of that name."""


@dataclass(frozen=True)
class World:
    """Subgraphs by name and their data. `supergraph_sdl` is for what cannot be composed here."""

    sdls: Mapping[str, str]
    data: Mapping[str, Record]
    supergraph_sdl: str = ""
    _prepared: dict[tuple[str, str, bool], Prepared] = field(default_factory=dict, repr=False)

    @cached_property
    def supergraph(self) -> Supergraph:
        """Raises `CompositionError`."""
        return read_supergraph(self.supergraph_sdl or compose(self._sources()).sdl)

    def _sources(self) -> Iterator[Source]:
        for name, sdl in self.sdls.items():
            yield Source(name, sdl if "@link" in sdl else FEDERATION + sdl)

    @cached_property
    def subgraphs(self) -> Mapping[str, LocalSubgraph]:
        return {name: LocalSubgraph(name, sdl, self) for name, sdl in self.sdls.items()}

    def local(self, broken: Collection[str] = ()) -> LocalSubgraphs:
        """A fetcher over all subgraphs, of which some cannot be reached."""
        return LocalSubgraphs(self, frozenset(broken))

    async def check(self, query: str, variables: Mapping[str, Any] | None = None) -> Answer:
        """The engine's answer, which is what one server with all the data would say."""
        local = self.local()
        answer = await self.ask(query, variables, local)
        effects: list[str] = []
        expected = self.monolith(query, variables, effects)
        if expected.data is None:  # what follows a null that took everything may run or not (GraphQL, 6.4.4)
            local.effects = local.effects[: len(effects)]
        assert local.effects == effects, query
        assert json.dumps(answer.data) == json.dumps(expected.data), f"{query}\n{answer.data}\nis not\n{expected.data}"
        told = [*map(str, expected.errors or ()), *(error.message for error in answer.errors)]
        assert bool(answer.errors) == bool(expected.errors), f"{query}\n{told}"
        return answer

    async def ask(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        subgraphs: LocalSubgraphs | None = None,
        profile: Profile = OPEN,
        recorded: bool = False,
        subject: Mapping[str, str] = NOBODY,
    ) -> Answer:
        """The engine's answer; every operation of its plan is valid where it goes, sent or not, and the plan says the
        same compiled and interpreted."""
        local = subgraphs or self.local()
        twin = LocalSubgraphs(self, local.broken, keeps_back=local.keeps_back)
        engine = Engine(self.supergraph, local, Limits(program_after=0), recorded=recorded)
        prepared = self.prepared(query, profile, recorded)
        answer = await engine.execute(prepared, variables or {}, None, subject)
        checked = _checked(self, prepared, variables)
        interpreted = await execute_plan(prepared.plan, checked, twin, None, subject=subject)
        if prepared.plan.introspection is None:
            assert answer.encoded == interpreted.encoded
            assert Counter(map(repr, answer.errors)) == Counter(map(repr, interpreted.errors))
        assert answer.touched == interpreted.touched
        assert answer.withheld == interpreted.withheld
        assert not local.complaints, "\n".join(local.complaints)
        return answer

    def prepared(self, query: str, profile: Profile = OPEN, recorded: bool = False) -> Prepared:
        """The operation's plan, which is the same each time it is made."""
        key = (query, profile.name, recorded)
        if key not in self._prepared:
            engines = (Engine(self.supergraph, self.local(), recorded=recorded) for _ in range(2))
            once, again = (engine.prepare(query, profile=profile) for engine in engines)
            assert once.plan.steps == again.plan.steps, query
            self.check_plan(once.plan)
            self._prepared[key] = once
        return self._prepared[key]

    def check_plan(self, plan: QueryPlan) -> None:
        """Raises `AssertionError` with the operation that its subgraph would refuse."""
        for step in plan.steps:
            faults = self.subgraphs[step.subgraph].faults(step.operation)
            assert not faults, f"{step.subgraph}: {step.operation}\n{faults}"

    def monolith(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        effects: list[str] | None = None,
        shows: Shows = lambda seen, type_name, name: True,
    ) -> ExecutionResult:
        """What one server with the API schema and all the data answers. `effects` collects the mutation fields; what
        `shows` does not is null."""

        def resolve(seen: Seen | None, info: GraphQLResolveInfo, **arguments: Any) -> Any:
            shown = shows(seen or self.root(info.parent_type.name), info.parent_type.name, info.field_name)
            return self._resolve(seen, info, **arguments) if shown else None

        return execute_sync(
            self.supergraph.api_schema,
            parsed(query),
            context_value=[] if effects is None else effects,
            variable_values=dict(variables or {}),
            field_resolver=resolve,
            type_resolver=lambda seen, _info, _type: seen.typename,
        )

    def _resolve(self, seen: Seen | None, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        if seen is None:
            seen = self.root(info.parent_type.name)
            if info.operation.operation.value == "mutation":
                info.context.append(effect(info.field_name, arguments))
        given = self.inputs(seen, info.parent_type.name, info.field_name)
        return self.value(seen, info.field_name, info.return_type, arguments, given)

    # --- the truth ------------------------------------------------------------------------------------------------

    def root(self, type_name: str) -> Seen:
        return Seen({"__typename": type_name, **self.data.get(type_name, {})}, type_name)

    def value(self, seen: Seen, name: str, of_type: Any, arguments: Record, given: Any, provided: Any = ()) -> Any:
        """A field's value: leaves as they are, objects as `Seen`. `given`: the inputs of `@requires`, or None."""
        raw = seen.record.get(name)
        named = get_named_type(of_type)
        if isinstance(raw, list) and is_composite_type(get_nullable_type(of_type)):
            turned = varied(raw, named.name, arguments, given)
            candidates = (self._wrapped(item, named, provided) for item in turned)
            return next((found for found in candidates if _has(found.record, arguments)), None)
        return self._wrapped(varied(raw, named.name, arguments, given), named, provided)

    def _wrapped(self, raw: Any, named: Any, provided: Any) -> Any:
        if isinstance(raw, list):
            return [self._wrapped(item, named, provided) for item in raw]
        if isinstance(raw, dict) and raw.keys() == {"error"}:
            raise GraphQLError(raw["error"])
        if raw is None or not is_composite_type(named):
            return raw
        record = raw if isinstance(raw, dict) else {"__typename": raw, **self.data[raw]}
        return Seen(record, record.get("__typename", named.name), provided=provided)

    def inputs(self, seen: Seen, owner: str, name: str) -> Any:
        """What the field requires, as the whole data has it."""
        required = next(self._required(owner, name), None)
        return None if required is None else self.projected(seen, required)

    def _required(self, owner: str, name: str) -> Iterator[SelectionSetNode]:
        owners = [owner, *(interface.name for interface in self._type(owner).interfaces)]
        for subgraph in self.subgraphs.values():
            for found in owners:
                rule = subgraph.rules.get((found, name))
                if rule is not None and rule.requires is not None and not rule.only_declared:
                    yield rule.requires

    def projected(self, seen: Seen, wanted: SelectionSetNode) -> Any:
        """A field set's values, as JSON."""
        answer: dict[str, Any] = {}
        for part in self.parts(wanted, seen.typename):
            name = part.name.value
            if name != "__typename":
                field_type = self._type(seen.typename).fields[name]
                arguments = get_argument_values(field_type, part)
                given = self.inputs(seen, seen.typename, name)
                value = self.value(seen, name, field_type.type, arguments, given)
                answer[name] = each_of(value, lambda item, part=part: self._inside(item, part))
        return answer

    def _inside(self, item: Any, part: FieldNode) -> Any:
        return self.projected(item, part.selection_set) if isinstance(item, Seen) else item

    def parts(self, wanted: SelectionSetNode, type_name: str) -> Iterator[FieldNode]:
        """The fields of a field set that apply to a type."""
        for part in wanted.selections:
            if isinstance(part, FieldNode):
                yield part
            elif isinstance(part, InlineFragmentNode):
                condition = part.type_condition
                if condition is None or self.is_a(type_name, condition.name.value):
                    yield from self.parts(part.selection_set, type_name)

    def is_a(self, type_name: str, other: str) -> bool:
        schema = self.supergraph.schema
        types = schema.type_map
        return type_name == other or (
            type_name in types and other in types and is_type_sub_type_of(schema, types[type_name], types[other])
        )

    def _type(self, name: str) -> Any:
        return self.supergraph.schema.type_map[name]


def _checked(world: World, prepared: Prepared, variables: Mapping[str, Any] | None) -> dict[str, Any]:
    return check_variables(prepared.declared, world.supergraph.api_schema, variables or {})


def varied(value: Any, type_name: str, arguments: Record, given: Any) -> Any:
    """The value under arguments and inputs: text has them in it, a number is moved by them, a list turned."""
    if value is None or (not arguments and given is None):
        return value
    marks = (canonical(arguments) if arguments else "") + (canonical(given) if given is not None else "")
    turn = zlib.crc32(marks.encode())
    if isinstance(value, list) and value:
        start = turn % len(value)
        return [*value[start:], *value[:start]]
    if type_name == "Int" and type(value) is int:
        return value + turn % 1000
    return f"{value} {marks}" if type_name in ("String", "ID") and isinstance(value, str) else value


def _has(record: Record, arguments: Record) -> bool:
    return all(record[name] == value for name, value in arguments.items() if name in record)
