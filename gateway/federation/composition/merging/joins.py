"""The join directives of types: which subgraph has each, with which keys, and what it implements there."""

from __future__ import annotations

from collections.abc import Iterator

from graphql.language import ConstDirectiveNode

from gateway.federation.composition.merging.context import Directives, Merging
from gateway.federation.composition.merging.nodes import boolean, directive, text
from gateway.federation.composition.roots import QUERY
from gateway.federation.composition.subgraph import Subgraph, TypeShape


def join_types(merging: Merging, type_name: str) -> Directives:
    """`@join__type`: one a subgraph and key. Every subgraph has a query, since all can be asked for entities."""
    found: list[ConstDirectiveNode] = []
    for subgraph in merging.subgraphs:
        shape = subgraph.types.get(type_name)
        if shape is not None:
            found += _join_type(merging, subgraph, shape)
        elif type_name == QUERY:
            found.append(directive("join__type", graph=merging.graph(subgraph)))
    return tuple(found)


def _join_type(merging: Merging, subgraph: Subgraph, shape: TypeShape) -> Iterator[ConstDirectiveNode]:
    is_interface_object = boolean(True) if subgraph.has(shape.node, "interfaceObject") else None
    is_keyed = False
    for block in shape.blocks:
        for arguments in subgraph.applied(block, "key"):
            is_keyed = True
            resolvable = arguments.get("resolvable")
            yield directive(
                "join__type",
                graph=merging.graph(subgraph),
                key=text(arguments["fields"]),
                extension=boolean(True) if shape.is_extension(block) else None,
                resolvable=boolean(bool(resolvable)) if resolvable is not None else None,
                isInterfaceObject=is_interface_object,
            )
    if not is_keyed:
        yield directive("join__type", graph=merging.graph(subgraph), isInterfaceObject=is_interface_object)


def join_implements(merging: Merging, type_name: str) -> Directives:
    """`@join__implements`: one a subgraph and interface."""
    return tuple(
        directive("join__implements", graph=merging.graph(subgraph), interface=text(interface))
        for subgraph, shape in merging.shapes(type_name)
        for interface in shape.interfaces
    )
