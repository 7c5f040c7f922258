"""Field sets: Federation 1 took lists and enums for them, and leaves that `@requires` and `@provides` need not name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from graphql import GraphQLError
from graphql.language import (
    ConstArgumentNode,
    ConstDirectiveNode,
    EnumValueNode,
    FieldDefinitionNode,
    ListValueNode,
    StringValueNode,
)

from gateway.federation.composition.shapes import named_type, with_parts
from gateway.federation.composition.upgrade.document import Document, is_one_of, with_directives
from gateway.federation.supergraph.directives import value_of
from gateway.federation.supergraph.field_set import FieldSet, SetField, parse_field_set, print_field_set


def field_sets_become_strings(document: Document) -> Document:
    """`fields: ["id", "x"]` and `fields: id` as strings."""

    def on_field(_: Any, field: FieldDefinitionNode) -> Any:
        return with_directives(field, _as_string)

    blocks = [with_directives(block, _as_string) for block in document.blocks]
    return document.with_blocks(blocks).with_fields(on_field)


def _as_string(applied: ConstDirectiveNode) -> ConstDirectiveNode:
    if not is_one_of(applied, "key", "requires", "provides"):
        return applied
    return _with_argument(applied, _written)


def _written(value: Any) -> str | None:
    """The field set that a list or an enum means; None where it is a string already, or nothing of the kind."""
    if isinstance(value, EnumValueNode):
        return value.value
    if isinstance(value, ListValueNode) and all(
        isinstance(item, StringValueNode | EnumValueNode) for item in value.values
    ):
        return " ".join(item.value for item in value.values)  # type: ignore[attr-defined]
    return None


def _with_argument(applied: ConstDirectiveNode, change: Any) -> ConstDirectiveNode:
    arguments = []
    for argument in applied.arguments or ():
        text = change(argument.value) if argument.name.value == "fields" else None
        value = argument.value if text is None else StringValueNode(value=text, loc=argument.value.loc)
        arguments.append(ConstArgumentNode(name=argument.name, value=value, loc=argument.loc))
    changed: ConstDirectiveNode = with_parts(applied, arguments=tuple(arguments))
    return changed


def prune_field_sets(document: Document) -> Document:
    """`@requires` and `@provides` less the leaves that the subgraph resolves itself, and less what is then left
    empty."""

    def change(block: Any, field: FieldDefinitionNode) -> Any:
        def on_directive(applied: ConstDirectiveNode) -> ConstDirectiveNode | None:
            if is_one_of(applied, "requires"):
                return _pruned(document, applied, block.name.value)
            if is_one_of(applied, "provides"):
                return _pruned(document, applied, named_type(field.type))
            return applied

        return with_directives(field, on_directive)

    return document.with_fields(change)


def _pruned(document: Document, applied: ConstDirectiveNode, parent: str) -> ConstDirectiveNode | None:
    text = next(
        (value_of(argument.value) for argument in applied.arguments or () if argument.name.value == "fields"), None
    )
    try:
        selections = parse_field_set(text) if isinstance(text, str) else ()
    except GraphQLError:
        return applied
    kept = tuple(_external_parts(document, selections, parent))
    if kept == selections:
        return applied
    return _with_argument(applied, lambda _: print_field_set(kept)) if kept else None


def _external_parts(document: Document, selections: FieldSet, parent: str) -> Iterator[Any]:
    for selection in selections:
        if not isinstance(selection, SetField):
            below = tuple(_external_parts(document, selection.selections, selection.type_condition))
            if below:
                yield replace(selection, selections=below)
            continue
        shape = document.shapes.get(parent)
        field = shape.fields.get(selection.name) if shape else None
        if field is None or _is_external(document, parent, selection.name):
            yield selection
        elif below := tuple(_external_parts(document, selection.selections, named_type(field.type))):
            yield replace(selection, selections=below)
        elif not selection.selections and named_type(field.type) in document.composites:
            yield selection


def _is_external(document: Document, parent: str, name: str) -> bool:
    """Is the field external, or, of an interface, that of an implementer?"""
    implementers = [shape.name for shape in document.shapes.values() if parent in shape.interfaces]
    return any(document.is_external(type_name, name) for type_name in (parent, *implementers))
