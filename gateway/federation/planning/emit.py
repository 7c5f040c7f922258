"""A finished group -> the operation text that its subgraph receives.

The text is compact: it is sent, and it is part of cache keys. Fields that all possible types of an interface share are
asked on the interface where the subgraph has them there, others in a fragment for each type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql import VariableDefinitionNode, print_ast

from gateway.federation.operation.selection import ALWAYS, Conditions, When
from gateway.federation.planning.contexts import ContextSource
from gateway.federation.planning.groups import Entry, Group, Node
from gateway.federation.planning.query_plan import OperationKind
from gateway.federation.supergraph.model import Supergraph


@dataclass(frozen=True, slots=True)
class Emitted:
    """An operation, the client variables that it uses, the conditions under which it is worth sending, and the
    variables that contexts fill."""

    operation: str
    variables: tuple[str, ...]
    conditions: Conditions
    contexts: Mapping[ContextSource, str]


@dataclass(eq=False)
class Emitter:
    """Prints the groups of one plan."""

    supergraph: Supergraph
    definitions: Mapping[str, VariableDefinitionNode]
    """The client's variable definitions, by name."""
    kind: OperationKind
    _used: set[str] = field(default_factory=set)
    _contexts: dict[ContextSource, str] = field(default_factory=dict)

    def emit(self, group: Group, operation_name: str | None) -> Emitted:
        """The group's operation."""
        self._used = set()
        self._contexts = {source: self._fresh(f"context_{index}") for index, source in enumerate(group.contexts)}
        conditions = _shared_conditions(group.node)
        if group.is_entity:
            body = self._entity_body(group, conditions)
        else:
            body = self._selection(group.node, group.subgraph, conditions) or "__typename"
        variables = tuple(name for name in self.definitions if name in self._used)
        declared = [print_ast(_bare(self.definitions[name])) for name in variables]
        kind = self.kind if not group.position.parent else "query"
        if group.is_entity:
            declared.insert(0, "$representations:[_Any!]!")
            declared += [f"${name}:{source.type}" for source, name in self._contexts.items()]
            body = f"_entities(representations:$representations){{{body}}}"
        head = kind + (f" {operation_name}" if operation_name else "") + (f"({','.join(declared)})" if declared else "")
        if head == "query":
            head = ""
        return Emitted(f"{head}{{{body}}}", variables, conditions, self._contexts)

    def _fresh(self, name: str) -> str:
        """A variable that the client's operation does not have."""
        while name in self.definitions:
            name += "_"
        return name

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
        by_type: dict[str, dict[str, str]] = {}
        for (type_name, key), entry in node.entries.items():
            by_type.setdefault(type_name, {})[key] = self._field(key, entry, subgraph, hoisted)
        own = by_type.pop(node.type, {})
        info = self.supergraph.types[node.type]
        if not info.is_abstract or self.supergraph.is_interface_object(node.type, subgraph):
            for inner in by_type.values():  # a narrower type than the one the fields were taken on
                own.update(inner)
            if self._stands_for_many(node, subgraph):
                own = {"__typename": "__typename", **own}
            return " ".join(own.values()) or "__typename"
        own.update(self._hoist(node.type, subgraph, by_type))
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
        arguments = [*asked.arguments, *((name, f"${self._contexts[source]}") for name, source in entry.given)]
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
        return " ".join(self._under(head, body, rest) for rest in rests)

    def _under(self, head: str, body: str, conditions: Conditions) -> str:
        ordered = sorted(conditions)
        self._used |= {name for name, _ in ordered}
        *outer, last = ordered
        text = head + _directive(*last) + body
        for condition in outer:
            text = f"...{_directive(*condition)}{{{text}}}"
        return text


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
