"""The rule that `@requires` and `@provides` share: each leaf is external, or under a field that is."""

from __future__ import annotations

from gateway.federation.composition.subgraph import Subgraph
from gateway.federation.composition.validation.field_sets import SetField


def missing_external(subgraph: Subgraph, field: SetField, directive: str) -> tuple[str, str] | None:
    """The code and message for a leaf that this subgraph resolves itself; None for any other field."""
    if not field.is_leaf or any(_is_external(subgraph, *step) for step in field.path):
        return None
    message = f"{field.coordinate} is resolved by this subgraph: mark it @external, or leave it out of @{directive}."
    return "FIELDS_MISSING_EXTERNAL", message


def _is_external(subgraph: Subgraph, type_name: str, field_name: str) -> bool:
    """On an interface, a field is external if it is so in some implementer."""
    for name in (type_name, *subgraph.implementers.get(type_name, ())):
        shape = subgraph.types.get(name)
        field = shape.fields.get(field_name) if shape else None
        if shape and field and (subgraph.has(field, "external") or subgraph.has(shape.node, "external")):
            return True
    return False
