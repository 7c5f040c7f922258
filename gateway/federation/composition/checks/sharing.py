"""INVALID_FIELD_SHARING: a field that several subgraphs resolve is marked so in all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from gateway.federation.composition.errors import Issue
from gateway.federation.composition.merging.fields import field_sources
from gateway.federation.composition.merging.merge import Merged
from gateway.federation.composition.roots import SUBSCRIPTION
from gateway.federation.composition.subgraph import Subgraph, TypeShape
from gateway.federation.composition.wording import listed, named

Resolver = tuple[Subgraph, TypeShape, Any]


def wrong_sharing(merged: Merged) -> Iterator[Issue]:
    """Fields of objects with two resolvers of which one is not `@shareable`, and shared subscriptions."""
    for type_name, node in merged.types.items():
        if node.kind != "object_type_definition":
            continue
        for field in node.fields or ():
            yield from _wrong(merged, type_name, field.name.value)


def _wrong(merged: Merged, type_name: str, field_name: str) -> Iterator[Issue]:
    coordinate = f"{type_name}.{field_name}"
    resolvers = _resolvers(merged, type_name, field_name)
    if type_name == SUBSCRIPTION and any(subgraph.has(node, "shareable") for subgraph, _, node in resolvers):
        message = "A field of Subscription has one source: remove @shareable."
        yield _issue(message, coordinate, resolvers)
    alone = [resolver for resolver in resolvers if not resolver[0].is_shareable(*resolver[1:])]
    if len(resolvers) > 1 and alone:
        names = listed(_name(resolver, type_name) for resolver in resolvers)
        message = (
            f"It is resolved by {names}, and is not @shareable in {named(subgraph for subgraph, _, _ in alone)}: "
            "mark it so in all of them if they give the same value, or else resolve it in one."
        )
        yield _issue(message, coordinate, resolvers)


def _name(resolver: Resolver, type_name: str) -> str:
    """The subgraph, and how it comes to resolve the field if it has no field to see."""
    subgraph, shape, node = resolver
    if shape.name != type_name:
        return f"{subgraph.name} (where {shape.name} is an @interfaceObject)"
    return f"{subgraph.name} (which @provides it)" if subgraph.is_provided(shape, node) else subgraph.name


def _resolvers(merged: Merged, type_name: str, field_name: str) -> list[Resolver]:
    merging = merged.merging
    own: list[Resolver] = [
        (source.subgraph, source.shape, source.node)
        for source in field_sources(merging, type_name, field_name)
        if source.subgraph.is_provided(source.shape, source.node) or not (source.is_given_up or source.is_external)
    ]
    through_interfaces = [
        (subgraph, shape, node)
        for subgraph, shape, node in merging.interface_object_fields(type_name, field_name)
        if not subgraph.is_external(shape, node)
    ]
    return [*own, *through_interfaces]


def _issue(message: str, coordinate: str, resolvers: Sequence[Resolver]) -> Issue:
    places = tuple(subgraph.place(node) for subgraph, _, node in resolvers)
    return Issue("INVALID_FIELD_SHARING", message, coordinate, places)
