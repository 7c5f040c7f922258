"""`@inaccessible`: what clients can see never leans on what they cannot.

QUERY_ROOT_TYPE_INACCESSIBLE, ONLY_INACCESSIBLE_CHILDREN, REFERENCED_INACCESSIBLE, REQUIRED_INACCESSIBLE,
IMPLEMENTED_BY_INACCESSIBLE, DEFAULT_VALUE_USES_INACCESSIBLE, DISALLOWED_INACCESSIBLE.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from graphql.language import (
    ConstValueNode,
    DirectiveDefinitionNode,
    EnumValueNode,
    InputValueDefinitionNode,
    ListValueNode,
    ObjectValueNode,
)

from gateway.federation.composition.elements import elements
from gateway.federation.composition.errors import Issue
from gateway.federation.composition.merging.merge import Merged
from gateway.federation.composition.printing.specs import used_specifications
from gateway.federation.composition.roots import QUERY
from gateway.federation.composition.shapes import is_required, named_type

Found = Iterator[tuple[str, str, str]]
"""Codes, coordinates and messages."""


def wrong_inaccessible(merged: Merged) -> Iterator[Issue]:
    """Whatever would break the API schema because something in it is hidden."""
    found = list(_all_found(merged))
    written = [(subgraph, dict(elements(subgraph))) for subgraph in merged.merging.subgraphs] if found else []
    for code, coordinate, message in found:
        about = coordinate if any(coordinate in nodes for _, nodes in written) else coordinate.partition(".")[0]
        places = tuple(subgraph.place(nodes[about]) for subgraph, nodes in written if about in nodes)
        yield Issue(code, message, coordinate, places)


def _all_found(merged: Merged) -> Found:
    visibility = _Visibility(merged)
    for type_name, node in merged.types.items():
        for rule in _RULES_OF_HIDDEN if visibility.is_hidden(node) else _RULES:
            yield from rule(visibility, type_name, node)
    exported = {composed.name for composed in merged.merging.composed}
    for definition in merged.directives:
        yield from _arguments_of(visibility, definition, definition.name.value in exported)


@dataclass(frozen=True, slots=True)
class _Visibility:
    merged: Merged

    def is_hidden(self, node: Any) -> bool:
        local = self.merged.merging.local_names["inaccessible"]
        return any(applied.name.value == local for applied in node.directives or ())

    def hides(self, type_name: str) -> bool:
        return type_name in self.merged.types and self.is_hidden(self.merged.types[type_name])

    def shown(self, nodes: Any) -> Iterator[Any]:
        return (node for node in nodes or () if not self.is_hidden(node))


def _hidden_query_root(_: _Visibility, type_name: str, __: Any) -> Found:
    if type_name == QUERY:
        yield "QUERY_ROOT_TYPE_INACCESSIBLE", QUERY, "Clients must see the query root: remove @inaccessible from it."


def _hidden_type_of_specification(visibility: _Visibility, type_name: str, _: Any) -> Found:
    specs = used_specifications(visibility.merged.spec_names)
    if type_name in (f"{spec.name}__{name}" for spec in specs for name in spec.types):
        message = "The type is a specification's, which hides nothing of it: remove @inaccessible."
        yield "DISALLOWED_INACCESSIBLE", type_name, message


def _only_hidden_children(visibility: _Visibility, type_name: str, node: Any) -> Found:
    if members := getattr(node, "types", None):
        is_empty = all(visibility.hides(member.name.value) for member in members)
    else:
        children = getattr(node, "fields", None) or getattr(node, "values", None) or ()
        is_empty = bool(children) and all(map(visibility.is_hidden, children))
    if is_empty:
        message = "Clients see this type, and nothing in it: mark the type itself @inaccessible, or show a part of it."
        yield "ONLY_INACCESSIBLE_CHILDREN", type_name, message


def _references(visibility: _Visibility, type_name: str, node: Any) -> Found:
    for about, element in _shown_within(visibility, type_name, node):
        yield from _reference(visibility, about, element)


def _shown_within(visibility: _Visibility, type_name: str, node: Any) -> Iterator[tuple[str, Any]]:
    """The fields and arguments of a type that clients see, with their coordinates."""
    for field in visibility.shown(getattr(node, "fields", None)):
        coordinate = f"{type_name}.{field.name.value}"
        yield coordinate, field
        for argument in visibility.shown(getattr(field, "arguments", None)):
            yield f"{coordinate}({argument.name.value}:)", argument


def _reference(visibility: _Visibility, about: str, element: Any) -> Found:
    hidden = named_type(element.type)
    if visibility.hides(hidden):
        message = f"Clients see this element, and not its type {hidden}: mark it @inaccessible too."
        yield "REFERENCED_INACCESSIBLE", about, message


def _required(visibility: _Visibility, type_name: str, node: Any) -> Found:
    is_input = node.kind == "input_object_type_definition"
    for field in getattr(node, "fields", None) or ():
        coordinate = f"{type_name}.{field.name.value}"
        inputs = [(coordinate, field)] if is_input else []
        if not is_input and not visibility.is_hidden(field):
            inputs = [(f"{coordinate}({argument.name.value}:)", argument) for argument in field.arguments or ()]
        for about, element in inputs:
            yield from _requirement(visibility, about, element)


def _requirement(visibility: _Visibility, about: str, element: Any) -> Found:
    if is_required(element) and visibility.is_hidden(element):
        message = "Clients must give this and cannot see it: make it optional, or show it."
        yield "REQUIRED_INACCESSIBLE", about, message


def _implemented(visibility: _Visibility, type_name: str, node: Any) -> Found:
    own = {field.name.value: field for field in getattr(node, "fields", None) or ()}
    for interface in getattr(node, "interfaces", None) or ():
        if visibility.hides(interface.name.value):
            continue
        for wanted in visibility.shown(visibility.merged.types[interface.name.value].fields):
            field = own.get(wanted.name.value)
            if field is not None:
                coordinate = f"{type_name}.{field.name.value}"
                yield from _implements(visibility, coordinate, field, wanted, interface.name.value)


def _implements(visibility: _Visibility, coordinate: str, field: Any, wanted: Any, interface: str) -> Found:
    code = "IMPLEMENTED_BY_INACCESSIBLE"
    message = f"Clients see it in the interface {interface}, and not here: hide it there too, or show it."
    if visibility.is_hidden(field):
        yield code, coordinate, message
        return
    promised = {argument.name.value: visibility.is_hidden(argument) for argument in wanted.arguments or ()}
    for argument in field.arguments or ():
        about, is_hidden = f"{coordinate}({argument.name.value}:)", visibility.is_hidden(argument)
        hidden_there = promised.get(argument.name.value)
        if hidden_there is False and is_hidden:
            yield code, about, message
        if hidden_there and not is_hidden and is_required(argument):
            told = f"Clients must give it here, and do not see it in the interface {interface}: make it optional."
            yield "REQUIRED_INACCESSIBLE", about, told


def _defaults(visibility: _Visibility, type_name: str, node: Any) -> Found:
    for about, element in _shown_within(visibility, type_name, node):
        if isinstance(element, InputValueDefinitionNode):
            yield from _default(visibility, about, element)


def _default(visibility: _Visibility, about: str, element: Any) -> Found:
    for used in _hidden_in(visibility, element.default_value, named_type(element.type)):
        message = f"Clients see this default, and not {used}, which is in it: choose another default."
        yield "DEFAULT_VALUE_USES_INACCESSIBLE", about, message


def _hidden_in(visibility: _Visibility, value: ConstValueNode | None, type_name: str) -> Iterator[str]:
    """The hidden elements that a value is made of. Those of a hidden type are told where that is used."""
    declared = visibility.merged.types.get(type_name)
    is_told = visibility.hides(type_name)
    if isinstance(value, ListValueNode):
        for item in value.values:
            yield from _hidden_in(visibility, item, type_name)
    elif isinstance(value, EnumValueNode) and declared is not None:
        for known in getattr(declared, "values", None) or ():
            if known.name.value == value.value and visibility.is_hidden(known) and not is_told:
                yield f"{type_name}.{value.value}"
    elif isinstance(value, ObjectValueNode) and declared is not None:
        fields = {field.name.value: field for field in getattr(declared, "fields", None) or ()}
        for entry in value.fields:
            known = fields.get(entry.name.value)
            if known is not None and visibility.is_hidden(known) and not is_told:
                yield f"{type_name}.{entry.name.value}"
            if known is not None:
                yield from _hidden_in(visibility, entry.value, named_type(known.type))


def _arguments_of(visibility: _Visibility, definition: DirectiveDefinitionNode, is_exported: bool) -> Found:
    for argument in definition.arguments or ():
        about = f"@{definition.name.value}({argument.name.value}:)"
        if not visibility.is_hidden(argument):
            yield from _reference(visibility, about, argument)
            yield from _default(visibility, about, argument)
        elif is_exported:
            message = "The directive is a specification's, which hides nothing of it: remove @inaccessible."
            yield "DISALLOWED_INACCESSIBLE", about, message
        else:
            yield from _requirement(visibility, about, argument)


Rule = Callable[[_Visibility, str, Any], Found]

_RULES_OF_HIDDEN: tuple[Rule, ...] = (_hidden_query_root, _hidden_type_of_specification)
_RULES: tuple[Rule, ...] = (
    _only_hidden_children,
    _references,
    _required,
    _implemented,
    _defaults,
)
