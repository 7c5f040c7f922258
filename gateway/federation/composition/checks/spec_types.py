"""INVALID_GRAPHQL: a type is called like one of a specification that the supergraph has for its directives."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.federation.composition.errors import Issue
from gateway.federation.composition.merging.merge import Merged
from gateway.federation.composition.printing.specs import used_specifications


def taken_type_names(merged: Merged) -> Iterator[Issue]:
    """Types of subgraphs' own under such names. One that links the specification itself may write its type."""
    for spec in used_specifications(merged.spec_names):
        for name in (f"{spec.name}__{type_name}" for type_name in spec.types):
            for subgraph, shape in merged.merging.shapes(name):
                if not subgraph.links.is_machinery_type(name):
                    message = f"The supergraph has a type of this name for @{spec.directives[0]}: rename it."
                    yield subgraph.issue("INVALID_GRAPHQL", message, name, shape.node)
