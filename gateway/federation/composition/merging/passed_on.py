"""Which directives the supergraph only passes on: it has them as `@join__directive`, for routers that know them."""

from __future__ import annotations

from gateway.federation.composition.subgraph import Subgraph


def passed_on(subgraph: Subgraph) -> dict[str, str]:
    """The name that each such directive has in the subgraph -> the one that the supergraph writes."""
    cache_tag = subgraph.local_names.get("cacheTag")
    return {cache_tag: "federation__cacheTag"} if cache_tag else {}
