"""INTERFACE_FIELD_NO_IMPLEM: what one subgraph adds to an interface, the implementers of all have."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.federation.composition.errors import Issue
from gateway.federation.composition.merging.merge import Merged
from gateway.federation.composition.wording import named


def missing_interface_fields(merged: Merged) -> Iterator[Issue]:
    """Fields of a merged interface that a merged implementer lacks."""
    for type_name, node in merged.types.items():
        own = {field.name.value for field in getattr(node, "fields", None) or ()}
        for interface in getattr(node, "interfaces", None) or ():
            known = merged.types.get(interface.name.value)
            for field in (known.fields if known else None) or ():
                if field.name.value not in own:
                    yield _missing(merged, interface.name.value, field.name.value, type_name)


def _missing(merged: Merged, interface: str, field_name: str, type_name: str) -> Issue:
    merging = merged.merging
    having = [(subgraph, shape) for subgraph, shape in merging.shapes(interface) if field_name in shape.fields]
    message = (
        f"{type_name} implements {interface} and lacks this field, which is in {named(s for s, _ in having)}: "
        f"add it to {type_name} in a subgraph that can resolve it, or remove it from {interface}."
    )
    places = tuple(subgraph.place(shape.fields[field_name]) for subgraph, shape in having)
    others = tuple(subgraph.place(shape.node) for subgraph, shape in merging.shapes(type_name))
    return Issue("INTERFACE_FIELD_NO_IMPLEM", message, f"{interface}.{field_name}", (*places, *others))
