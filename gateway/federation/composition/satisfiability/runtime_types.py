"""Subgraphs that share a field give it the same value, so a value of a type that all of them know.

SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES where there is no such type, INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN
where there are others besides. Only where two of them give it an interface or union is there anything to choose. What
clients never see of it, all of its types being hidden, does not count, and no hidden type is one that all can give.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gateway.federation.composition.errors import Issue, Place
from gateway.federation.composition.hints import hint
from gateway.federation.composition.satisfiability.positions import Positions
from gateway.federation.composition.wording import listed
from gateway.federation.supergraph.model import Supergraph

Possible = Mapping[str, frozenset[str]]
"""Subgraph -> the object types that it may give a field's value."""


def mismatched_runtime_types(
    supergraph: Supergraph, type_name: str, field_name: str, found: Positions
) -> Iterator[Issue]:
    """How the subgraphs that share a field differ in the types of its value; `found` is where it leads."""
    if not _is_shared(supergraph, type_name, field_name):
        return
    coordinate = f"{type_name}.{field_name}"
    given = {(position.subgraph, position.type_name) for position in found if position.type_name in supergraph.types}
    known = {(subgraph, name) for subgraph, name in given if not supergraph.is_interface_object(name, subgraph)}
    if sum(supergraph.types[name].is_abstract for _, name in known) < 2:
        return
    shown = supergraph.api_schema.type_map.keys()
    possible = {subgraph: supergraph.possible_in(name, subgraph) for subgraph, name in sorted(known)}
    possible = {subgraph: types for subgraph, types in possible.items() if not types or types & shown}
    places = tuple(map(Place, possible))
    if len(set(possible.values())) <= 1:
        return
    if common := frozenset.intersection(*possible.values()) & shown:
        message = (
            f"It is shared, and the types of its value differ: {_written(possible)}. All subgraphs must give it the "
            f"same value, so only {listed(sorted(common))}; say so by its type, if that is what it is."
        )
        yield hint("INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN", message, coordinate, places)
    else:
        message = (
            f"It is shared, and no type can come from all: {_written(possible)}. Give the subgraphs one in common."
        )
        yield Issue("SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES", message, coordinate, places)


def _is_shared(supergraph: Supergraph, type_name: str, field_name: str) -> bool:
    entries = supergraph.types[type_name].fields.get(field_name, {}).values()
    return sum(not entry.external and not entry.is_moved for entry in entries) > 1


def _written(possible: Possible) -> str:
    sets = dict.fromkeys(possible.values())
    groups = {types: listed(subgraph for subgraph, own in possible.items() if own == types) for types in sets}
    return ", ".join(f"{listed(sorted(types)) if types else 'none'} in {names}" for types, names in groups.items())
