"""Where the demands of `@authenticated`, `@requiresScopes` and `@policy` hold besides where they are written.

Whoever may see an interface may see each of its implementers through it, so an interface demands what any of them
does; and a field of an `@interfaceObject` is one of each implementer, which demands the same.
"""

from __future__ import annotations

from gateway.federation.composition.merging.context import Merging, Sourced
from gateway.federation.composition.merging.kept_directives import ACCESS
from gateway.federation.composition.subgraph import Subgraph, TypeShape


def types_that_demand(merging: Merging, type_name: str) -> list[Sourced]:
    """The implementers of an interface; none for any other type."""
    return [(subgraph, shape.node) for subgraph, shape in _implementers(merging, type_name)]


def fields_that_demand(merging: Merging, type_name: str, field_name: str) -> list[Sourced]:
    """The field in the implementers of an interface, and where `@interfaceObject` types give it to either."""
    implementers = _implementers(merging, type_name)
    names = dict.fromkeys((type_name, *(shape.name for _, shape in implementers))) if _is_demanding(merging) else ()
    written = [(subgraph, shape.fields[field_name]) for subgraph, shape in implementers if field_name in shape.fields]
    given = [found for name in names for found in merging.interface_object_fields(name, field_name)]
    order = {subgraph.name: position for position, subgraph in enumerate(merging.subgraphs)}
    given.sort(key=lambda found: (order[found[0].name], list(found[0].types).index(found[1].name)))
    return [*written, *((subgraph, node) for subgraph, _, node in given)]


def _implementers(merging: Merging, type_name: str) -> list[tuple[Subgraph, TypeShape]]:
    """Those of an interface, as each subgraph has them, in the order that it writes them in."""
    below = merging.subtypes.get(type_name) if _is_demanding(merging) else None
    return [
        (subgraph, shape)
        for subgraph in (merging.subgraphs if below else ())
        for name, shape in subgraph.types.items()
        if name in (below or ())
    ]


def _is_demanding(merging: Merging) -> bool:
    return any(kept.name in merging.applied for kept in ACCESS)
