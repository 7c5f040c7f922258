"""`@external`: Federation 1 wrote it in places where it means nothing, or where nothing needs it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql.language import FieldDefinitionNode

from gateway.federation.composition.errors import Issue, place_of, refuse_any
from gateway.federation.composition.roots import QUERY, ROOTS
from gateway.federation.composition.shapes import named_type
from gateway.federation.composition.subgraph import FieldName, TypeShape
from gateway.federation.composition.upgrade.document import Document, field_sets, has, without
from gateway.federation.supergraph.field_set import SetField


def drop_meaningless_externals(document: Document) -> Document:
    """`@external` on types, on fields of interfaces, and on the keys of extensions, which are resolved all the same."""
    keys = set(_extension_keys(document))

    def change(block: Any, field: FieldDefinitionNode) -> FieldDefinitionNode:
        type_name = block.name.value
        is_of_interface = document.shapes[type_name].kind == "interface"
        is_key = (type_name, field.name.value) in keys
        return without(field, "external") if is_of_interface or is_key else field

    blocks = [without(block, "external") for block in document.blocks]
    return document.with_blocks(blocks).with_fields(change)


def _extension_keys(document: Document) -> Iterator[FieldName]:
    """The fields of extensions that their keys name; what is nested in a key stays external."""
    for shape in document.shapes.values():
        for block in filter(shape.is_extension, shape.blocks):
            for selections in field_sets(block, "key"):
                yield from ((shape.name, field.name) for field in selections if isinstance(field, SetField))


def drop_unused_externals(document: Document) -> Document:
    """External fields that no directive nor interface needs, and then types that nothing is left of. Raises
    `CompositionError` with TYPE_WITH_ONLY_UNUSED_EXTERNAL where such a type is used."""

    def change(block: Any, field: FieldDefinitionNode) -> FieldDefinitionNode | None:
        is_used = (block.name.value, field.name.value) in document.usage
        return field if is_used or not has(field, "external") else None

    left = document.with_fields(change)
    emptied = {
        shape.name: shape for shape in left.shapes.values() if not shape.fields and document.shapes[shape.name].fields
    }
    left = left.with_blocks(block for block in left.blocks if block.name.value not in emptied)
    used = {*_mentioned(document), *ROOTS.values()} - {QUERY}
    refuse_any(_only_unused(document, shape) for name, shape in emptied.items() if name in used)
    return left


def _mentioned(document: Document) -> Iterator[str]:
    for shape in document.shapes.values():
        yield from shape.interfaces
        yield from (member.name.value for member in getattr(shape.node, "types", None) or ())
        yield from (named_type(field.type) for field in shape.fields.values())


def _only_unused(document: Document, shape: TypeShape) -> Issue:
    message = (
        "All its fields are @external, and no @key, @requires or @provides needs one of them: remove @external from "
        "those that are resolved here."
    )
    place = place_of(document.name, shape.node)
    return Issue("TYPE_WITH_ONLY_UNUSED_EXTERNAL", message, shape.name, (place,))
