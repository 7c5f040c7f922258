"""The types of a subgraph, each gathered from its definition and its extensions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from graphql.language import (
    EnumTypeDefinitionNode,
    EnumTypeExtensionNode,
    InputObjectTypeDefinitionNode,
    InputObjectTypeExtensionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    ListTypeNode,
    NamedTypeNode,
    Node,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    ScalarTypeDefinitionNode,
    ScalarTypeExtensionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    TypeNode,
    UnionTypeDefinitionNode,
    UnionTypeExtensionNode,
)

from gateway.federation.composition.errors import Issue, place_of, refuse_any
from gateway.federation.composition.links import Links
from gateway.federation.composition.roots import QUERY
from gateway.federation.composition.subgraph import Kind, TypeShape
from gateway.federation.supergraph.directives import applications

KINDS: dict[type[Node], Kind] = {
    ObjectTypeDefinitionNode: "object",
    ObjectTypeExtensionNode: "object",
    InterfaceTypeDefinitionNode: "interface",
    InterfaceTypeExtensionNode: "interface",
    UnionTypeDefinitionNode: "union",
    UnionTypeExtensionNode: "union",
    EnumTypeDefinitionNode: "enum",
    EnumTypeExtensionNode: "enum",
    InputObjectTypeDefinitionNode: "input",
    InputObjectTypeExtensionNode: "input",
    ScalarTypeDefinitionNode: "scalar",
    ScalarTypeExtensionNode: "scalar",
}
DEFINITIONS: dict[Kind, type[Any]] = {
    "object": ObjectTypeDefinitionNode,
    "interface": InterfaceTypeDefinitionNode,
    "union": UnionTypeDefinitionNode,
    "enum": EnumTypeDefinitionNode,
    "input": InputObjectTypeDefinitionNode,
    "scalar": ScalarTypeDefinitionNode,
}
_LISTS = ("directives", "interfaces", "fields", "types", "values")
_ENTRY_TYPES = ("_Any", "_Entity", "_Service")
_ENTRY_FIELDS = ("_entities", "_service")


def read_shapes(subgraph: str, definitions: Iterable[Node], links: Links) -> dict[str, TypeShape]:
    """The types among the definitions, by name. Raises `CompositionError` where a name is two types."""
    blocks: dict[str, list[Any]] = {}
    for node in definitions:
        if isinstance(node, TypeDefinitionNode | TypeExtensionNode):
            blocks.setdefault(node.name.value, []).append(node)
    refuse_any(issue for name, written in blocks.items() for issue in _wrong_blocks(subgraph, name, written))
    return {name: _shape(name, written, links) for name, written in blocks.items()}


def without_entry_points(shapes: dict[str, TypeShape]) -> dict[str, TypeShape]:
    """The types without what every subgraph has for the gateway's sake."""
    kept = {name: shape for name, shape in shapes.items() if name not in _ENTRY_TYPES}
    query = kept.get(QUERY)
    if query and query.kind == "object":
        node = _without_entry_fields(query.node)
        kept[QUERY] = replace(query, node=node, blocks=tuple(map(_without_entry_fields, query.blocks)))
        if not node.fields:
            del kept[QUERY]
    return kept


def _without_entry_fields(node: Any) -> Any:
    fields = getattr(node, "fields", None) or ()
    return with_parts(node, fields=tuple(field for field in fields if field.name.value not in _ENTRY_FIELDS))


def with_parts(node: Any, **changes: Any) -> Any:
    """A copy of a syntax node with some of its parts changed."""
    return type(node)(**{**{key: getattr(node, key) for key in node.keys}, "loc": node.loc, **changes})


def named_type(node: TypeNode) -> str:
    """The name of a type without lists and non-null."""
    while isinstance(node, ListTypeNode | NonNullTypeNode):
        node = node.type
    assert isinstance(node, NamedTypeNode)  # noqa: S101 - there is no other kind
    return node.name.value


def is_required(node: InputValueDefinitionNode) -> bool:
    """Must whoever uses the argument or input field give it a value?"""
    return isinstance(node.type, NonNullTypeNode) and node.default_value is None


def _wrong_blocks(subgraph: str, name: str, blocks: list[Any]) -> Iterator[Issue]:
    kinds = {KINDS[type(block)] for block in blocks}
    definitions = [block for block in blocks if isinstance(block, TypeDefinitionNode)]
    if len(kinds) > 1 or len(definitions) > 1:
        message = f"{name} is more than one type in this subgraph: define it once, and extend it as what it is."
        yield Issue("INVALID_GRAPHQL", message, name, (place_of(subgraph, blocks[-1]),))


def _shape(name: str, blocks: list[Any], links: Links) -> TypeShape:
    kind = KINDS[type(blocks[0])]
    blocks = sorted(blocks, key=lambda block: not isinstance(block, TypeDefinitionNode))
    first = blocks[0]
    parts = {part: _joined(blocks, part) for part in _LISTS if part in first.keys}
    node = DEFINITIONS[kind](name=first.name, loc=first.loc, description=getattr(first, "description", None), **parts)
    extends = any(True for _ in applications(node, links.local_names["extends"]))
    return TypeShape(name, kind, node, tuple(blocks), extends)


def _joined(blocks: list[Any], part: str) -> tuple[Any, ...]:
    return tuple(item for block in blocks for item in getattr(block, part) or ())
