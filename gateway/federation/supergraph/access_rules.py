"""The access directives of a supergraph, read into the model; enforcing them is the policy's business."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    DocumentNode,
    EnumTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
)

from gateway.federation.supergraph.directives import HasDirectives, LinkNames, applications, listed
from gateway.federation.supergraph.model import AccessRule


def read_access_rules(document: DocumentNode, links: LinkNames) -> dict[str, AccessRule]:
    """Coordinate -> rule, for every type and field that has one."""
    return {
        coordinate: rule for coordinate, node in _elements(document) if (rule := _rule(node, links)) != AccessRule()
    }


def _elements(document: DocumentNode) -> Iterator[tuple[str, HasDirectives]]:
    for node in document.definitions:
        if isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
            yield node.name.value, node
            for field in node.fields or ():
                yield f"{node.name.value}.{field.name.value}", field
        elif isinstance(node, ScalarTypeDefinitionNode | EnumTypeDefinitionNode):
            yield node.name.value, node


def _rule(node: HasDirectives, links: LinkNames) -> AccessRule:
    return AccessRule(
        authenticated=any(True for _ in applications(node, links.directive("authenticated", "authenticated"))),
        scopes=_alternatives(node, links.directive("requiresScopes", "requiresScopes"), "scopes"),
        policies=_alternatives(node, links.directive("policy", "policy"), "policies"),
    )


def _alternatives(node: HasDirectives, directive: str, argument: str) -> tuple[tuple[str, ...], ...]:
    for arguments in applications(node, directive):
        return tuple(tuple(map(str, listed(all_of))) for all_of in listed(arguments.get(argument)))
    return ()
