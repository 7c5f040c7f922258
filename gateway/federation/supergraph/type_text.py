"""Types as they are written. A large supergraph asks for tens of thousands of them: `print_ast` takes twenty times as
long."""

from __future__ import annotations

from graphql.language import ListTypeNode, NamedTypeNode, NonNullTypeNode, TypeNode


def type_text(node: TypeNode) -> str:
    """`[Int!]` of its syntax node."""
    if isinstance(node, NonNullTypeNode):
        return f"{type_text(node.type)}!"
    if isinstance(node, ListTypeNode):
        return f"[{type_text(node.type)}]"
    assert isinstance(node, NamedTypeNode)  # noqa: S101 - there is no other kind
    return node.name.value
