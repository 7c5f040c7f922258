"""Directives of operations: those that every subgraph defines, for the places that all agree on.

Directives of type systems are each subgraph's own, and stay there.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import DirectiveLocation
from graphql.language import DirectiveDefinitionNode

from gateway.federation.composition.merging.context import Merging
from gateway.federation.composition.merging.descriptions import merge_description
from gateway.federation.composition.merging.inputs import merge_arguments
from gateway.federation.composition.merging.nodes import name

EXECUTABLE = (
    DirectiveLocation.QUERY,
    DirectiveLocation.MUTATION,
    DirectiveLocation.SUBSCRIPTION,
    DirectiveLocation.FIELD,
    DirectiveLocation.FRAGMENT_DEFINITION,
    DirectiveLocation.FRAGMENT_SPREAD,
    DirectiveLocation.INLINE_FRAGMENT,
    DirectiveLocation.VARIABLE_DEFINITION,
)


def merge_directives(merging: Merging) -> Iterator[DirectiveDefinitionNode]:
    """The executable directives that all subgraphs define."""
    for directive_name in sorted({known for subgraph in merging.subgraphs for known in subgraph.directives}):
        sources = [
            (subgraph, subgraph.directives[directive_name])
            for subgraph in merging.subgraphs
            if directive_name in subgraph.directives
        ]
        places = [{location.value for location in node.locations} for _, node in sources]
        common = set.intersection(*places)
        locations = tuple(name(place.name) for place in EXECUTABLE if place.name in common)
        if len(sources) == len(merging.subgraphs) and locations:
            yield DirectiveDefinitionNode(
                description=merge_description(merging, f"@{directive_name}", sources),
                name=name(directive_name),
                arguments=merge_arguments(merging, f"@{directive_name}", sources),
                repeatable=all(node.repeatable for _, node in sources),
                locations=locations,
            )
