"""Arguments and fields of input types: what all the subgraphs that have the element take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graphql import print_ast
from graphql.language import ConstValueNode, InputValueDefinitionNode

from gateway.federation.composition.merging.context import Directives, Merging, Sourced
from gateway.federation.composition.merging.descriptions import merge_description
from gateway.federation.composition.merging.elements import merge_applied
from gateway.federation.composition.merging.types import merge_types
from gateway.federation.composition.shapes import is_required
from gateway.federation.composition.wording import grouped, named
from gateway.federation.supergraph.directives import value_of


@dataclass(frozen=True, slots=True)
class InputCodes:
    """The codes of what is said of one kind of input, and what it is called."""

    noun: str
    type_mismatch: str
    default_mismatch: str
    required_missing: str
    left_out: str
    """Of a hint."""


ARGUMENT = InputCodes(
    "argument",
    "FIELD_ARGUMENT_TYPE_MISMATCH",
    "FIELD_ARGUMENT_DEFAULT_MISMATCH",
    "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH",
    "INCONSISTENT_ARGUMENT_PRESENCE",
)
INPUT_FIELD = InputCodes(
    "input field",
    "FIELD_TYPE_MISMATCH",
    "INPUT_FIELD_DEFAULT_MISMATCH",
    "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH",
    "INCONSISTENT_INPUT_OBJECT_FIELD",
)


def merge_arguments(
    merging: Merging, coordinate: str, owners: Sequence[Sourced]
) -> tuple[InputValueDefinitionNode, ...]:
    """The arguments that every owner (a field, or a directive's definition) has."""
    names = dict.fromkeys(argument.name.value for _, owner in owners for argument in owner.arguments or ())
    merged = []
    for name in names:
        sources = [
            (subgraph, argument)
            for subgraph, owner in owners
            for argument in owner.arguments or ()
            if argument.name.value == name
        ]
        about = f"{coordinate}({name}:)"
        if len(sources) == len(owners):
            merged.append(merge_input(merging, ARGUMENT, about, sources))
        else:
            tell_left_out(merging, ARGUMENT, about, sources, owners)
    return tuple(merged)


def tell_left_out(
    merging: Merging, codes: InputCodes, coordinate: str, sources: Sequence[Sourced], owners: Sequence[Sourced]
) -> None:
    """An input that some owner lacks is left out, which is a mistake where another cannot do without it."""
    having = {subgraph.name for subgraph, _ in sources}
    lacks = named(subgraph for subgraph, _ in owners if subgraph.name not in having)
    required = [(subgraph, node) for subgraph, node in sources if is_required(node)]
    if required:
        needs = named(subgraph for subgraph, _ in required)
        message = f"The {codes.noun} is required in {needs} and absent in {lacks}: add it there, or make it optional."
        merging.report(codes.required_missing, message, coordinate, required)
    else:
        has = named(subgraph for subgraph, _ in sources)
        message = f"The supergraph lacks this {codes.noun}: it is in {has}, not in {lacks}. Add it there, or remove it."
        merging.hint(codes.left_out, message, coordinate, sources)


def merge_input(
    merging: Merging, codes: InputCodes, coordinate: str, sources: Sequence[Sourced], joins: Directives = ()
) -> InputValueDefinitionNode:
    """One argument or input field."""
    return InputValueDefinitionNode(
        description=merge_description(merging, coordinate, sources),
        name=sources[0][1].name,
        type=merge_types(merging, "input", codes.type_mismatch, coordinate, sources),
        default_value=_merge_defaults(merging, codes, coordinate, sources),
        directives=(*joins, *merge_applied(merging, coordinate, sources)),
    )


def _merge_defaults(
    merging: Merging, codes: InputCodes, coordinate: str, sources: Sequence[Sourced]
) -> ConstValueNode | None:
    """The default that all agree on; none where some subgraph has none."""
    defaults: list[ConstValueNode] = [node.default_value for _, node in sources if node.default_value is not None]
    written = grouped([(s, print_ast(node.default_value) if node.default_value else "none") for s, node in sources])
    if any(value_of(default) != value_of(defaults[0]) for default in defaults):
        message = f"Its defaults do not agree: {written}. Give the {codes.noun} one default."
        merging.report(codes.default_mismatch, message, coordinate, sources)
    elif defaults and len(defaults) < len(sources):
        message = f"It has a default in some subgraphs only: {written}. The supergraph has none; write it everywhere."
        merging.hint("INCONSISTENT_DEFAULT_VALUE_PRESENCE", message, coordinate, sources)
    return defaults[0] if defaults and len(defaults) == len(sources) else None
