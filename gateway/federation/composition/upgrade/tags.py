"""`@tag`: Federation 1 let an external field repeat the tags that its owner gives it."""

from __future__ import annotations

from typing import Any

from graphql.language import FieldDefinitionNode

from gateway.federation.composition.subgraph import Subgraph
from gateway.federation.composition.upgrade.document import Document, has, without


def drop_tags_of_externals(document: Document) -> Document:
    """`@tag` off external fields that another subgraph tags."""

    def change(block: Any, field: FieldDefinitionNode) -> Any:
        if not (has(field, "external") and has(field, "tag")):
            return field
        is_tagged = any(_tags(other, block.name.value, field.name.value) for other in document.others)
        return without(field, "tag") if is_tagged else field

    return document.with_fields(change)


def _tags(subgraph: Subgraph, type_name: str, field_name: str) -> bool:
    shape = subgraph.types.get(type_name)
    field = shape.fields.get(field_name) if shape else None
    return field is not None and subgraph.has(field, "tag")
