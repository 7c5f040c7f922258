"""`@interfaceObject` across subgraphs: INTERFACE_OBJECT_USAGE_ERROR, INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.federation.composition.errors import Issue
from gateway.federation.composition.merging.merge import Merged
from gateway.federation.composition.subgraph import Subgraph
from gateway.federation.composition.wording import listed


def misused_interface_objects(merged: Merged) -> Iterator[Issue]:
    """Implementers beside the interface object, and interfaces with a key whose subgraph lacks an implementer."""
    for interface, node in merged.types.items():
        if node.kind != "interface_type_definition":
            continue
        below = {name for name in merged.merging.subtypes.get(interface, ()) if _is_object(merged, name)}
        for subgraph in merged.merging.subgraphs:
            if interface not in subgraph.types:
                continue
            if subgraph.is_interface_object(interface):
                yield from _beside(subgraph, interface, below)
            elif subgraph.has_resolvable_key(subgraph.types[interface]):
                yield from _missing(subgraph, interface, below)


def _is_object(merged: Merged, type_name: str) -> bool:
    return type_name in merged.types and merged.types[type_name].kind == "object_type_definition"


def _beside(subgraph: Subgraph, interface: str, below: set[str]) -> Iterator[Issue]:
    if there := sorted(below & set(subgraph.types)):
        message = (
            f"{interface} is an @interfaceObject here, so its implementers are not known here: remove "
            f"{listed(there)}, or define the interface itself."
        )
        yield subgraph.issue("INTERFACE_OBJECT_USAGE_ERROR", message, interface, subgraph.types[interface].node)


def _missing(subgraph: Subgraph, interface: str, below: set[str]) -> Iterator[Issue]:
    if missing := sorted(below - set(subgraph.implementers.get(interface, ()))):
        message = (
            f"{interface} has a resolvable @key here, so that this subgraph is asked which type an entity has, and "
            f"it lacks {listed(missing)}: define them here, implementing {interface}."
        )
        node = subgraph.types[interface].node
        yield subgraph.issue("INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE", message, interface, node)
