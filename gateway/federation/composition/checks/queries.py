"""NO_QUERIES: a supergraph can be asked something."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.federation.composition.errors import Issue, Place
from gateway.federation.composition.merging.merge import Merged
from gateway.federation.composition.roots import QUERY


def no_queries(merged: Merged) -> Iterator[Issue]:
    """No subgraph has a field of the query root."""
    if QUERY not in merged.types:
        places = tuple(Place(subgraph.name) for subgraph in merged.merging.subgraphs)
        yield Issue("NO_QUERIES", "No subgraph has a query: give Query a field in one of them.", None, places)
