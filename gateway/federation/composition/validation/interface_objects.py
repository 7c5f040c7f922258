"""INTERFACE_OBJECT_USAGE_ERROR within a subgraph: an `@interfaceObject` type needs a key."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.federation.composition.errors import Issue
from gateway.federation.composition.subgraph import Subgraph


def wrong_interface_objects(subgraph: Subgraph) -> Iterator[Issue]:
    """Interface objects by which no entity can be found."""
    for shape in subgraph.types.values():
        if subgraph.has(shape.node, "interfaceObject") and not subgraph.has(shape.node, "key"):
            message = "An @interfaceObject type is an entity, and this one has no @key: give it the interface's."
            yield subgraph.issue("INTERFACE_OBJECT_USAGE_ERROR", message, shape.name, shape.node)
