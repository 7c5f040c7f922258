"""Every type's kind: TYPE_KIND_MISMATCH, EXTENSION_WITH_NO_BASE, INTERFACE_OBJECT_USAGE_ERROR."""

from __future__ import annotations

from graphql.language import TypeExtensionNode

from gateway.federation.composition.merging.context import Merging
from gateway.federation.composition.roots import ROOTS
from gateway.federation.composition.subgraph import Kind, Subgraph, TypeShape
from gateway.federation.composition.wording import grouped

_KIND_NAMES: dict[Kind, str] = {
    "object": "an object",
    "interface": "an interface",
    "union": "a union",
    "enum": "an enum",
    "input": "an input type",
    "scalar": "a scalar",
}


def merged_kinds(merging: Merging) -> dict[str, Kind]:
    """The kind of each type of which the subgraphs agree what it is; an interface object is an interface."""
    kinds: dict[str, Kind] = {}
    for type_name in sorted({known for subgraph in merging.subgraphs for known in subgraph.types}):
        sources = merging.shapes(type_name)
        found = {_kind(subgraph, shape) for subgraph, shape in sources}
        nodes = merging.nodes(type_name)
        if len(found) > 1:
            written = grouped([(subgraph, _KIND_NAMES[_kind(subgraph, shape)]) for subgraph, shape in sources])
            message = f"It is {written}: rename one, or make them one kind."
            merging.report("TYPE_KIND_MISMATCH", message, type_name, nodes)
            continue
        if all(subgraph.has(shape.node, "interfaceObject") for subgraph, shape in sources):
            message = "It is an @interfaceObject everywhere: some subgraph must define the interface itself."
            merging.report("INTERFACE_OBJECT_USAGE_ERROR", message, type_name, nodes)
        if type_name not in ROOTS.values() and not any(map(_is_base, (shape for _, shape in sources))):
            message = "It is extended, and no subgraph defines it: write one of the extensions without `extend`."
            merging.report("EXTENSION_WITH_NO_BASE", message, type_name, nodes)
        kinds[type_name] = found.pop()
    return kinds


def _kind(subgraph: Subgraph, shape: TypeShape) -> Kind:
    return "interface" if subgraph.has(shape.node, "interfaceObject") else shape.kind


def _is_base(shape: TypeShape) -> bool:
    return not all(isinstance(block, TypeExtensionNode) for block in shape.blocks)
