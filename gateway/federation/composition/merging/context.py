"""What all the merges of one composition share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from graphql.language import ConstDirectiveNode, EnumValueNode, Node

from gateway.federation.composition.errors import Issue, Place
from gateway.federation.composition.hints import hint
from gateway.federation.composition.merging.composed_directives import ComposedDirective
from gateway.federation.composition.merging.nodes import enum_value
from gateway.federation.composition.merging.overrides import Overrides
from gateway.federation.composition.merging.passed_on import passed_on
from gateway.federation.composition.subgraph import Subgraph, TypeShape

Sourced = tuple[Subgraph, Any]
"""A node, and the subgraph that it is of."""


@dataclass(frozen=True, eq=False)
class Merging:
    """The subgraphs in name order, and what is known of the whole before any type is merged."""

    subgraphs: tuple[Subgraph, ...]
    graphs: Mapping[str, str]
    """Subgraph -> its value of the enum join__Graph."""
    local_names: Mapping[str, str]
    """What each directive that the supergraph keeps is called there, and `@context`."""
    applied: frozenset[str]
    """Those of them that some subgraph applies, as their specifications name them."""
    subtypes: Mapping[str, frozenset[str]]
    """Interface or union -> its implementers or members, in any subgraph."""
    overrides: Overrides
    composed: tuple[ComposedDirective, ...]
    """The directives that subgraphs export."""
    issues: list[Issue] = field(default_factory=list)
    hints: list[Issue] = field(default_factory=list)
    enum_uses: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """Type -> `input` and `output` -> a coordinate that uses it so. Grows as fields are merged; enums come last."""

    def shapes(self, type_name: str) -> Sequence[tuple[Subgraph, TypeShape]]:
        """The subgraphs that have a type, with what they say of it."""
        return self._shapes.get(type_name, ())

    @cached_property
    def _shapes(self) -> Mapping[str, Sequence[tuple[Subgraph, TypeShape]]]:
        found: dict[str, list[tuple[Subgraph, TypeShape]]] = {}
        for subgraph in self.subgraphs:
            for name, shape in subgraph.types.items():
                found.setdefault(name, []).append((subgraph, shape))
        return found

    def nodes(self, type_name: str) -> list[Sourced]:
        """The subgraphs that have a type, with its definition there."""
        return [(subgraph, shape.node) for subgraph, shape in self.shapes(type_name)]

    def graph(self, subgraph: Subgraph) -> EnumValueNode:
        return enum_value(self.graphs[subgraph.name])

    def report(self, code: str, message: str, coordinate: str, sources: Iterable[tuple[Subgraph, Node | None]]) -> None:
        """Notes a mistake that lies between subgraphs."""
        places: list[Place] = [subgraph.place(node) for subgraph, node in sources]
        self.issues.append(Issue(code, message, coordinate, tuple(places)))

    def hint(
        self, code: str, message: str, coordinate: str | None, sources: Iterable[tuple[Subgraph, Node | None]]
    ) -> None:
        """Notes what composes, and may not be meant."""
        places = dict.fromkeys(subgraph.place(node) for subgraph, node in sources)
        self.hints.append(hint(code, message, coordinate, tuple(places)))

    def interface_object_fields(self, shape_name: str, field_name: str) -> Iterator[tuple[Subgraph, TypeShape, Any]]:
        """The fields of this name that `@interfaceObject` types give to an implementer of their interface."""
        for subgraph, shape in self._interface_objects.get(shape_name, ()):
            if field_name in shape.fields:
                yield subgraph, shape, shape.fields[field_name]

    @cached_property
    def passed_on(self) -> Mapping[str, Mapping[str, str]]:
        """Subgraph -> its directives that only `@join__directive` has in the supergraph, and their names there."""
        return {subgraph.name: names for subgraph in self.subgraphs if (names := passed_on(subgraph))}

    @cached_property
    def _interface_objects(self) -> Mapping[str, Sequence[tuple[Subgraph, TypeShape]]]:
        """Implementer -> the `@interfaceObject` types of its interfaces."""
        found: dict[str, list[tuple[Subgraph, TypeShape]]] = {}
        for interface, below in self.subtypes.items():
            objects = [known for known in self.shapes(interface) if known[0].is_interface_object(interface)]
            for name in below if objects else ():
                # One that has the implementer too says itself what fields that has; having both is told elsewhere.
                found.setdefault(name, []).extend(known for known in objects if name not in known[0].types)
        return found


Directives = tuple[ConstDirectiveNode, ...]
