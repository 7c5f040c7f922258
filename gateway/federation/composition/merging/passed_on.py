"""Which directives the supergraph only passes on: it has them as `@join__directive`, for routers that know them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graphql.language import ConstDirectiveNode

from gateway.federation.composition.subgraph import Subgraph
from gateway.federation.composition.written_links import written_link
from gateway.federation.supergraph.directives import SPEC_HOST

CONNECT = "connect"


def passed_on(subgraph: Subgraph) -> dict[str, str]:
    """The name that each such directive has in the subgraph -> the one that the supergraph writes."""
    known = {"cacheTag": "federation__cacheTag"}
    known |= {name: subgraph.local_names[name] for name in (CONNECT, "source") if name in subgraph.local_names}
    return {subgraph.local_names[name]: written for name, written in known.items() if name in subgraph.local_names}


def written_name(subgraph: Subgraph, names: Mapping[str, str], applied: ConstDirectiveNode) -> str | None:
    """The name under which the supergraph passes an application on; None if it does not. Connectors come with the link
    that says what they are called in their subgraph."""
    if applied.name.value == subgraph.links.link_directive and CONNECT in subgraph.local_names:
        return "link" if written_link(subgraph.name, applied).base == SPEC_HOST + CONNECT else None
    return names.get(applied.name.value)


def connect_version(subgraphs: Sequence[Subgraph]) -> str | None:
    """The version of connectors that the supergraph links: v0.3 serves for those before it. The first subgraph that
    has any decides, as in the field's composer."""
    written = (subgraph.links.version(CONNECT) for subgraph in subgraphs if CONNECT in subgraph.local_names)
    first = next(written, None)
    return max(first, "v0.3") if first else None
