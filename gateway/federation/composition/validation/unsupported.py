"""UNSUPPORTED_FEATURE: what this composer does not compose yet is refused, never dropped in silence."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.federation.composition.elements import elements
from gateway.federation.composition.errors import Issue
from gateway.federation.composition.subgraph import Subgraph


def not_yet_composed(subgraph: Subgraph) -> Iterator[Issue]:
    """`@oneOf`, which is not composed yet."""
    for coordinate, node in elements(subgraph):
        for applied in node.directives or ():
            name = applied.name.value
            if name == "oneOf" and name not in subgraph.directives:
                message = f"@{name} is not composed yet, and dropping it would change what the schema means: remove it."
                yield subgraph.issue("UNSUPPORTED_FEATURE", message, coordinate or None, applied)
