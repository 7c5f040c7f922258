"""INVALID_GRAPHQL: what subgraphs export is applied as the one definition in the supergraph lets it be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from graphql import GraphQLSchema, Undefined, coerce_input_literal, type_from_ast
from graphql.language import ConstDirectiveNode, DirectiveDefinitionNode
from graphql.type import GraphQLInputType

from gateway.federation.composition.elements import elements, elements_of
from gateway.federation.composition.errors import Issue, Place
from gateway.federation.composition.merging.composed_directives import ComposedDirective
from gateway.federation.composition.merging.merge import Merged
from gateway.federation.composition.shapes import is_required
from gateway.federation.composition.subgraph import Subgraph

_LOCATIONS = {
    "schema_definition": "SCHEMA",
    "scalar_type_definition": "SCALAR",
    "object_type_definition": "OBJECT",
    "field_definition": "FIELD_DEFINITION",
    "interface_type_definition": "INTERFACE",
    "union_type_definition": "UNION",
    "enum_type_definition": "ENUM",
    "enum_value_definition": "ENUM_VALUE",
    "input_object_type_definition": "INPUT_OBJECT",
}


def wrong_composed_directives(merged: Merged) -> Iterator[Issue]:
    """Applications from subgraphs whose definition is another than the one that the supergraph has."""
    composed = {directive.name: directive for directive in merged.merging.composed}
    if not composed:
        return
    definitions = {node.name.value: node for node in merged.directives}
    yield from _repeated(merged)
    schema = merged.whole
    for coordinate, node in elements_of(merged.schema, definitions, merged.types):
        for directive_name, exported in composed.items():
            applied = [each for each in node.directives or () if each.name.value == directive_name]
            for what in _wrong(schema, definitions[directive_name], applied, _location(coordinate, node)):
                yield _issue(merged, exported, coordinate or None, what)


def _repeated(merged: Merged) -> Iterator[Issue]:
    once = [exported for exported in merged.merging.composed if not exported.definition.repeatable]
    sources: dict[str, list[tuple[Subgraph, Any]]] = {}
    for subgraph in merged.merging.subgraphs if once else ():
        for coordinate, node in elements(subgraph):
            sources.setdefault(coordinate, []).append((subgraph, node))
    for coordinate, written in sources.items():
        for exported in once:
            for name, times in Counter(subgraph.name for subgraph, _ in exported.applied(written)).items():
                if times > 1:
                    what = f"is applied {times} times in {name}, and is not repeatable"
                    yield _issue(merged, exported, coordinate or None, what)


def _location(coordinate: str, node: Any) -> str:
    in_arguments = "ARGUMENT_DEFINITION" if coordinate.endswith(":)") else "INPUT_FIELD_DEFINITION"
    return _LOCATIONS.get(node.kind, in_arguments)


def _wrong(
    schema: GraphQLSchema, definition: DirectiveDefinitionNode, applied: Sequence[ConstDirectiveNode], location: str
) -> Iterator[str]:
    if applied and location not in {place.value for place in definition.locations}:
        yield f"is not for {location}"
    declared = {argument.name.value: argument for argument in definition.arguments or ()}
    for each in applied:
        given = {argument.name.value: argument.value for argument in each.arguments or ()}
        yield from (f"has no argument {name}" for name in given if name not in declared)
        for name, argument in declared.items():
            if name not in given:
                if is_required(argument):
                    yield f"needs the argument {name}"
                continue
            wanted: GraphQLInputType | None = type_from_ast(schema, argument.type)  # type: ignore[assignment]
            if wanted is not None and coerce_input_literal(given[name], wanted) is Undefined:
                yield f"wants another type of argument {name}"


def _issue(merged: Merged, exported: ComposedDirective, coordinate: str | None, what: str) -> Issue:
    source = exported.defined_in
    message = (
        f"@{exported.name} {what}, as {source.name} defines it, whose definition is the newest and holds in the "
        "supergraph: define it alike wherever it is exported, or mend what applies it."
    )
    others = (Place(name) for name in sorted(exported.exporters - {source.name}))
    return Issue("INVALID_GRAPHQL", message, coordinate, (source.place(exported.definition), *others))
