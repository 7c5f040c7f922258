"""Scalars and enums. What an enum keeps depends on how it is used.

In output, a client meets every value that any subgraph may give; in input, it may send only what all understand; an
enum used both ways must be the same everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from graphql.language import EnumTypeDefinitionNode, EnumValueDefinitionNode, ScalarTypeDefinitionNode

from gateway.federation.composition.merging.context import Merging, Sourced
from gateway.federation.composition.merging.elements import merge_applied, merge_description
from gateway.federation.composition.merging.joins import join_types
from gateway.federation.composition.merging.nodes import directive, name


def merge_scalar(merging: Merging, type_name: str) -> ScalarTypeDefinitionNode:
    sources = merging.nodes(type_name)
    return ScalarTypeDefinitionNode(
        description=merge_description(sources),
        name=name(type_name),
        directives=(*join_types(merging, type_name), *merge_applied(merging, sources)),
    )


def merge_enum(merging: Merging, type_name: str) -> EnumTypeDefinitionNode:
    """An enum, after all that may use it."""
    sources = merging.nodes(type_name)
    names = dict.fromkeys(value.name.value for _, node in sources for value in node.values or ())
    merged = (_merge_value(merging, type_name, value, sources) for value in names)
    values = tuple(value for value in merged if value is not None)
    if not values:
        message = "No value is in all the subgraphs that have this enum, which is used as input: agree on one."
        merging.report("EMPTY_MERGED_ENUM_TYPE", message, type_name, sources)
    return EnumTypeDefinitionNode(
        description=merge_description(sources),
        name=name(type_name),
        directives=(*join_types(merging, type_name), *merge_applied(merging, sources)),
        values=values,
    )


def _merge_value(
    merging: Merging, type_name: str, value: str, enums: Sequence[Sourced]
) -> EnumValueDefinitionNode | None:
    sources = [(subgraph, node) for subgraph, enum in enums for node in enum.values or () if node.name.value == value]
    hidden = any(subgraph.has(node, "inaccessible") for subgraph, node in sources)
    uses = merging.enum_uses[type_name]
    if len(sources) < len(enums) and "input" in uses and not hidden:
        if "output" not in uses:
            return None
        _report_mismatch(merging, f"{type_name}.{value}", uses, enums, sources)
    joins = (directive("join__enumValue", graph=merging.graph(subgraph)) for subgraph, _ in sources)
    return EnumValueDefinitionNode(
        description=merge_description(sources),
        name=name(value),
        directives=(*joins, *merge_applied(merging, sources)),
    )


def _report_mismatch(
    merging: Merging, coordinate: str, uses: dict[str, str], enums: Sequence[Sourced], sources: Sequence[Sourced]
) -> None:
    having = {subgraph.name for subgraph, _ in sources}
    lacking = [(subgraph, node) for subgraph, node in enums if subgraph.name not in having]
    message = (
        f"The enum is sent ({uses['input']}) and received ({uses['output']}), so all subgraphs need the same values, "
        f"and {', '.join(subgraph.name for subgraph, _ in lacking)} lacks this one: add it there, or mark it "
        "@inaccessible."
    )
    merging.report("ENUM_VALUE_MISMATCH", message, coordinate, [*sources, *lacking])
