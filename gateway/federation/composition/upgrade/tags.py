"""`@tag`: Federation 1 let an external field repeat the tags that its owner gives it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import print_ast
from graphql.language import ConstDirectiveNode, FieldDefinitionNode

from gateway.federation.composition.subgraph import Subgraph
from gateway.federation.composition.upgrade.document import Document, has, is_one_of, with_directives


def drop_tags_of_externals(document: Document) -> Document:
    """`@tag` off external fields that have the same tag where they are resolved."""

    def change(block: Any, field: FieldDefinitionNode) -> Any:
        if not has(field, "external"):
            return field
        known = {tag for other in document.others for tag in _tags(other, block.name.value, field.name.value)}

        def keep(applied: ConstDirectiveNode) -> ConstDirectiveNode | None:
            return None if is_one_of(applied, "tag") and _arguments(applied) in known else applied

        return with_directives(field, keep)

    return document.with_fields(change)


def _tags(subgraph: Subgraph, type_name: str, field_name: str) -> Iterator[str]:
    shape = subgraph.types.get(type_name)
    field = shape.fields.get(field_name) if shape else None
    if shape is None or field is None or subgraph.is_external(shape, field):
        return
    tag = subgraph.local_names["tag"]
    yield from (_arguments(applied) for applied in field.directives or () if applied.name.value == tag)


def _arguments(applied: ConstDirectiveNode) -> str:
    return print_ast(applied).partition("(")[2]
