"""INVALID_SHAREABLE_USAGE: `@shareable` is for fields of objects, once a definition or extension."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.federation.composition.errors import Issue
from gateway.federation.composition.subgraph import Subgraph


def wrong_shareable(subgraph: Subgraph) -> Iterator[Issue]:
    """`@shareable` on fields of interfaces, or twice in one place."""
    for shape in subgraph.types.values():
        for name, field in shape.fields.items():
            if shape.kind == "interface" and subgraph.has(field, "shareable"):
                message = "An interface's field is resolved by nobody, so it cannot be @shareable: remove it."
                yield subgraph.issue("INVALID_SHAREABLE_USAGE", message, f"{shape.name}.{name}", field)
        places = [(shape.name, block) for block in shape.blocks]
        places += [(f"{shape.name}.{name}", field) for name, field in shape.fields.items()]
        for coordinate, node in places:
            if len(list(subgraph.applied(node, "shareable"))) > 1:
                message = "@shareable is applied twice to one declaration: keep one."
                yield subgraph.issue("INVALID_SHAREABLE_USAGE", message, coordinate, node)
