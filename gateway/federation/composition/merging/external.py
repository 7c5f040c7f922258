"""`@external` fields against what they turn out to be: EXTERNAL_TYPE_MISMATCH, EXTERNAL_ARGUMENT_*,
MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphql import print_ast
from graphql.language import FieldDefinitionNode, InputValueDefinitionNode

from gateway.federation.composition.merging.context import Merging, Sourced
from gateway.federation.composition.merging.elements import applied_to_external
from gateway.federation.composition.merging.types import is_subtype, types_differ
from gateway.federation.composition.subgraph import Subgraph
from gateway.federation.composition.wording import named
from gateway.federation.supergraph.directives import value_of
from gateway.federation.supergraph.type_text import type_text


def check_externals(
    merging: Merging,
    coordinate: str,
    merged: FieldDefinitionNode,
    externals: Sequence[Sourced],
    resolved: Sequence[Sourced],
) -> None:
    """Reports where an external declaration says another thing than the merged field, which `resolved` made.

    Where those that resolve it give different types, an external one may be any of them, or between them.
    """
    may_narrow = types_differ(resolved)
    for subgraph, node in externals:
        if (wrong := applied_to_external(subgraph, node)) is not None:
            message = f"@{wrong.name.value} is on an @external field: write it where the field is resolved."
            merging.report("MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL", message, coordinate, [(subgraph, wrong)])
        fits = may_narrow and is_subtype(node.type, merged.type, merging.subtypes)
        if not fits and type_text(node.type) != type_text(merged.type):
            written = f"{type_text(merged.type)} in {named(owner for owner, _ in resolved)}"
            message = f"It is {written}, but {type_text(node.type)} where it is @external: write the same type."
            merging.report("EXTERNAL_TYPE_MISMATCH", message, coordinate, [(subgraph, node)])
        declared = {argument.name.value: argument for argument in node.arguments or ()}
        for argument in merged.arguments or ():
            name = argument.name.value
            _check_argument(merging, f"{coordinate}({name}:)", argument, declared.get(name), (subgraph, node))


def _check_argument(
    merging: Merging,
    coordinate: str,
    merged: InputValueDefinitionNode,
    declared: InputValueDefinitionNode | None,
    field: tuple[Subgraph, FieldDefinitionNode],
) -> None:
    if declared is None:
        message = "The argument is missing where the field is @external: add it."
        merging.report("EXTERNAL_ARGUMENT_MISSING", message, coordinate, [field])
        return
    if not is_subtype(merged.type, declared.type, merging.subtypes):
        message = (
            f"The argument is {type_text(merged.type)}, but {type_text(declared.type)} where the field is @external: "
            "write the same."
        )
        merging.report("EXTERNAL_ARGUMENT_TYPE_MISMATCH", message, coordinate, [(field[0], declared)])
    if _value(declared) != _value(merged):
        message = (
            f"The argument's default is {_written(merged)}, but {_written(declared)} where the field is @external: "
            "write the same."
        )
        merging.report("EXTERNAL_ARGUMENT_DEFAULT_MISMATCH", message, coordinate, [(field[0], declared)])


def _value(argument: InputValueDefinitionNode) -> tuple[bool, Any]:
    default = argument.default_value
    return (False, None) if default is None else (True, value_of(default))


def _written(argument: InputValueDefinitionNode) -> str:
    return print_ast(argument.default_value) if argument.default_value is not None else "absent"
