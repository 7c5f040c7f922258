"""The groups of a request -> the operation text that their subgraph receives.

The text is compact: it is sent, and it is part of cache keys. Fields that all possible types of an interface share are
asked on the interface where the subgraph has them there, others in a fragment for each type. Selections that several
types share are printed once, and the text that they multiply to is counted before it is put together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graphql import VariableDefinitionNode, print_ast

from gateway.federation.operation.limits import too_complex
from gateway.federation.operation.selection import ALWAYS, Conditions, When
from gateway.federation.planning.batch import Batch
from gateway.federation.planning.contexts import ContextSource
from gateway.federation.planning.groups import Entry, Group, Node
from gateway.federation.planning.query_plan import Entities, EntityPlace, OperationKind
from gateway.federation.planning.requirements import context_value, representations
from gateway.federation.planning.space import Space
from gateway.federation.planning.storage import StorageKeys
from gateway.federation.supergraph.field_set import FieldSet
from gateway.federation.supergraph.model import Supergraph


@dataclass(frozen=True, slots=True)
class Emitted:
    """An operation, its name, the client variables that it uses, the conditions under which it is worth sending, and
    its `_entities` fields."""

    operation: str
    name: str | None
    variables: tuple[str, ...]
    conditions: Conditions = ALWAYS
    entities: tuple[Entities, ...] = ()


@dataclass(eq=False)
class Emitter:
    """Prints the requests of one plan."""

    space: Space
    storage: StorageKeys
    definitions: Mapping[str, VariableDefinitionNode]
    """The client's variable definitions, by name."""
    kind: OperationKind
    room: int
    """Characters that all requests together may still have."""
    _used: set[str] = field(default_factory=set)
    _contexts: dict[tuple[str, FieldSet, str], str] = field(default_factory=dict)
    """The variables that contexts fill: one for all that take the same of it, wherever their ancestors are."""
    _printed: dict[tuple[Node, Conditions], str] = field(default_factory=dict)

    @property
    def supergraph(self) -> Supergraph:
        return self.space.supergraph

    def emit(self, batch: Batch, name: str | None) -> Emitted:
        """The operation of groups that share a request: one root group, or entity groups. Raises `RequestError`
        (QUERY_TOO_COMPLEX) where there is no room for it."""
        self._used = set()
        self._printed = {}
        emitted = self._entities(batch, name) if batch[0].is_entity else self._root(batch[0], name)
        self._check_room(len(emitted.operation))
        self.room -= len(emitted.operation)
        return emitted

    def _root(self, group: Group, name: str | None) -> Emitted:
        conditions = _shared_conditions(group.node)
        body = self._selection(group.node, group.subgraph, conditions) or "__typename"
        kind: OperationKind = self.kind if not group.position.parent else "query"
        return Emitted(self._operation(kind, name, [], body), name, self._variables(), conditions)

    def _entities(self, batch: Batch, name: str | None) -> Emitted:
        """Groups that select the same take their representations in one variable."""
        places: dict[str, list[EntityPlace]] = {}
        for group in batch:
            conditions = _shared_conditions(group.node)
            body = self._entity_body(group, conditions)
            computed = {key: frozenset(inputs) for key, inputs in group.computed.items()}
            shapes = representations(group, self.space, self.storage)
            values = tuple(
                context_value(source, self._context_variable(source), self.space, self.storage)
                for source in group.contexts
            )
            place = EntityPlace(group.position.path(), shapes, conditions, computed, values)
            places.setdefault(body, []).append(place)
        alone = len(places) == 1
        entities = tuple(
            Entities(
                key="_entities" if alone else f"_{i}",
                variable=self._own_variable("representations" if alone else f"representations_{i}"),
                places=tuple(at),
            )
            for i, at in enumerate(places.values())
        )
        fields = [
            f"{'' if alone else f'{each.key}:'}_entities(representations:${each.variable}){{{body}}}"
            for each, body in zip(entities, places, strict=True)
        ]
        taken = [f"${each.variable}:[_Any!]!" for each in entities]
        handed = [value for at in places.values() for place in at for value in place.contexts]
        taken += dict.fromkeys(f"${value.variable}:{value.type}" for value in handed)
        operation = self._operation("query", name, taken, " ".join(fields))
        return Emitted(operation, name, self._variables(), entities=entities)

    def _context_variable(self, source: ContextSource) -> str:
        taken = (source.context, source.selection, source.type)
        return self._contexts.setdefault(taken, self._own_variable(f"context_{len(self._contexts)}"))

    def _own_variable(self, name: str) -> str:
        """The name, changed where the client has a variable of that name."""
        while name in self.definitions:
            name += "_"
        return name

    def _variables(self) -> tuple[str, ...]:
        return tuple(name for name in self.definitions if name in self._used)

    def _operation(self, kind: OperationKind, name: str | None, taken: Sequence[str], body: str) -> str:
        declared = [*taken, *(print_ast(_bare(self.definitions[variable])) for variable in self._variables())]
        head = kind + (f" {name}" if name else "") + (f"({','.join(declared)})" if declared else "")
        return f"{'' if head == 'query' else head}{{{body}}}"

    def _entity_body(self, group: Group, hoisted: Conditions) -> str:
        by_type: dict[str, list[str]] = {}
        for (type_name, key), entry in group.node.entries.items():
            by_type.setdefault(type_name, []).append(self._field(key, entry, group.subgraph, hoisted))
        for types, owner in group.inputs:
            for name in (owner,) if owner not in types else types:
                by_type.setdefault(name, [])
        parts = []
        for name, fields in by_type.items():
            abstract = self.supergraph.types[name].is_abstract and not self.supergraph.is_interface_object(
                name, group.subgraph
            )
            if abstract or not fields:
                fields = ["__typename", *(f for f in fields if f != "__typename")]
            parts.append(f"...on {name}{{{' '.join(fields)}}}")
        return " ".join(parts)

    def _selection(self, node: Node, subgraph: str, hoisted: Conditions = ALWAYS) -> str:
        """The inside of a selection set."""
        if (node, hoisted) not in self._printed:
            self._printed[node, hoisted] = self._print(node, subgraph, hoisted)
        return self._printed[node, hoisted]

    def _print(self, node: Node, subgraph: str, hoisted: Conditions) -> str:
        by_type: dict[str, dict[str, str]] = {}
        size = 0
        for (type_name, key), entry in node.entries.items():
            text = self._field(key, entry, subgraph, hoisted)
            by_type.setdefault(type_name, {})[key] = text
            self._check_room(size := size + len(text))
        own = by_type.pop(node.type, {})
        info = self.supergraph.types[node.type]
        if not info.is_abstract or self.supergraph.is_interface_object(node.type, subgraph):
            for inner in by_type.values():  # a narrower type than the one the fields were taken on
                own = {**own, **{key: _both(own.get(key), text) for key, text in inner.items()}}
            if self._stands_for_many(node, subgraph):
                own = {"__typename": "__typename", **own}
            return " ".join(own.values()) or "__typename"
        own = {**self._hoist(node.type, subgraph, by_type), **own}
        own.pop("__typename", None)
        parts = ["__typename", *own.values()]
        for type_name, inner in by_type.items():
            rest = [text for key, text in inner.items() if key not in own or own[key] != text]
            if rest:
                parts.append(f"...on {type_name}{{{' '.join(rest)}}}")
        return " ".join(parts)

    def _stands_for_many(self, node: Node, subgraph: str) -> bool:
        """Is this the one type that the subgraph returns where others return several?"""
        place = self.supergraph.types[node.position.type]
        return place.is_abstract and not self.supergraph.is_interface_object(node.type, subgraph)

    def _hoist(self, interface: str, subgraph: str, by_type: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
        """Fields that may be asked on the interface itself, for all its types at once."""
        info = self.supergraph.types[interface]
        possible = self.supergraph.possible_in(interface, subgraph)
        if info.kind != "interface" or not possible or not possible <= by_type.keys():
            return {}
        first = by_type[min(possible)]
        return {
            key: text
            for key, text in first.items()
            if all(by_type[name].get(key) == text for name in possible)
            and self._declares_alike(interface, subgraph, _field_name(key, text))
        }

    def _declares_alike(self, interface: str, subgraph: str, field_name: str) -> bool:
        """Does the interface have the field there, with the type that all its implementations give it?"""
        types = self.supergraph.types
        own = types[interface].fields.get(field_name, {}).get(subgraph)
        return own is not None and all(
            (entry := types[name].fields.get(field_name, {}).get(subgraph)) is not None
            and entry.named_type == own.named_type
            for name in self.supergraph.possible_in(interface, subgraph)
        )

    def _field(self, key: str, entry: Entry, subgraph: str, hoisted: Conditions) -> str:
        asked = entry.asked
        if asked.name == "__typename":
            return "__typename"
        self._used |= asked.variables
        text = asked.name if key == asked.name else f"{key}:{asked.name}"
        given = ((name, f"${self._context_variable(source)}") for name, source in entry.given)
        arguments = [*asked.arguments, *given]
        if arguments:
            text += "(" + ",".join(f"{name}:{value}" for name, value in arguments) + ")"
        if asked.directives:
            text += " " + asked.directives
        body = ""
        if entry.children:
            inside = dict.fromkeys(self._selection(child, subgraph) for child in entry.children.values())
            body = "{" + " ".join(inside) + "}"
        return self._conditioned(text, body, entry.when, hoisted)

    def _conditioned(self, head: str, body: str, when: When, hoisted: Conditions) -> str:
        """The field once for each alternative of its conditions."""
        rests = [alternative - hoisted for alternative in when]
        if not rests or ALWAYS in rests:
            return head + body
        self._check_room(len(rests) * len(body))
        return " ".join(self._under(head, body, rest) for rest in rests)

    def _check_room(self, characters: int) -> None:
        if characters > self.room:
            raise too_complex("Types and conditions multiply what would be sent to a subgraph beyond the bound.")

    def _under(self, head: str, body: str, conditions: Conditions) -> str:
        ordered = sorted(conditions)
        self._used |= {name for name, _ in ordered}
        *outer, last = ordered
        text = head + _directive(*last) + body
        for condition in outer:
            text = f"...{_directive(*condition)}{{{text}}}"
        return text


def _both(known: str | None, text: str) -> str:
    """Two uses of one field, whose selections GraphQL merges."""
    return text if known is None or known == text else f"{known} {text}"


def _directive(variable: str, expected: bool) -> str:
    return f"@{'include' if expected else 'skip'}(if:${variable})"


def _field_name(key: str, text: str) -> str:
    """The field that a printed entry asks for."""
    head = text.removeprefix(f"{key}:")
    for index, character in enumerate(head):
        if not (character.isalnum() or character == "_"):
            return head[:index]
    return head


def _shared_conditions(node: Node) -> Conditions:
    """What must hold for anything in the selection to be wanted."""
    found: Conditions | None = None
    for entry in node.entries.values():
        if not entry.when:
            return ALWAYS
        for alternative in entry.when:
            found = alternative if found is None else found & alternative
    return found or ALWAYS


def _bare(definition: VariableDefinitionNode) -> VariableDefinitionNode:
    """The definition without the client's directives."""
    return VariableDefinitionNode(
        variable=definition.variable, type=definition.type, default_value=definition.default_value, directives=()
    )
