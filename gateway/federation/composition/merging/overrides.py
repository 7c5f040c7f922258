"""`@override`: which fields a subgraph gave up to another.

An override that is itself wrong moves nothing, so that what follows from it is told too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graphql.language import FieldDefinitionNode

from gateway.federation.composition.errors import Issue
from gateway.federation.composition.subgraph import Subgraph, TypeShape


@dataclass(frozen=True, slots=True)
class Overrides:
    """`given_up` has (subgraph, type, field) for each field that another subgraph resolves instead."""

    given_up: frozenset[tuple[str, str, str]]
    issues: tuple[Issue, ...]


def read_overrides(subgraphs: Sequence[Subgraph]) -> Overrides:
    """Reads every `@override`, with OVERRIDE_ON_INTERFACE, OVERRIDE_FROM_SELF_ERROR, OVERRIDE_SOURCE_HAS_OVERRIDE and
    OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE."""
    by_name = {subgraph.name: subgraph for subgraph in subgraphs}
    given_up: set[tuple[str, str, str]] = set()
    issues: list[Issue] = []
    for subgraph in subgraphs:
        for shape, field, source in _overriding(subgraph):
            wrong = list(_wrong_here(subgraph, shape, field, source))
            left = by_name.get(source)
            left_shape = left.types.get(shape.name) if left else None
            left_field = left_shape.fields.get(field.name.value) if left_shape else None
            if left is not None and left_field is not None and left is not subgraph:
                wrong += _wrong_there(subgraph, field, left, left_field, f"{shape.name}.{field.name.value}")
                if not wrong:
                    given_up.add((left.name, shape.name, field.name.value))
            issues += wrong
    return Overrides(frozenset(given_up), tuple(issues))


def _overriding(subgraph: Subgraph) -> Iterator[tuple[TypeShape, FieldDefinitionNode, str]]:
    for shape in subgraph.types.values():
        for field in shape.fields.values():
            for arguments in subgraph.applied(field, "override"):
                yield shape, field, str(arguments["from"])


def _wrong_here(subgraph: Subgraph, shape: TypeShape, field: FieldDefinitionNode, source: str) -> Iterator[Issue]:
    coordinate = f"{shape.name}.{field.name.value}"
    if shape.kind == "interface":
        message = "An interface's field is resolved by nobody: override the fields of the implementing types."
        yield subgraph.issue("OVERRIDE_ON_INTERFACE", message, coordinate, field)
    if subgraph.has(shape.node, "interfaceObject"):
        message = "A field of an @interfaceObject type cannot override another: override it type by type."
        yield subgraph.issue("OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE", message, coordinate, field)
    if subgraph.has(field, "external"):
        message = "The field is @external here, so it cannot be taken over: remove @external or @override."
        yield subgraph.issue("OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE", message, coordinate, field)
    if source == subgraph.name:
        message = f"The field is overridden from {source}, which is this subgraph: name the one it leaves."
        yield subgraph.issue("OVERRIDE_FROM_SELF_ERROR", message, coordinate, field)


def _wrong_there(
    subgraph: Subgraph, field: FieldDefinitionNode, left: Subgraph, left_field: FieldDefinitionNode, coordinate: str
) -> Iterator[Issue]:
    places = (subgraph.place(field), left.place(left_field))
    if left.has(left_field, "override"):
        message = f"{subgraph.name} overrides it from {left.name}, which overrides it too: keep one @override."
        yield Issue("OVERRIDE_SOURCE_HAS_OVERRIDE", message, coordinate, places)
    for directive in ("requires", "provides"):
        if left.has(left_field, directive):
            message = f"It is overridden from {left.name}, where it has @{directive}: remove that first."
            yield Issue("OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE", message, coordinate, places)
