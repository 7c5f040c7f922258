"""Directives where Federation 1 let them stand for nothing, and Federation 2 does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from graphql import specified_scalar_types
from graphql.language import FieldDefinitionNode

from gateway.federation.composition.errors import Issue
from gateway.federation.composition.shapes import named_type
from gateway.federation.composition.subgraph import Subgraph
from gateway.federation.composition.upgrade.document import Document, without


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


def keys_that_interface_objects_need(subgraph: Subgraph, others: Sequence[Subgraph]) -> Iterator[Issue]:
    """INTERFACE_OBJECT_USAGE_ERROR: `@interfaceObject` types of an interface whose keys are dropped."""
    for shape in subgraph.types.values():
        is_object = any(other.is_interface_object(shape.name) for other in others)
        if is_object and shape.kind == "interface" and subgraph.has(shape.node, "key"):
            message = (
                "It is an @interfaceObject elsewhere, which needs the interface's key, and in Federation 1 a key of an "
                "interface means nothing: link Federation 2.3 or later here."
            )
            yield subgraph.issue("INTERFACE_OBJECT_USAGE_ERROR", message, shape.name, shape.node)


def _has_fields(document: Document, type_name: str) -> bool:
    if type_name in document.shapes:
        return type_name in document.composites
    return type_name not in specified_scalar_types
