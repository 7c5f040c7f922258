"""`@provides`: PROVIDES_INVALID_FIELDS and its kin, PROVIDES_ON_NON_OBJECT_FIELD, PROVIDES_FIELDS_MISSING_EXTERNAL."""

from __future__ import annotations

from collections.abc import Iterator

from graphql.type import is_composite_type

from gateway.federation.composition.errors import Issue
from gateway.federation.composition.shapes import named_type
from gateway.federation.composition.subgraph import Subgraph, TypeShape
from gateway.federation.composition.validation.external_leaves import missing_external
from gateway.federation.composition.validation.field_sets import (
    AppliedFieldSet,
    SetField,
    check_field_set,
    field_sets,
)


def wrong_provides(subgraph: Subgraph) -> Iterator[Issue]:
    """Provisions of what is not there, or of what the subgraph resolves anyway."""
    for shape in subgraph.types.values():
        for name, field in shape.fields.items():
            on = named_type(field.type)
            for given in field_sets(subgraph, "provides", field, f"{shape.name}.{name}", on):
                yield from _wrong(given, shape)


def _wrong(given: AppliedFieldSet, shape: TypeShape) -> Iterator[Issue]:
    if not is_composite_type(given.subgraph.schema.get_type(given.selects_on)):
        yield given.issue("ON_NON_OBJECT_FIELD", f"{given.selects_on} has no fields to provide: remove @provides.")
        return
    if shape.kind == "interface":
        yield given.issue("UNSUPPORTED_ON_INTERFACE", "write it on the fields of the implementing types.")
    yield from check_field_set(given, lambda field: _wrong_field(given.subgraph, field))


def _wrong_field(subgraph: Subgraph, field: SetField) -> Iterator[tuple[str, str]]:
    if field.definition.args:
        yield "FIELDS_HAS_ARGS", f"{field.coordinate} takes arguments, so it cannot be provided: leave it out."
    yield from missing_external(subgraph, field, "provides")
