"""Root types: whatever a subgraph calls them, composition calls them `Query`, `Mutation` and `Subscription`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from graphql import DocumentNode, OperationType, visit
from graphql.language import (
    ArgumentNode,
    NamedTypeNode,
    NameNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    OperationTypeDefinitionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    StringValueNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    Visitor,
)

from gateway.federation.composition.errors import Issue, Place, place_of, refuse_any

ROOTS = {
    OperationType.QUERY: "Query",
    OperationType.MUTATION: "Mutation",
    OperationType.SUBSCRIPTION: "Subscription",
}
QUERY = ROOTS[OperationType.QUERY]
SUBSCRIPTION = ROOTS[OperationType.SUBSCRIPTION]
_FIELD_SET_ARGUMENTS = ("fields", "field")
_CONDITION = re.compile(r"(\bon\s+)(\w+)")


def rename_roots(subgraph: str, document: DocumentNode) -> DocumentNode:
    """The document with its root types under the default names. Raises `CompositionError` where those are taken."""
    written = list(_written_roots(document))
    roots = dict(written)
    refuse_any(_wrong_roots(subgraph, document, written))
    refuse_any(_taken(subgraph, document, roots))
    renamed = {name: ROOTS[operation] for operation, name in roots.items() if name != ROOTS[operation]}
    return visit(document, _Rename(renamed)) if renamed else document


def schema_definition(document: DocumentNode, objects: Collection[str]) -> SchemaDefinitionNode:
    """The schema of a document from `rename_roots`: description and directives of all its blocks, and the roots
    that are among its objects. There is always a query."""
    blocks = _schema_blocks(document)
    operations = {QUERY, *(name for name in ROOTS.values() if name in objects)}
    return SchemaDefinitionNode(
        description=next((block.description for block in blocks if isinstance(block, SchemaDefinitionNode)), None),
        directives=tuple(directive for block in blocks for directive in block.directives or ()),
        operation_types=operation_types(operations),
    )


def operation_types(names: set[str]) -> tuple[OperationTypeDefinitionNode, ...]:
    """The root operations of the types that are there."""
    return tuple(
        OperationTypeDefinitionNode(operation=operation, type=NamedTypeNode(name=NameNode(value=name)))
        for operation, name in ROOTS.items()
        if name in names
    )


def _schema_blocks(document: DocumentNode) -> list[SchemaDefinitionNode | SchemaExtensionNode]:
    return [node for node in document.definitions if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode)]


def _written_roots(document: DocumentNode) -> Iterator[tuple[OperationType, str]]:
    """What the schema names, and objects under default names where it says nothing of the operation."""
    blocks = _schema_blocks(document)
    written = [(root.operation, root.type.name.value) for block in blocks for root in block.operation_types or ()]
    if not any(isinstance(block, SchemaDefinitionNode) for block in blocks):
        objects = _objects(document)
        named = {operation for operation, _ in written}
        yield from (
            (operation, name) for operation, name in ROOTS.items() if name in objects and operation not in named
        )
    yield from written


def _types(document: DocumentNode) -> Iterator[Any]:
    return (node for node in document.definitions if isinstance(node, TypeDefinitionNode | TypeExtensionNode))


def _objects(document: DocumentNode) -> set[str]:
    nodes = document.definitions
    return {node.name.value for node in nodes if isinstance(node, ObjectTypeDefinitionNode | ObjectTypeExtensionNode)}


def _taken(subgraph: str, document: DocumentNode, roots: Mapping[OperationType, str]) -> Iterator[Issue]:
    for operation, name in ROOTS.items():
        root = roots.get(operation)
        holder = next((node for node in _types(document) if node.name.value == name), None)
        if holder is None or root is None or root == name:
            continue
        message = f"{name} is a type, but not the root of {operation.value} operations: rename it, or make it the root."
        yield Issue(f"ROOT_{operation.name}_USED", message, name, (place_of(subgraph, holder),))


def _wrong_roots(
    subgraph: str, document: DocumentNode, written: Sequence[tuple[OperationType, str]]
) -> Iterator[Issue]:
    defined, objects = {node.name.value for node in _types(document)}, _objects(document)
    operations: dict[str, OperationType] = {}
    for operation in dict.fromkeys(operation for operation, _ in written):
        names = dict.fromkeys(name for known, name in written if known == operation)
        if len(names) > 1:
            message = f"The root of {operation.value} operations is {' and '.join(names)}: keep one."
            yield Issue("INVALID_GRAPHQL", message, None, (Place(subgraph),))
    for operation, name in written:
        if name not in defined:
            message = f"The root of {operation.value} operations is {name}, which is not there: define it."
            yield Issue("INVALID_GRAPHQL", message, name, (Place(subgraph),))
        elif name not in objects:
            message = f"The root of {operation.value} operations is {name}, which is no object: make it a type."
            yield Issue("INVALID_GRAPHQL", message, name, (Place(subgraph),))
        if operations.setdefault(name, operation) != operation:
            message = (
                f"{name} is the root of {operations[name].value} and of {operation.value}: give each its own type."
            )
            yield Issue("INVALID_GRAPHQL", message, name, (Place(subgraph),))


class _Rename(Visitor):
    """Renames types where they are defined and used, and in the fragments of field sets."""

    def __init__(self, renamed: Mapping[str, str]) -> None:
        super().__init__()
        self.renamed = renamed

    def enter_name(self, node: NameNode, _key: Any, parent: Any, *_: Any) -> Any:
        if isinstance(parent, NamedTypeNode | TypeDefinitionNode | TypeExtensionNode) and node.value in self.renamed:
            return NameNode(value=self.renamed[node.value], loc=node.loc)
        return None

    def enter_string_value(self, node: StringValueNode, _key: Any, parent: Any, *_: Any) -> Any:
        if not (isinstance(parent, ArgumentNode) and parent.name.value in _FIELD_SET_ARGUMENTS):
            return None
        text = _CONDITION.sub(lambda found: found[1] + self.renamed.get(found[2], found[2]), node.value)
        return StringValueNode(value=text, block=node.block, loc=node.loc) if text != node.value else None
