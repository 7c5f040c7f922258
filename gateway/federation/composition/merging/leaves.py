"""Scalars and enums. What an enum keeps depends on how it is used.

In output, a client meets every value that any subgraph may give; in input, it may send only what all understand; an
enum used both ways must be the same everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from graphql.language import EnumTypeDefinitionNode, EnumValueDefinitionNode, ScalarTypeDefinitionNode

from gateway.federation.composition.merging.context import Merging, Sourced
from gateway.federation.composition.merging.descriptions import merge_description
from gateway.federation.composition.merging.elements import merge_applied
from gateway.federation.composition.merging.joins import join_types
from gateway.federation.composition.merging.nodes import directive, name
from gateway.federation.composition.wording import grouped, listed, named


def merge_scalar(merging: Merging, type_name: str) -> ScalarTypeDefinitionNode:
    sources = merging.nodes(type_name)
    return ScalarTypeDefinitionNode(
        description=merge_description(merging, type_name, sources),
        name=name(type_name),
        directives=(*join_types(merging, type_name), *merge_applied(merging, type_name, sources)),
    )


def merge_enum(merging: Merging, type_name: str) -> EnumTypeDefinitionNode:
    """An enum, after all that may use it."""
    sources = merging.nodes(type_name)
    uses = merging.enum_uses[type_name]
    if not uses:
        message = (
            "Nothing uses this enum: remove it, or use it. The supergraph has it with the values of all subgraphs."
        )
        merging.hint("UNUSED_ENUM_TYPE", message, type_name, sources)
    names = dict.fromkeys(value.name.value for _, node in sources for value in node.values or ())
    merged = (_merge_value(merging, type_name, value, sources) for value in names)
    values = tuple(value for value in merged if value is not None)
    if not values:
        written = grouped([(s, listed(value.name.value for value in node.values)) for s, node in sources])
        message = f"No value is in all the subgraphs that have this enum, which is sent ({written}): agree on one."
        merging.report("EMPTY_MERGED_ENUM_TYPE", message, type_name, sources)
    return EnumTypeDefinitionNode(
        description=merge_description(merging, type_name, sources),
        name=name(type_name),
        directives=(*join_types(merging, type_name), *merge_applied(merging, type_name, sources)),
        values=values,
    )


def _merge_value(
    merging: Merging, type_name: str, value: str, enums: Sequence[Sourced]
) -> EnumValueDefinitionNode | None:
    coordinate = f"{type_name}.{value}"
    sources = [(subgraph, node) for subgraph, enum in enums for node in enum.values or () if node.name.value == value]
    # Merged even if it is then left out, for the sake of what is said of its parts.
    merged = EnumValueDefinitionNode(
        description=merge_description(merging, coordinate, sources),
        name=name(value),
        directives=(
            *(directive("join__enumValue", graph=merging.graph(subgraph)) for subgraph, _ in sources),
            *merge_applied(merging, coordinate, sources),
        ),
    )
    having = {subgraph.name for subgraph, _ in sources}
    lacking = [(subgraph, node) for subgraph, node in enums if subgraph.name not in having]
    return merged if not lacking or _is_kept(merging, coordinate, sources, lacking) else None


def _is_kept(merging: Merging, coordinate: str, having: Sequence[Sourced], lacking: Sequence[Sourced]) -> bool:
    """Does the supergraph have a value that some subgraphs lack? Whatever is decided is told."""
    uses = merging.enum_uses[coordinate.partition(".")[0]]
    has, lacks = (named(subgraph for subgraph, _ in part) for part in (having, lacking))
    about = (coordinate, [*having, *lacking])
    if "input" not in uses:
        message = f"The value is in {has}, not in {lacks}: clients of the supergraph may meet it. Add it there too."
        merging.hint("INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM", message, *about)
    elif any(subgraph.has(node, "inaccessible") for subgraph, node in having):
        return True
    elif "output" not in uses:
        message = (
            f"The supergraph lacks this value: it is in {has}, not in {lacks}, and may be sent to any of them. Add it "
            "there, or remove it."
        )
        merging.hint("INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM", message, *about)
        return False
    else:
        message = (
            f"The enum is sent ({uses['input']}) and received ({uses['output']}), so all subgraphs need the same "
            f"values, and this one is in {has}, not in {lacks}: add it there, or mark it @inaccessible."
        )
        merging.report("ENUM_VALUE_MISMATCH", message, *about)
    return True
