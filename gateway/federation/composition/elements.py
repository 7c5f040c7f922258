"""Every element of a subgraph that directives can be applied to, with its coordinate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway.federation.composition.subgraph import Subgraph


def elements(subgraph: Subgraph) -> Iterator[tuple[str, Any]]:
    """Coordinates (`Type`, `Type.field`, `Type.field(argument:)`, `Enum.VALUE`, `@directive(argument:)`) and nodes; the
    schema's is empty."""
    yield "", subgraph.schema_node
    for name, node in subgraph.directives.items():
        yield from ((f"@{name}({argument.name.value}:)", argument) for argument in node.arguments or ())
    for shape in subgraph.types.values():
        yield shape.name, shape.node
        for child in getattr(shape.node, "fields", None) or getattr(shape.node, "values", None) or ():
            coordinate = f"{shape.name}.{child.name.value}"
            yield coordinate, child
            for argument in getattr(child, "arguments", None) or ():
                yield f"{coordinate}({argument.name.value}:)", argument
