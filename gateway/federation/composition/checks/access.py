"""MISSING_TRANSITIVE_AUTH_REQUIREMENTS: whoever may see a field may see all that it is computed from.

A field that requires others, or is given others by a context, could tell what they say; so it demands of its readers
at least what they do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql.language import FieldDefinitionNode

from gateway.federation.composition.contexts import context_setters, contextual_arguments
from gateway.federation.composition.errors import Issue
from gateway.federation.composition.merging.kept_directives import ACCESS
from gateway.federation.composition.merging.merge import Merged
from gateway.federation.composition.merging.strategies import AnyOfAll, all_required, any_of_all, implies
from gateway.federation.composition.shapes import named_type
from gateway.federation.composition.subgraph import Subgraph, TypeShape
from gateway.federation.composition.wording import listed
from gateway.federation.supergraph.contexts import parse_context_selection
from gateway.federation.supergraph.directives import applications
from gateway.federation.supergraph.field_set import FieldSet, SetField, parse_field_set

Demands = Mapping[str, AnyOfAll]
"""Directive -> what it demands. `@authenticated` has but one alternative."""
Used = Iterator[tuple[str, str]]
"""Elements that a field is computed from: how each is told, and its coordinate."""


def missing_access(merged: Merged) -> Iterator[Issue]:
    """Fields that are easier to see than what they are computed from."""
    if not any(kept.name in merged.merging.applied for kept in ACCESS):
        return
    schema = _Schema(merged)
    for subgraph in merged.merging.subgraphs:
        for shape in subgraph.types.values():
            for field in shape.fields.values():
                used = [*schema.required(subgraph, shape, field), *schema.from_contexts(subgraph, field)]
                coordinate = f"{shape.name}.{field.name.value}"
                if used and (missing := _missing(schema, shape.name, coordinate, used)):
                    yield _issue(subgraph, coordinate, field, missing)


def _missing(schema: _Schema, type_name: str, coordinate: str, used: Sequence[tuple[str, str]]) -> list[str]:
    own = schema.demanded(type_name, coordinate)
    return list(dict.fromkeys(told for told, about in used if not _covers(own, schema.demanded(about))))


def _covers(own: Demands, other: Demands) -> bool:
    return all(implies(own[kept.name], other[kept.name]) for kept in ACCESS)


def _issue(subgraph: Subgraph, coordinate: str, field: FieldDefinitionNode, missing: list[str]) -> Issue:
    message = (
        f"It is computed from {listed(missing)}, and demands less of who may see it: apply to it the "
        f"{listed(f'@{kept.name}' for kept in ACCESS)} that they have, at least."
    )
    return subgraph.issue("MISSING_TRANSITIVE_AUTH_REQUIREMENTS", message, coordinate, field)


@dataclass(frozen=True, slots=True)
class _Schema:
    """What the merged elements demand."""

    merged: Merged

    def node(self, coordinate: str) -> Any:
        type_name, _, field_name = coordinate.partition(".")
        node = self.merged.types.get(type_name)
        if not field_name:
            return node
        fields = getattr(node, "fields", None) or ()
        return next((field for field in fields if field.name.value == field_name), None)

    def demanded(self, *coordinates: str) -> Demands:
        """What all the elements together demand; built-in scalars demand nothing."""
        nodes = [node for coordinate in coordinates if (node := self.node(coordinate)) is not None]
        return {
            kept.name: all_required([[], *(self._demands_of(node, kept.name) for node in nodes)]) for kept in ACCESS
        }

    def _demands_of(self, node: Any, directive: str) -> AnyOfAll:
        for arguments in applications(node, self.merged.merging.local_names[directive]):
            return any_of_all(next(iter(arguments.values()))) if arguments else [[directive]]
        return []

    def required(self, subgraph: Subgraph, shape: TypeShape, field: FieldDefinitionNode) -> Used:
        """What `@requires` selects."""
        for arguments in subgraph.applied(field, "requires"):
            yield from self._selected(shape.name, parse_field_set(arguments["fields"]))

    def from_contexts(self, subgraph: Subgraph, field: FieldDefinitionNode) -> Used:
        """What `@fromContext` selects, and the types that set the context."""
        values = [value for _, value in contextual_arguments(field, subgraph.local_names) if value]
        setters = context_setters(subgraph.types, subgraph.local_names) if values else {}
        for value in values:
            for setter in setters.get(value.context, ()):
                yield setter.name, setter.name
                yield from self._selected(setter.name, parse_context_selection(value.selection))

    def _selected(self, parent: str, selections: FieldSet) -> Used:
        for selection in selections:
            if not isinstance(selection, SetField):
                yield selection.type_condition, selection.type_condition
                yield from self._selected(selection.type_condition, selection.selections)
                continue
            coordinate = f"{parent}.{selection.name}"
            if (node := self.node(coordinate)) is not None:
                yield coordinate, coordinate
                yield coordinate, named_type(node.type)
                yield from self._selected(named_type(node.type), selection.selections)
