"""`@external`: EXTERNAL_ON_INTERFACE, EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE, EXTERNAL_UNUSED."""

from __future__ import annotations

from collections.abc import Iterator

from graphql.language import FieldDefinitionNode

from gateway.federation.composition.errors import Issue
from gateway.federation.composition.subgraph import Subgraph, TypeShape


def wrong_external(subgraph: Subgraph) -> Iterator[Issue]:
    """External fields that nothing needs, or that cannot be so."""
    for shape in subgraph.types.values():
        for field in shape.fields.values():
            yield from _wrong(subgraph, shape, field)


def _wrong(subgraph: Subgraph, shape: TypeShape, field: FieldDefinitionNode) -> Iterator[Issue]:
    coordinate = f"{shape.name}.{field.name.value}"
    on_field = subgraph.has(field, "external")
    if on_field and subgraph.has(field, "provides"):
        message = "An @external field is not resolved here, so it cannot have @provides too: remove one."
        yield subgraph.issue("EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE", message, coordinate, field)
        return
    if on_field and shape.kind == "interface":
        message = "An interface's field cannot be @external: mark the fields of the implementing types."
        yield subgraph.issue("EXTERNAL_ON_INTERFACE", message, coordinate, field)
    if subgraph.is_external(shape, field) and (shape.name, field.name.value) not in subgraph.usage:
        message = (
            "The field is @external, and no @key, @requires, @provides or interface of this subgraph needs it: "
            "remove the field, or @external if it is resolved here."
        )
        yield subgraph.issue("EXTERNAL_UNUSED", message, coordinate, field)
