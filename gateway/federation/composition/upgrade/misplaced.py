"""Directives where Federation 1 let them stand for nothing, and Federation 2 does not."""

from __future__ import annotations

from typing import Any

from graphql import specified_scalar_types
from graphql.language import FieldDefinitionNode

from gateway.federation.composition.shapes import named_type
from gateway.federation.composition.upgrade.document import Document, without

_COMPOSITES = ("object", "interface", "union")


def drop_misplaced_directives(document: Document) -> Document:
    """`@key`, `@requires` and `@provides` on interfaces, and `@provides` on what has no fields."""

    def change(block: Any, field: FieldDefinitionNode) -> Any:
        if document.shapes[block.name.value].kind == "interface":
            return without(field, "requires", "provides")
        return field if _has_fields(document, named_type(field.type)) else without(field, "provides")

    blocks = [
        without(block, "key") if document.shapes[block.name.value].kind == "interface" else block
        for block in document.blocks
    ]
    return document.with_blocks(blocks).with_fields(change)


def _has_fields(document: Document, type_name: str) -> bool:
    shape = document.shapes.get(type_name)
    return shape.kind in _COMPOSITES if shape else type_name not in specified_scalar_types
