"""A subgraph's own copies of what its linked specifications define may only be narrower.

Frameworks print them into SDLs. A copy that agrees stands for the specification's own in its subgraph.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graphql import print_ast, specified_scalar_types
from graphql.language import (
    DirectiveDefinitionNode,
    EnumTypeDefinitionNode,
    InputValueDefinitionNode,
    ListTypeNode,
    Node,
    NonNullTypeNode,
    ScalarTypeDefinitionNode,
    TypeDefinitionNode,
    TypeNode,
)

from gateway.federation.composition.errors import Issue, place_of
from gateway.federation.composition.shapes import is_required, named_type
from gateway.federation.supergraph.type_text import type_text


def wrong_definitions(
    subgraph: str, definitions: Sequence[Node], known: Mapping[tuple[bool, str], Any]
) -> Iterator[Issue]:
    """DIRECTIVE_DEFINITION_INVALID and TYPE_DEFINITION_INVALID; `known` is of `spec_definitions`."""
    types = {node.name.value: node for node in definitions if isinstance(node, TypeDefinitionNode)}
    for node in definitions:
        place = (place_of(subgraph, node),)
        if isinstance(node, DirectiveDefinitionNode) and (spec := known.get((True, node.name.value))):
            coordinate = f"@{node.name.value}"
            for name in _undefined(node, types):
                message = (
                    f"Its definition names a type {name}, which is not there: define it, or remove the definition."
                )
                yield Issue("INVALID_GRAPHQL", message, coordinate, place)
            for what in _differences(node, spec, types | _types(known)):
                message = f"Its definition {what}: remove it, the specification's is known."
                yield Issue("DIRECTIVE_DEFINITION_INVALID", message, coordinate, place)
        if isinstance(node, TypeDefinitionNode) and not _is_same_type(node, known.get((False, node.name.value), node)):
            message = "A type of a linked specification has this name: rename the type, or remove it."
            yield Issue("TYPE_DEFINITION_INVALID", message, node.name.value, place)


def _undefined(node: DirectiveDefinitionNode, types: Mapping[str, TypeDefinitionNode]) -> Iterator[str]:
    for argument in node.arguments or ():
        name = named_type(argument.type)
        if name not in types and name not in specified_scalar_types:
            yield name


def _types(known: Mapping[tuple[bool, str], Any]) -> dict[str, TypeDefinitionNode]:
    return {name: node for (is_directive, name), node in known.items() if not is_directive}


def _is_same_type(node: TypeDefinitionNode, spec: TypeDefinitionNode) -> bool:
    if isinstance(spec, EnumTypeDefinitionNode) and isinstance(node, EnumTypeDefinitionNode):
        return _values(node) == _values(spec)
    return type(node) is type(spec)


def _values(node: EnumTypeDefinitionNode) -> set[str]:
    return {value.name.value for value in node.values or ()}


def _differences(
    node: DirectiveDefinitionNode, spec: DirectiveDefinitionNode, types: Mapping[str, TypeDefinitionNode]
) -> Iterator[str]:
    arguments = {argument.name.value: argument for argument in spec.arguments or ()}
    written = {argument.name.value: argument for argument in node.arguments or ()}
    for name in sorted(written.keys() - arguments.keys()):
        yield f"has an argument {name} that the specification lacks"
    for name, argument in arguments.items():
        if name in written:
            yield from _argument_differences(written[name], argument, types)
        elif is_required(argument):
            yield f"lacks the argument {name}"
    locations = {location.value for location in node.locations} - {location.value for location in spec.locations}
    if locations:
        yield f"is for {', '.join(sorted(locations))} too"
    if node.repeatable and not spec.repeatable:
        yield "is repeatable"


def _argument_differences(
    written: InputValueDefinitionNode, spec: InputValueDefinitionNode, types: Mapping[str, TypeDefinitionNode]
) -> Iterator[str]:
    name = spec.name.value
    if not _may_stand_for(written.type, spec.type, types):
        yield f"has {name}: {type_text(written.type)} for {type_text(spec.type)}"
    if spec.default_value is not None or not isinstance(spec.type, NonNullTypeNode):
        defaults = [
            print_ast(argument.default_value) if argument.default_value else "none" for argument in (written, spec)
        ]
        if defaults[0] != defaults[1] and not is_required(written):
            yield f"gives {name} the default {defaults[0]}, not {defaults[1]}"


def _may_stand_for(written: TypeNode, spec: TypeNode, types: Mapping[str, TypeDefinitionNode]) -> bool:
    """Is each value of the one type a value of the other? Built-in scalars and enums serve for the specification's
    scalars."""
    if isinstance(spec, NonNullTypeNode):
        return isinstance(written, NonNullTypeNode) and _may_stand_for(written.type, spec.type, types)
    if isinstance(written, NonNullTypeNode):
        return _may_stand_for(written.type, spec, types)
    if isinstance(spec, ListTypeNode) and isinstance(written, ListTypeNode):
        return _may_stand_for(written.type, spec.type, types)
    if isinstance(spec, ListTypeNode) or isinstance(written, ListTypeNode):
        return False
    name, other = named_type(written), named_type(spec)
    if name == other:
        return True
    is_free = name in specified_scalar_types or isinstance(types.get(name), EnumTypeDefinitionNode)
    return is_free and isinstance(types.get(other), ScalarTypeDefinitionNode)
