"""`@cost` and `@listSize`: COST_APPLIED_TO_INTERFACE_FIELD, and LIST_SIZE_APPLIED_TO_NON_LIST, LIST_SIZE_INVALID_*."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql.language import FieldDefinitionNode, ListTypeNode, NonNullTypeNode, TypeNode

from gateway.federation.composition.errors import Issue
from gateway.federation.composition.shapes import named_type
from gateway.federation.composition.subgraph import Subgraph
from gateway.federation.supergraph.directives import listed
from gateway.federation.supergraph.type_text import type_text

Found = Iterator[tuple[str, str]]
"""What follows LIST_SIZE_ in a code, and a message."""


def wrong_costs(subgraph: Subgraph) -> Iterator[Issue]:
    """Costs of what is resolved by nobody, and list sizes that do not fit their field."""
    for shape in subgraph.types.values():
        for name, field in shape.fields.items():
            coordinate = f"{shape.name}.{name}"
            if shape.kind == "interface" and (cost := subgraph.application(field, "cost")):
                message = (
                    "An interface's field is resolved by nobody, so it has no @cost: write it on its implementers."
                )
                yield subgraph.issue("COST_APPLIED_TO_INTERFACE_FIELD", message, coordinate, cost)
            for arguments in subgraph.applied(field, "listSize"):
                applied = subgraph.application(field, "listSize")
                for code, message in _wrong_list_size(subgraph, field, arguments):
                    yield subgraph.issue(f"LIST_SIZE_{code}", message, coordinate, applied)


def _wrong_list_size(subgraph: Subgraph, field: FieldDefinitionNode, arguments: Mapping[str, Any]) -> Found:
    sized = listed(arguments.get("sizedFields"))
    if not sized and not _is_list(field.type):
        message = f"@listSize is for lists, and this is {type_text(field.type)}: remove it, or name its sizedFields."
        yield "APPLIED_TO_NON_LIST", message
    assumed = arguments.get("assumedSize")
    if isinstance(assumed, int) and assumed < 0:
        yield "INVALID_ASSUMED_SIZE", f"The assumedSize {assumed} is negative: no list is shorter than empty."
    yield from _wrong_slicing(field, listed(arguments.get("slicingArguments")))
    yield from _wrong_sized_fields(subgraph, named_type(field.type), sized)


def _is_list(node: TypeNode) -> bool:
    return isinstance(node.type if isinstance(node, NonNullTypeNode) else node, ListTypeNode)


def _wrong_slicing(field: FieldDefinitionNode, names: list[str]) -> Found:
    declared = {argument.name.value: type_text(argument.type) for argument in field.arguments or ()}
    for name in names:
        if name not in declared:
            message = f"The slicingArguments name {name}, which is no argument of the field: add it, or leave it out."
            yield "INVALID_SLICING_ARGUMENT", message
        elif declared[name] not in ("Int", "Int!"):
            message = f"The slicingArguments name {name}, which is {declared[name]}: only an Int says how many."
            yield "INVALID_SLICING_ARGUMENT", message


def _wrong_sized_fields(subgraph: Subgraph, type_name: str, names: list[str]) -> Found:
    shape = subgraph.types.get(type_name)
    if names and (shape is None or shape.kind not in ("object", "interface", "union")):
        message = f"There are sizedFields, and the field is {type_name}, which has none: size the list itself."
        yield "INVALID_SIZED_FIELD", message
        return
    fields = shape.fields if shape else {}
    for name in names:
        if name not in fields:
            message = f"The sizedFields name {name}, which is no field of {type_name}: add it, or leave it out."
            yield "INVALID_SIZED_FIELD", message
        elif not _is_list(fields[name].type):
            message = f"The sizedFields name {name}, which is {type_text(fields[name].type)} and no list: leave it out."
            yield "APPLIED_TO_NON_LIST", message
