"""What elements cost and how long lists are (`@cost`, `@listSize`), read into the model; weighing is for limits."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    DocumentNode,
    EnumTypeDefinitionNode,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
)

from gateway.federation.supergraph.directives import HasDirectives, LinkNames, applications, listed
from gateway.federation.supergraph.model import ListSize


def read_costs(document: DocumentNode, links: LinkNames) -> dict[str, int]:
    """Coordinate -> weight."""
    directive = links.directive("cost", "cost")
    return {
        coordinate: int(arguments["weight"])
        for coordinate, node in _elements(document)
        for arguments in applications(node, directive)
    }


def read_list_sizes(document: DocumentNode, links: LinkNames) -> dict[str, ListSize]:
    """Coordinate of a field -> what is said of the length of its list."""
    directive = links.directive("cost", "listSize")
    return {
        coordinate: ListSize(
            assumed=arguments.get("assumedSize"),
            slicing_arguments=tuple(listed(arguments.get("slicingArguments"))),
            sized_fields=tuple(listed(arguments.get("sizedFields"))),
            requires_one_slicing_argument=bool(arguments.get("requireOneSlicingArgument", True)),
        )
        for coordinate, node in _elements(document)
        for arguments in applications(node, directive)
    }


def _elements(document: DocumentNode) -> Iterator[tuple[str, HasDirectives]]:
    for node in document.definitions:
        if isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode | InputObjectTypeDefinitionNode):
            yield node.name.value, node
            for field in node.fields or ():
                coordinate = f"{node.name.value}.{field.name.value}"
                yield coordinate, field
                for argument in getattr(field, "arguments", None) or ():
                    yield f"{coordinate}({argument.name.value}:)", argument
        elif isinstance(node, ScalarTypeDefinitionNode | EnumTypeDefinitionNode):
            yield node.name.value, node
