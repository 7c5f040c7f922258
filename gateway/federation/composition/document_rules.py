"""INVALID_GRAPHQL: what a subgraph's document as a whole gets wrong, and graphql-core, which sees the types in one
piece and beside those of the specifications, does not notice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import DocumentNode, introspection_types, specified_scalar_types
from graphql.language import (
    DirectiveDefinitionNode,
    ExecutableDefinitionNode,
    Node,
    ScalarTypeDefinitionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
)

from gateway.federation.composition.errors import Issue, place_of
from gateway.federation.composition.roots import QUERY
from gateway.federation.composition.shapes import named_type
from gateway.federation.supergraph.directives import EXECUTABLE

_RESERVED = ("join__", "link__")
_EXECUTABLE = frozenset(location.name for location in EXECUTABLE)
Known = Mapping[tuple[bool, str], Any]


def wrong_document(subgraph: str, document: DocumentNode, known: Known) -> Iterator[Issue]:
    """The mistakes of a document of which `known` are the specifications' definitions, by `spec_definitions`."""
    directives: set[str] = set()
    types = (node for node in document.definitions if isinstance(node, TypeDefinitionNode | TypeExtensionNode))
    has_query = any(node.name.value == QUERY for node in types)
    for node in document.definitions:
        for coordinate, message in _wrong_definition(node, known, directives):
            yield _issue(subgraph, node, coordinate, message)
        if isinstance(node, TypeDefinitionNode | TypeExtensionNode):
            for coordinate, name, field in _typed(node):
                if (False, name) in known or name in introspection_types:
                    message = f"{name} is no type of this schema, but of a specification: give it another."
                    yield _issue(subgraph, field, coordinate, message)
                elif name == QUERY and not has_query:
                    yield _issue(subgraph, field, coordinate, "This subgraph has no Query: define it, or extend it.")


def _issue(subgraph: str, node: Node, coordinate: str | None, message: str) -> Issue:
    return Issue("INVALID_GRAPHQL", message, coordinate, (place_of(subgraph, node),))


def _wrong_definition(node: Node, known: Known, directives: set[str]) -> Iterator[tuple[str | None, str]]:
    if isinstance(node, ExecutableDefinitionNode):
        yield None, "This is part of a request, not of a schema: remove it."
    if isinstance(node, DirectiveDefinitionNode):
        name = node.name.value
        if name in directives:
            yield f"@{name}", "The directive is defined twice: keep one definition."
        directives.add(name)
        is_merged = any(location.value in _EXECUTABLE for location in node.locations)
        if is_merged and _is_reserved(name, (True, name), known):
            yield f"@{name}", "The supergraph has directives of its own under such names: rename it."
    if isinstance(node, TypeDefinitionNode | TypeExtensionNode):
        name = node.name.value
        if _is_reserved(name, (False, name), known):
            yield name, "The supergraph has types of its own under such names: rename it."
        if name in specified_scalar_types and not isinstance(node, ScalarTypeDefinitionNode):
            yield name, f"{name} is a scalar of GraphQL itself, and is neither extended nor anything else: remove this."


def _is_reserved(name: str, key: tuple[bool, str], known: Known) -> bool:
    return (name.startswith(_RESERVED) or key == (True, "link")) and key not in known


def _typed(node: Any) -> Iterator[tuple[str, str, Node]]:
    """The fields and arguments of a type: each with its coordinate and the name of its type."""
    for field in getattr(node, "fields", None) or ():
        coordinate = f"{node.name.value}.{field.name.value}"
        yield coordinate, named_type(field.type), field
        for argument in getattr(field, "arguments", None) or ():
            yield f"{coordinate}({argument.name.value}:)", named_type(argument.type), argument
