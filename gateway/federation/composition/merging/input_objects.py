"""Input types: the fields that every subgraph that has the type knows."""

from __future__ import annotations

from collections.abc import Sequence

from graphql.language import InputObjectTypeDefinitionNode, InputValueDefinitionNode

from gateway.federation.composition.merging.context import Merging, Sourced
from gateway.federation.composition.merging.descriptions import merge_description
from gateway.federation.composition.merging.elements import merge_applied
from gateway.federation.composition.merging.inputs import INPUT_FIELD, merge_input, tell_left_out
from gateway.federation.composition.merging.joins import join_types
from gateway.federation.composition.merging.nodes import directive, text
from gateway.federation.composition.merging.types import types_differ
from gateway.federation.composition.wording import grouped, listed
from gateway.federation.supergraph.type_text import type_text


def merge_input_object(merging: Merging, type_name: str) -> InputObjectTypeDefinitionNode:
    """An input type: the fields that all the subgraphs that have it know. One that is `@inaccessible` stays."""
    sources = merging.nodes(type_name)
    names = dict.fromkeys(field.name.value for _, node in sources for field in node.fields or ())
    merged = (_merge_input_field(merging, type_name, name, sources) for name in names)
    fields = tuple(field for field in merged if field is not None)
    if not fields:
        written = grouped([(s, listed(field.name.value for field in node.fields)) for s, node in sources])
        message = f"No field is in all the subgraphs that have this input type ({written}): agree on one."
        merging.report("EMPTY_MERGED_INPUT_TYPE", message, type_name, sources)
    return InputObjectTypeDefinitionNode(
        description=merge_description(merging, type_name, sources),
        name=sources[0][1].name,
        directives=(*join_types(merging, type_name), *merge_applied(merging, type_name, sources)),
        fields=fields,
    )


def _merge_input_field(
    merging: Merging, type_name: str, field_name: str, owners: Sequence[Sourced]
) -> InputValueDefinitionNode | None:
    coordinate = f"{type_name}.{field_name}"
    sources = [
        (subgraph, field) for subgraph, node in owners for field in node.fields or () if field.name.value == field_name
    ]
    everywhere = len(sources) == len(owners)
    differ = types_differ(sources)
    joins = tuple(
        directive(
            "join__field",
            graph=merging.graph(subgraph),
            type=text(type_text(node.type)) if differ else None,
        )
        for subgraph, node in sources
        if differ or not everywhere
    )
    # Merged even if it is then left out: an enum in a field left out counts as sent.
    merged = merge_input(merging, INPUT_FIELD, coordinate, sources, joins)
    if everywhere or any(subgraph.has(node, "inaccessible") for subgraph, node in sources):
        return merged
    tell_left_out(merging, INPUT_FIELD, coordinate, sources, owners)
    return None
