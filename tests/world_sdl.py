"""Subgraph SDLs, read for tests: their own schemas, and what Federation's directives say."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

from graphql import (
    FieldNode,
    GraphQLObjectType,
    GraphQLSchema,
    SelectionSetNode,
    build_ast_schema,
    extend_schema,
    parse,
)
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

Record = Mapping[str, Any]

WITH_FIELDS = (
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


def each_of(value: Any, use: Callable[[Any], Any]) -> Any:
    """Uses each item of lists at any depth, nulls left alone."""
    if isinstance(value, list):
        return [each_of(item, use) for item in value]
    return None if value is None else use(value)


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def effect(name: str, arguments: Record) -> str:
    return f"{name}{canonical(arguments)}"


def applied(node: Any, directive: str) -> Iterator[Record]:
    """The arguments of each application of a directive of Federation's."""
    for applied in node.directives or ():
        if applied.name.value in (directive, f"federation__{directive}"):
            yield {argument.name.value: value_from_ast_untyped(argument.value) for argument in applied.arguments or ()}


@lru_cache(maxsize=1000)
def parsed(operation: str) -> DocumentNode:
    return parse(operation)


@lru_cache(maxsize=1000)
def field_set(text: str) -> SelectionSetNode:
    definition = parse("{" + text + "}").definitions[0]
    assert isinstance(definition, OperationDefinitionNode)
    return definition.selection_set


def plain_fields(fields: SelectionSetNode) -> Iterator[FieldNode]:
    return (part for part in fields.selections if isinstance(part, FieldNode))


def own_schema(sdl: str, entities: Collection[str]) -> GraphQLSchema:
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
