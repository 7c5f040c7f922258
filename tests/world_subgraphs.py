"""The subgraphs of a `World`: each answers as its SDL and directives say, and complains of what it cannot be asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from federation_kit import encoded
from graphql import (
    GraphQLError,
    GraphQLObjectType,
    GraphQLResolveInfo,
    InlineFragmentNode,
    SelectionSetNode,
    execute_sync,
    parse,
    validate,
)
from graphql.language import DocumentNode
from world_sdl import (
    WITH_FIELDS,
    Record,
    applied,
    canonical,
    each_of,
    effect,
    field_set,
    own_schema,
    parsed,
    plain_fields,
)

from gateway.federation.errors import FetchError
from gateway.federation.execution.fetcher import SubgraphRequest, SubgraphResponse

if TYPE_CHECKING:
    from world_kit import World

_NOTHING = SelectionSetNode(selections=())


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
        self.schema = own_schema(sdl, sorted(self.keys))
        self._faults: dict[str, list[str]] = {}

    def _read(self, document: DocumentNode) -> None:
        for node in document.definitions:
            if not isinstance(node, WITH_FIELDS):
                continue
            owner = node.name.value
            for key in applied(node, "key"):
                fields = field_set(key["fields"])
                self._known_by_key |= {(owner, part.name.value) for part in plain_fields(fields)}
                if key.get("resolvable", True):
                    self.keys.setdefault(owner, []).append(fields)
                else:
                    self.closed.add(owner)
            for definition in getattr(node, "fields", None) or ():
                self.rules[owner, definition.name.value] = self._rule(node, definition)

    def _rule(self, node: Any, definition: Any) -> FieldRule:
        requires = next(applied(definition, "requires"), None)
        provides = next(applied(definition, "provides"), None)
        external = any(True for place in (node, definition) for _ in applied(place, "external"))
        return FieldRule(
            requires=field_set(requires["fields"]) if requires else None,
            provides=field_set(provides["fields"]) if provides else _NOTHING,
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
            for override in applied(definition, "override")
            if override["from"] == self.name and "label" not in override
        )

    def faults(self, operation: str) -> list[str]:
        """Why the operation is not valid here."""
        if operation not in self._faults:
            self._faults[operation] = [error.message for error in validate(self.schema, parsed(operation))]
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
    keeps_back: Callable[[str, Seen, str], bool] = lambda subgraph, seen, name: False
    """Does the subgraph of that name itself refuse the object's field, with an error?"""
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
            parsed(self.request.operation),
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
                self.local.effects.append(effect(name, arguments))
        if self.subgraph.is_declared(seen, owner, name):
            self.complain(f"{owner}.{name} is asked for, but only declared here")
        if self.local.keeps_back(self.subgraph.name, seen, name):
            raise GraphQLError("Not this one.", extensions={"code": "WITHHELD"})
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
        if len({canonical(given) for given in representations}) < len(representations):
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
            self.complain(f"the representation {canonical(given)} has no whole key")
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
        return canonical(self.local.world.projected(seen, key)) == canonical(self._picked(given, key, []))

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
        plain = SelectionSetNode(selections=tuple(plain_fields(wanted)))
        for part in self.local.world.parts(wanted if typename else plain, typename or ""):
            name = part.name.value
            if name not in given:
                missing.append(name)
            elif name != "__typename":
                inside = part.selection_set
                answer[name] = each_of(
                    given[name],
                    lambda item, inside=inside: self._picked(item, inside, missing) if inside else item,
                )
        return answer
