"""INVALID_GRAPHQL: a cost of an `@interfaceObject` type, which is an interface in the supergraph."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.federation.composition.errors import Issue
from gateway.federation.composition.merging.merge import Merged


def costs_of_interfaces(merged: Merged) -> Iterator[Issue]:
    """`@cost` on types that are objects in their subgraph alone."""
    for subgraph in merged.merging.subgraphs:
        for shape in subgraph.types.values():
            if subgraph.is_interface_object(shape.name) and (cost := subgraph.application(shape.node, "cost")):
                message = "It is an interface in the supergraph, which cannot have a @cost: write it on implementers."
                yield subgraph.issue("INVALID_GRAPHQL", message, shape.name, cost)
