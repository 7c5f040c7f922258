"""The API schema: what clients see of a supergraph.

Two cuts, both on the document: the join machinery goes (types and directives of the linked specifications, and every
application of them), then whatever is `@inaccessible`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from graphql import DocumentNode, GraphQLSchema, build_ast_schema
from graphql.language import (
    ConstDirectiveNode,
    DirectiveDefinitionNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    NamedTypeNode,
    Node,
    ObjectTypeDefinitionNode,
    SchemaDefinitionNode,
    TypeDefinitionNode,
    UnionTypeDefinitionNode,
    Visitor,
    visit,
)

from gateway.federation.supergraph.directives import LinkNames

N = TypeVar("N", bound=Node)


def without_machinery(document: DocumentNode, links: LinkNames) -> DocumentNode:
    """The document without the linked specifications' definitions and without their applications, `@inaccessible`
    excepted."""
    keep = links.directive("inaccessible", "inaccessible")
    stripped = visit(document, _StripApplications(links, keep))
    definitions = tuple(
        node
        for node in stripped.definitions
        if not (isinstance(node, TypeDefinitionNode) and links.is_machinery_type(node.name.value))
        and not (
            isinstance(node, DirectiveDefinitionNode)
            and node.name.value != keep
            and links.is_linked_directive(node.name.value)
        )
    )
    return DocumentNode(definitions=definitions)


class _StripApplications(Visitor):
    def __init__(self, links: LinkNames, keep: str) -> None:
        super().__init__()
        self.links = links
        self.keep = keep

    def enter_directive(self, node: ConstDirectiveNode, *_: Any) -> Any:
        name = node.name.value
        return self.REMOVE if name != self.keep and self.links.is_linked_directive(name) else None


def build_api_schema(document: DocumentNode, links: LinkNames) -> GraphQLSchema:
    """The schema of a document from `without_machinery`, less its inaccessible elements."""
    directive = links.directive("inaccessible", "inaccessible")
    if not directive:
        return build_ast_schema(document, assume_valid=True)
    hidden = {
        node.name.value
        for node in document.definitions
        if isinstance(node, TypeDefinitionNode) and _is_hidden(node, directive)
    }
    definitions = [
        _visible(node, hidden, directive)
        for node in document.definitions
        if not (isinstance(node, TypeDefinitionNode) and node.name.value in hidden)
        and not (isinstance(node, DirectiveDefinitionNode) and node.name.value == directive)
    ]
    return build_ast_schema(DocumentNode(definitions=tuple(definitions)), assume_valid=True)


def _is_hidden(node: Any, directive: str) -> bool:
    return any(applied.name.value == directive for applied in node.directives or ())


def _shown(nodes: Iterable[N] | None, directive: str) -> tuple[N, ...]:
    return tuple(node for node in nodes or () if not _is_hidden(node, directive))


def _named(nodes: Iterable[NamedTypeNode] | None, hidden: set[str]) -> tuple[NamedTypeNode, ...]:
    return tuple(node for node in nodes or () if node.name.value not in hidden)


def _visible(node: Any, hidden: set[str], directive: str) -> Any:
    if isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
        fields = tuple(_visible_field(field, directive) for field in _shown(node.fields, directive))
        return _copy(node, fields=fields, interfaces=_named(node.interfaces, hidden))
    if isinstance(node, UnionTypeDefinitionNode):
        return _copy(node, types=_named(node.types, hidden))
    if isinstance(node, EnumTypeDefinitionNode):
        return _copy(node, values=_shown(node.values, directive))
    if isinstance(node, InputObjectTypeDefinitionNode):
        return _copy(node, fields=_shown(node.fields, directive))
    if isinstance(node, DirectiveDefinitionNode):
        return _copy(node, arguments=_shown(node.arguments, directive))
    if isinstance(node, SchemaDefinitionNode):
        return _copy(
            node, operation_types=tuple(o for o in node.operation_types or () if o.type.name.value not in hidden)
        )
    return node


def _visible_field(field: FieldDefinitionNode, directive: str) -> FieldDefinitionNode:
    return _copy(field, arguments=_shown(field.arguments, directive))


def _copy(node: N, **changes: Any) -> N:
    return type(node)(**{**{key: getattr(node, key) for key in node.keys}, **changes})
