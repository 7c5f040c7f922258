"""Every element of a schema that directives can be applied to, with its coordinate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql.language import DirectiveDefinitionNode, SchemaDefinitionNode

from gateway.federation.composition.subgraph import Subgraph


def elements(subgraph: Subgraph) -> Iterator[tuple[str, Any]]:
    """The elements of a subgraph."""
    types = {name: shape.node for name, shape in subgraph.types.items()}
    return elements_of(subgraph.schema_node, subgraph.directives, types)


def elements_of(
    schema: SchemaDefinitionNode, directives: Mapping[str, DirectiveDefinitionNode], types: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    """Coordinates (`Type`, `Type.field`, `Type.field(argument:)`, `Enum.VALUE`, `@directive(argument:)`) and nodes; the
    schema's is empty."""
    yield "", schema
    for name, node in directives.items():
        yield from ((f"@{name}({argument.name.value}:)", argument) for argument in node.arguments or ())
    for name, node in types.items():
        yield name, node
        for child in getattr(node, "fields", None) or getattr(node, "values", None) or ():
            coordinate = f"{name}.{child.name.value}"
            yield coordinate, child
            for argument in getattr(child, "arguments", None) or ():
                yield f"{coordinate}({argument.name.value}:)", argument
