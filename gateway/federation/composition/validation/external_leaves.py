"""The rule that `@requires` and `@provides` share: each leaf is external, or under a field that is."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.federation.composition.subgraph import Subgraph
from gateway.federation.composition.validation.field_sets import SetField


def missing_external(subgraph: Subgraph, field: SetField, directive: str) -> Iterator[tuple[str, str]]:
    """The code and message for a leaf that this subgraph resolves itself; nothing for any other field."""
    *above, leaf = field.path
    if not field.is_leaf or _is_external(subgraph, *leaf) or any(_may_be_external(subgraph, *step) for step in above):
        return
    message = f"{field.coordinate} is resolved by this subgraph: mark it @external, or leave it out of @{directive}."
    yield "FIELDS_MISSING_EXTERNAL", message


def _may_be_external(subgraph: Subgraph, type_name: str, field_name: str) -> bool:
    """An interface's field cannot be external itself; it is so on some implementers."""
    return any(
        _is_external(subgraph, name, field_name) for name in (type_name, *subgraph.implementers.get(type_name, ()))
    )


def _is_external(subgraph: Subgraph, type_name: str, field_name: str) -> bool:
    shape = subgraph.types.get(type_name)
    field = shape.fields.get(field_name) if shape else None
    return shape is not None and field is not None and subgraph.is_external(shape, field)
