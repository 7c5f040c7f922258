"""SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES: subgraphs that share a field can give it the same value."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.federation.composition.errors import Issue, Place
from gateway.federation.composition.satisfiability.moves import Positions, subgraphs_of
from gateway.federation.supergraph.model import Supergraph


def mismatched_runtime_types(supergraph: Supergraph, coordinate: str, found: Positions) -> Iterator[Issue]:
    """The subgraphs that resolve a field have no runtime type in common for its value."""
    possible = {
        position: supergraph.possible_in(position.type_name, position.subgraph)
        for position in found
        if position.type_name in supergraph.types
        and not supergraph.is_interface_object(position.type_name, position.subgraph)
    }
    if len(possible) > 1 and not frozenset.intersection(*possible.values()):
        written = "; ".join(
            f"{position.subgraph} gives {', '.join(sorted(types)) or 'none'}"
            for position, types in sorted(possible.items(), key=lambda item: item[0].subgraph)
        )
        message = f"It is shared, and no type can come from all: {written}. Give the subgraphs a type in common."
        places = tuple(map(Place, subgraphs_of(found)))
        yield Issue("SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES", message, coordinate, places)
