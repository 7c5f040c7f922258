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
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from federation_kit import encoded
from graphql import (
    ExecutionResult,
    FieldNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    build_ast_schema,
    execute_sync,
    extend_schema,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_type_sub_type_of,
    parse,
    validate,
)
from graphql.execution.values import get_argument_values
from graphql.language import (
    REMOVE,
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumTypeExtensionNode,
    InputObjectTypeDefinitionNode,
    InputObjectTypeExtensionNode,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    Node,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    OperationDefinitionNode,
    ScalarTypeDefinitionNode,
    ScalarTypeExtensionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    UnionTypeDefinitionNode,
    UnionTypeExtensionNode,
    Visitor,
    visit,
)
from graphql.utilities import value_from_ast_untyped

from gateway.federation.answer import Answer
from gateway.federation.composition.compose import compose
from gateway.federation.composition.subgraph import Source
from gateway.federation.engine import Engine, Limits, Prepared
from gateway.federation.errors import FetchError
from gateway.federation.execution.execute import execute_plan
from gateway.federation.execution.fetcher import SubgraphRequest, SubgraphResponse
from gateway.federation.operation.variables import check_variables
from gateway.federation.planning.query_plan import QueryPlan
from gateway.federation.supergraph.model import Supergraph
from gateway.federation.supergraph.read import read_supergraph

FEDERATION = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external",
  "@requires", "@provides", "@shareable", "@override", "@interfaceObject", "@inaccessible", "@extends", "@tag"])
"""
"""What makes an SDL one of Federation 2; `World` puts it before those that have no `@link`."""

Record = Mapping[str, Any]
_NOTHING = SelectionSetNode(selections=())
_WITH_FIELDS = (
    ObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeExtensionNode,
    InterfaceTypeExtensionNode,
)
_DEFINITIONS: Mapping[type[Node], type[Any]] = {
    ObjectTypeExtensionNode: ObjectTypeDefinitionNode,
    InterfaceTypeExtensionNode: InterfaceTypeDefinitionNode,
    UnionTypeExtensionNode: UnionTypeDefinitionNode,
    EnumTypeExtensionNode: EnumTypeDefinitionNode,
    InputObjectTypeExtensionNode: InputObjectTypeDefinitionNode,
    ScalarTypeExtensionNode: ScalarTypeDefinitionNode,
}


@dataclass(frozen=True)
class World:
    """Subgraphs by name and their data. `supergraph_sdl` is for what cannot be composed here."""

    sdls: Mapping[str, str]
    data: Mapping[str, Record]
    supergraph_sdl: str = ""
    _prepared: dict[str, Prepared] = field(default_factory=dict, repr=False)

    @cached_property
    def supergraph(self) -> Supergraph:
        """Raises `CompositionError`."""
        return read_supergraph(self.supergraph_sdl or compose(self._sources()))

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
        assert local.effects == effects, query
        assert json.dumps(answer.data) == json.dumps(expected.data), f"{query}\n{answer.data}\nis not\n{expected.data}"
        told = [*map(str, expected.errors or ()), *(error.message for error in answer.errors)]
        assert bool(answer.errors) == bool(expected.errors), f"{query}\n{told}"
        return answer

    async def ask(
        self, query: str, variables: Mapping[str, Any] | None = None, subgraphs: LocalSubgraphs | None = None
    ) -> Answer:
        """The engine's answer; every operation of its plan is valid where it goes, sent or not, and the plan says the
        same compiled and interpreted."""
        local = subgraphs or self.local()
        twin = LocalSubgraphs(self, local.broken)
        engine = Engine(self.supergraph, local, Limits(program_after=0))
        prepared = self.prepared(query)
        answer = await engine.execute(prepared, variables or {})
        interpreted = await execute_plan(prepared.plan, _checked(self, prepared, variables), twin, None)
        if prepared.plan.introspection is None:
            assert answer.encoded == interpreted.encoded
            assert Counter(map(repr, answer.errors)) == Counter(map(repr, interpreted.errors))
        assert not local.complaints, "\n".join(local.complaints)
        return answer

    def prepared(self, query: str) -> Prepared:
        """The operation's plan, which is the same each time it is made."""
        if query not in self._prepared:
            once, again = (Engine(self.supergraph, self.local()).prepare(query) for _ in range(2))
            assert once.plan == again.plan, query
            self.check_plan(once.plan)
            self._prepared[query] = once
        return self._prepared[query]

    def check_plan(self, plan: QueryPlan) -> None:
        """Raises `AssertionError` with the operation that its subgraph would refuse."""
        for step in plan.steps:
            faults = self.subgraphs[step.subgraph].faults(step.operation)
            assert not faults, f"{step.subgraph}: {step.operation}\n{faults}"

    def monolith(
        self, query: str, variables: Mapping[str, Any] | None = None, effects: list[str] | None = None
    ) -> ExecutionResult:
        """What one server with the API schema and all the data answers. `effects` collects the mutation fields."""
        return execute_sync(
            self.supergraph.api_schema,
            _parsed(query),
            context_value=[] if effects is None else effects,
            variable_values=dict(variables or {}),
            field_resolver=self._resolve,
            type_resolver=lambda seen, _info, _type: seen.typename,
        )

    def _resolve(self, seen: Seen | None, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        if seen is None:
            seen = self.root(info.parent_type.name)
            if info.operation.operation.value == "mutation":
                info.context.append(_effect(info.field_name, arguments))
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
                answer[name] = _each(value, lambda item, part=part: self._inside(item, part))
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


@dataclass(frozen=True)
class Seen:
    """An object on its way through an execution. `handed`: the representation that it was entered by; `provided`: the
    field sets of `@provides` that lead here."""

    record: Record
    typename: str
    handed: Record | None = None
    provided: Sequence[SelectionSetNode] = ()


@dataclass(frozen=True)
class FieldRule:
    """What a subgraph's directives say of a field. `only_declared`: external, or overridden by another subgraph."""

    requires: SelectionSetNode | None
    provides: SelectionSetNode
    only_declared: bool


class LocalSubgraph:
    """One subgraph: its own schema, and what it may answer."""

    def __init__(self, name: str, sdl: str, world: World) -> None:
        self.name = name
        self.world = world
        self.keys: dict[str, list[SelectionSetNode]] = {}
        """The resolvable ones, by type."""
        self.closed: set[str] = set()
        """Entities with keys that are not."""
        self._known_by_key: set[tuple[str, str]] = set()
        self.rules: dict[tuple[str, str], FieldRule] = {}
        self._read(parse(sdl))
        self.schema = _schema(sdl, sorted(self.keys))
        self._faults: dict[str, list[str]] = {}

    def _read(self, document: DocumentNode) -> None:
        for node in document.definitions:
            if not isinstance(node, _WITH_FIELDS):
                continue
            owner = node.name.value
            for key in _applied(node, "key"):
                fields = _field_set(key["fields"])
                self._known_by_key |= {(owner, part.name.value) for part in _plain_fields(fields)}
                if key.get("resolvable", True):
                    self.keys.setdefault(owner, []).append(fields)
                else:
                    self.closed.add(owner)
            for definition in getattr(node, "fields", None) or ():
                self.rules[owner, definition.name.value] = self._rule(node, definition)

    def _rule(self, node: Any, definition: Any) -> FieldRule:
        requires = next(_applied(definition, "requires"), None)
        provides = next(_applied(definition, "provides"), None)
        external = any(True for place in (node, definition) for _ in _applied(place, "external"))
        return FieldRule(
            requires=_field_set(requires["fields"]) if requires else None,
            provides=_field_set(provides["fields"]) if provides else _NOTHING,
            only_declared=external or f"{node.name.value}.{definition.name.value}" in self._overridden,
        )

    @cached_property
    def _overridden(self) -> frozenset[str]:
        """What other subgraphs took over from this one."""
        return frozenset(
            f"{node.name.value}.{definition.name.value}"
            for other, sdl in self.world.sdls.items()
            if other != self.name and "@override" in sdl
            for node in parse(sdl).definitions
            for definition in getattr(node, "fields", None) or ()
            for override in _applied(definition, "override")
            if override["from"] == self.name and "label" not in override
        )

    def faults(self, operation: str) -> list[str]:
        """Why the operation is not valid here."""
        if operation not in self._faults:
            self._faults[operation] = [error.message for error in validate(self.schema, _parsed(operation))]
        return self._faults[operation]

    def is_declared(self, seen: Seen, owner: str, name: str) -> bool:
        """Is the field only declared here, and neither known by a key, handed in, nor provided?"""
        rule = self.rules[owner, name]
        if not rule.only_declared or (owner, name) in self._known_by_key or name in (seen.handed or {}):
            return False
        provided = (part for fields in seen.provided for part in self.world.parts(fields, seen.typename))
        return all(part.name.value != name for part in provided)


@dataclass
class LocalSubgraphs:
    """A fetcher over all subgraphs. `sent`: what was asked; `effects`: the mutation fields that ran, in order."""

    world: World
    broken: Collection[str] = frozenset()
    sent: list[SubgraphRequest] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    failed: bool = False
    """Has any subgraph answered with errors, so that others may lack what it was to give?"""

    async def fetch(self, request: SubgraphRequest, context: object) -> bytes:
        self.sent.append(request)
        subgraph = self.world.subgraphs[request.subgraph]
        asked = _Asked(self, subgraph, request)
        if faults := subgraph.faults(request.operation):
            asked.complain(f"the operation is not valid: {faults}")
        if request.subgraph in self.broken:
            raise FetchError(request.subgraph, f"{request.subgraph} cannot be reached.", "SUBGRAPH_UNREACHABLE")
        return encoded(asked.answer())


def _checked(world: World, prepared: Prepared, variables: Mapping[str, Any] | None) -> dict[str, Any]:
    return check_variables(prepared.declared, world.supergraph.api_schema, variables or {})


@dataclass(frozen=True)
class _Asked:
    """One request, being answered."""

    local: LocalSubgraphs
    subgraph: LocalSubgraph
    request: SubgraphRequest

    def complain(self, words: str) -> None:
        request = self.request
        asked = f"{request.operation}\n  {json.dumps(dict(request.variables))}"
        self.local.complaints.append(f"{self.subgraph.name}: {words}\n  {asked}")

    def answer(self) -> SubgraphResponse:
        outcome = execute_sync(
            self.subgraph.schema,
            _parsed(self.request.operation),
            variable_values=dict(self.request.variables),
            operation_name=self.request.operation_name,
            field_resolver=self._resolve,
            type_resolver=self._typename,
        )
        self.local.failed = self.local.failed or bool(outcome.errors)
        return SubgraphResponse(outcome.data, tuple(dict(error.formatted) for error in outcome.errors or ()))

    def _typename(self, seen: Seen, _info: GraphQLResolveInfo, abstract: Any) -> str:
        """The type's name here: its own, or that of an interface that is an object here (`@interfaceObject`)."""
        possible = [t.name for t in self.subgraph.schema.get_possible_types(abstract)]
        wanted = (seen.handed or {}).get("__typename")
        for name in (wanted, seen.typename, *possible):
            if name in possible and self.local.world.is_a(seen.typename, name):
                return name
        self.complain(f"{seen.typename} is given as {abstract}, but is none here: mend the data")
        raise GraphQLError("unknown type")

    def _resolve(self, seen: Seen | None, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        world, owner, name = self.local.world, info.parent_type.name, info.field_name
        if name == "_entities":
            return [self._entity(given) for given in self._each_once(arguments["representations"])]
        if seen is None:
            seen = world.root(self._root_name(info.parent_type))
            if info.operation.operation.value == "mutation":
                self.local.effects.append(_effect(name, arguments))
        if self.subgraph.is_declared(seen, owner, name):
            self.complain(f"{owner}.{name} is asked for, but only declared here")
        rule = self.subgraph.rules[owner, name]
        given = None if rule.requires is None else self._given(seen, rule.requires, f"{owner}.{name}")
        below = [
            part.selection_set
            for sets in seen.provided
            for part in world.parts(sets, seen.typename)
            if part.name.value == name and part.selection_set
        ]
        return world.value(seen, name, info.return_type, arguments, given, (rule.provides, *below))

    def _root_name(self, root: GraphQLObjectType) -> str:
        schema = self.subgraph.schema
        return "Query" if root is schema.query_type else "Mutation" if root is schema.mutation_type else root.name

    # --- what is handed in ------------------------------------------------------------------------------------------

    def _each_once(self, representations: list[Record]) -> list[Record]:
        if len({_canonical(given) for given in representations}) < len(representations):
            self.complain("a representation comes twice")
        return representations

    def _entity(self, given: Record) -> Seen | None:
        typename = str(given.get("__typename"))
        if typename not in self.subgraph.keys:
            self.complain(f"{typename} is no entity that can be entered here")
            return None
        undeclared = given.keys() - self.subgraph.schema.type_map[typename].fields.keys() - {"__typename"}
        if undeclared:
            self.complain(f"{typename} has no {sorted(undeclared)} here")
        keys = [key for key in self.subgraph.keys[typename] if self._holds(given, key)]
        if not keys:
            self.complain(f"the representation {_canonical(given)} has no whole key")
            return None
        found = (seen for seen in self._records(typename) if self._is(seen, given, keys[0]))
        record = next(found, None)
        return record and Seen(record.record, record.typename, given)

    def _records(self, typename: str) -> Iterator[Seen]:
        world = self.local.world
        for name, record in world.data.items():
            own = record.get("__typename", name)
            if world.is_a(own, typename):
                yield Seen(record, own)

    def _is(self, seen: Seen, given: Record, key: SelectionSetNode) -> bool:
        return _canonical(self.local.world.projected(seen, key)) == _canonical(self._picked(given, key, []))

    def _holds(self, given: Record, key: SelectionSetNode) -> bool:
        missing: list[str] = []
        self._picked(given, key, missing)
        return not missing

    def _given(self, seen: Seen, wanted: SelectionSetNode, coordinate: str) -> Any:
        """The inputs of `@requires`, as they were handed in. Where subgraphs fail, they may be missing."""
        missing: list[str] = []
        picked = self._picked({"__typename": seen.typename, **(seen.handed or {})}, wanted, missing)
        if missing:
            if not (self.local.broken or self.local.failed):
                self.complain(f"{coordinate} is asked for without its inputs {missing}")
            raise GraphQLError(f"no {missing}")
        return picked

    def _picked(self, given: Any, wanted: SelectionSetNode, missing: list[str]) -> Any:
        answer: dict[str, Any] = {}
        narrowed = any(isinstance(part, InlineFragmentNode) for part in wanted.selections)
        typename = given.get("__typename")
        if narrowed and typename is None:
            missing.append("__typename")
        plain = SelectionSetNode(selections=tuple(_plain_fields(wanted)))
        for part in self.local.world.parts(wanted if typename else plain, typename or ""):
            name = part.name.value
            if name not in given:
                missing.append(name)
            elif name != "__typename":
                inside = part.selection_set
                answer[name] = _each(
                    given[name],
                    lambda item, inside=inside: self._picked(item, inside, missing) if inside else item,
                )
        return answer


def varied(value: Any, type_name: str, arguments: Record, given: Any) -> Any:
    """The value under arguments and inputs: text has them in it, a number is moved by them, a list turned."""
    if value is None or (not arguments and given is None):
        return value
    marks = (_canonical(arguments) if arguments else "") + (_canonical(given) if given is not None else "")
    turn = zlib.crc32(marks.encode())
    if isinstance(value, list) and value:
        start = turn % len(value)
        return [*value[start:], *value[:start]]
    if type_name == "Int" and type(value) is int:
        return value + turn % 1000
    return f"{value} {marks}" if type_name in ("String", "ID") and isinstance(value, str) else value


def _each(value: Any, use: Callable[[Any], Any]) -> Any:
    """Uses each item of lists at any depth, nulls left alone."""
    if isinstance(value, list):
        return [_each(item, use) for item in value]
    return None if value is None else use(value)


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _effect(name: str, arguments: Record) -> str:
    return f"{name}{_canonical(arguments)}"


def _has(record: Record, arguments: Record) -> bool:
    return all(record[name] == value for name, value in arguments.items() if name in record)


# --- reading SDLs -----------------------------------------------------------------------------------------------------


def _applied(node: Any, directive: str) -> Iterator[Record]:
    """The arguments of each application of a directive of Federation's."""
    for applied in node.directives or ():
        if applied.name.value in (directive, f"federation__{directive}"):
            yield {argument.name.value: value_from_ast_untyped(argument.value) for argument in applied.arguments or ()}


@lru_cache(maxsize=1000)
def _parsed(operation: str) -> DocumentNode:
    return parse(operation)


@lru_cache(maxsize=1000)
def _field_set(text: str) -> SelectionSetNode:
    definition = parse("{" + text + "}").definitions[0]
    assert isinstance(definition, OperationDefinitionNode)
    return definition.selection_set


def _plain_fields(fields: SelectionSetNode) -> Iterator[FieldNode]:
    return (part for part in fields.selections if isinstance(part, FieldNode))


def _schema(sdl: str, entities: Collection[str]) -> GraphQLSchema:
    """The subgraph's schema: Federation's directives left out, its way in for entities added."""
    document = parse(sdl)
    defined = {node.name.value for node in document.definitions if isinstance(node, DirectiveDefinitionNode)}
    document = visit(document, _Stripper(defined | {"deprecated", "specifiedBy"}))
    schema = build_ast_schema(_with_definitions(document), assume_valid_sdl=True)
    members = [name for name in entities if isinstance(schema.type_map[name], GraphQLObjectType)]
    added = [f"union _Entity = {' | '.join(members)}" if members else "scalar _Entity", "scalar _Any"]
    query = schema.query_type.name if schema.query_type else "Query"
    if schema.query_type is None:
        added.append("type Query extend schema { query: Query }")
    added.append(f"extend type {query} {{ _entities(representations: [_Any!]!): [_Entity]! }}")
    return extend_schema(schema, parse(" ".join(added)))


class _Stripper(Visitor):
    def __init__(self, kept: Collection[str]) -> None:
        super().__init__()
        self.kept = kept

    def enter_directive(self, node: Any, *_: Any) -> Any:
        return None if node.name.value in self.kept else REMOVE

    def enter_schema_extension(self, *_: Any) -> Any:
        return REMOVE


def _with_definitions(document: DocumentNode) -> DocumentNode:
    """Extensions of types that are not defined turned into definitions."""
    known = {node.name.value for node in document.definitions if isinstance(node, TypeDefinitionNode)}
    definitions = []
    for node in document.definitions:
        if isinstance(node, TypeExtensionNode) and node.name.value not in known:
            known.add(node.name.value)
            parts = {key: getattr(node, key) for key in node.keys}
            node = _DEFINITIONS[type(node)](**parts)
        definitions.append(node)
    return DocumentNode(definitions=tuple(definitions))
