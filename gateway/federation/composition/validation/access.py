"""AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE: who may see an interface follows from who may see its implementers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway.federation.composition.errors import Issue
from gateway.federation.composition.merging.kept_directives import ACCESS
from gateway.federation.composition.subgraph import Subgraph


def wrong_access(subgraph: Subgraph) -> Iterator[Issue]:
    """`@authenticated`, `@requiresScopes` and `@policy` on interfaces, their fields, and `@interfaceObject` types."""
    for shape in subgraph.types.values():
        if shape.kind == "interface":
            yield from _issues(subgraph, shape.name, shape.node, "Write it on the implementing types")
            for name, field in shape.fields.items():
                repair = f"Write it on {name} in the implementing types"
                yield from _issues(subgraph, f"{shape.name}.{name}", field, repair)
        elif subgraph.is_interface_object(shape.name):
            yield from _issues(subgraph, shape.name, shape.node, "Write it on its fields here, or on the implementers")


def _issues(subgraph: Subgraph, coordinate: str, node: Any, repair: str) -> Iterator[Issue]:
    for kept in ACCESS:
        if applied := subgraph.application(node, kept.name):
            message = (
                f"@{applied.name.value} cannot be on an interface, which demands what its implementers do. {repair}."
            )
            yield subgraph.issue("AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE", message, coordinate, applied)
