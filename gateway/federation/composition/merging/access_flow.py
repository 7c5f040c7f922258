"""Where the demands of `@authenticated`, `@requiresScopes` and `@policy` hold besides where they are written.

Whoever may see an interface may see each of its implementers through it, so an interface demands what any of them
does; and a field of an `@interfaceObject` is one of each implementer, which demands the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from gateway.federation.composition.merging.context import Merging, Sourced
from gateway.federation.composition.merging.kept_directives import ACCESS


def types_that_demand(merging: Merging, type_name: str) -> list[Sourced]:
    """The implementers of an interface; none for any other type."""
    if not _is_demanding(merging):
        return []
    return [source for name in sorted(merging.subtypes.get(type_name, ())) for source in merging.nodes(name)]


def fields_that_demand(merging: Merging, type_name: str, field_name: str) -> list[Sourced]:
    """The field in the implementers of an interface, and where `@interfaceObject` types give it to either."""
    if not _is_demanding(merging):
        return []
    below = sorted(merging.subtypes.get(type_name, ()))
    return [
        *_from_interface_objects(merging, type_name, field_name),
        *(source for name in below for source in _written(merging, name, field_name)),
        *(source for name in below for source in _from_interface_objects(merging, name, field_name)),
    ]


def _is_demanding(merging: Merging) -> bool:
    return any(kept.name in merging.applied for kept in ACCESS)


def _written(merging: Merging, type_name: str, field_name: str) -> Iterator[Sourced]:
    for subgraph, shape in merging.shapes(type_name):
        if field_name in shape.fields:
            yield subgraph, shape.fields[field_name]


def _from_interface_objects(merging: Merging, type_name: str, field_name: str) -> Iterator[Sourced]:
    for subgraph, _, node in merging.interface_object_fields(type_name, field_name):
        yield subgraph, node
