"""UNSUPPORTED_FEATURE: `@oneOf` is refused, never dropped in silence: an input of which one field is given would become
one of which any are."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.federation.composition.elements import elements
from gateway.federation.composition.errors import Issue
from gateway.federation.composition.subgraph import Subgraph


def wrong_one_of(subgraph: Subgraph) -> Iterator[Issue]:
    """Inputs that the supergraph would take for ordinary ones."""
    for coordinate, node in elements(subgraph):
        for applied in node.directives or ():
            if applied.name.value == "oneOf":
                message = "@oneOf is not composed, and dropping it would change what the input means: remove it."
                yield subgraph.issue("UNSUPPORTED_FEATURE", message, coordinate or None, applied)
