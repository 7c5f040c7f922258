"""Fields of objects and interfaces: all that any subgraph has, each with who resolves it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graphql.language import ConstDirectiveNode, FieldDefinitionNode

from gateway.federation.composition.contexts import contextual_arguments
from gateway.federation.composition.merging.access_flow import fields_that_demand
from gateway.federation.composition.merging.context import Directives, Merging, Sourced
from gateway.federation.composition.merging.contexts import context_arguments, without_contextual
from gateway.federation.composition.merging.descriptions import merge_description
from gateway.federation.composition.merging.elements import merge_applied
from gateway.federation.composition.merging.external import check_externals
from gateway.federation.composition.merging.inputs import merge_arguments
from gateway.federation.composition.merging.join_directives import join_directives
from gateway.federation.composition.merging.nodes import boolean, directive, text
from gateway.federation.composition.merging.types import merge_types, types_differ
from gateway.federation.composition.roots import QUERY
from gateway.federation.composition.shapes import with_parts
from gateway.federation.composition.subgraph import Subgraph, TypeShape
from gateway.federation.supergraph.type_text import type_text


@dataclass(frozen=True, eq=False)
class FieldSource:
    """A field in one subgraph."""

    subgraph: Subgraph
    shape: TypeShape
    node: FieldDefinitionNode
    is_external: bool
    is_given_up: bool
    """Does another subgraph override it, for some requests at least?"""
    label: str | None
    """The label of a progressive override, on both of its sides."""

    @property
    def is_used(self) -> bool:
        return (self.shape.name, self.node.name.value) in self.subgraph.usage


def field_sources(merging: Merging, type_name: str, field_name: str) -> list[FieldSource]:
    """What the subgraphs say of a field, in name order."""
    return [
        _field_source(merging, subgraph, shape, shape.fields[field_name])
        for subgraph, shape in merging.shapes(type_name)
        if field_name in shape.fields
    ]


def _field_source(merging: Merging, subgraph: Subgraph, shape: TypeShape, node: FieldDefinitionNode) -> FieldSource:
    overrides, there = merging.overrides, (subgraph.name, shape.name, node.name.value)
    is_external = subgraph.is_external(shape, node)
    return FieldSource(subgraph, shape, node, is_external, there in overrides.given_up, overrides.labels.get(there))


def merge_fields(merging: Merging, type_name: str) -> tuple[FieldDefinitionNode, ...]:
    """The fields of a type, those of the first subgraph first."""
    names = dict.fromkeys(name for _, shape in merging.shapes(type_name) for name in shape.fields)
    return tuple(_merge_field(merging, type_name, name) for name in names)


def _merge_field(merging: Merging, type_name: str, field_name: str) -> FieldDefinitionNode:
    coordinate = f"{type_name}.{field_name}"
    sources = field_sources(merging, type_name, field_name)
    resolved = _pairs(source for source in sources if not source.is_external)
    if not resolved and not any(merging.interface_object_fields(type_name, field_name)):
        message = "It is @external wherever it is declared: some subgraph must resolve it, or none may need it."
        merging.report("EXTERNAL_MISSING_ON_BASE", message, coordinate, _pairs(sources))
        declared: FieldDefinitionNode = with_parts(sources[0].node, directives=())
        return declared
    known = resolved or _pairs(sources)
    demanding = fields_that_demand(merging, type_name, field_name)
    merged = FieldDefinitionNode(
        description=merge_description(merging, coordinate, known),
        name=known[0][1].name,
        arguments=merge_arguments(merging, coordinate, without_contextual(merging, coordinate, known)),
        type=merge_types(merging, "output", "FIELD_TYPE_MISMATCH", coordinate, known),
        directives=(
            *_join_fields(merging, type_name, sources),
            *merge_applied(merging, coordinate, known, demanding),
            *join_directives(merging, _pairs(sources)),
        ),
    )
    externals = _pairs(source for source in sources if source.is_external)
    check_externals(merging, coordinate, merged, externals, known)
    return merged


def _pairs(sources: Iterator[FieldSource] | Sequence[FieldSource]) -> list[Sourced]:
    return [(source.subgraph, source.node) for source in sources]


def _join_fields(merging: Merging, type_name: str, sources: list[FieldSource]) -> Directives:
    """`@join__field`: none where all subgraphs that have the type have the field alike."""
    having = len(merging.subgraphs) if type_name == QUERY else len(merging.shapes(type_name))
    differ = types_differ(_pairs(sources))
    if having == len(sources) and not differ and not any(map(_is_special, sources)):
        return ()
    return tuple(_join_field(merging, source, differ) for source in sources if _is_written(source))


def _is_special(source: FieldSource) -> bool:
    marked = any(source.subgraph.has(source.node, name) for name in ("requires", "provides"))
    contextual = any(True for _ in contextual_arguments(source.node, source.subgraph.local_names))
    return marked or contextual or source.is_external or source.is_given_up


def _is_written(source: FieldSource) -> bool:
    """A field that another subgraph overrides for good, and that nothing needs here, is not known here any more."""
    return not source.is_given_up or source.label is not None or source.is_used or source.is_external


def _join_field(merging: Merging, source: FieldSource, types_differ: bool) -> ConstDirectiveNode:
    given = {
        name: next((str(arguments[argument]) for arguments in source.subgraph.applied(source.node, name)), None)
        for name, argument in (("requires", "fields"), ("provides", "fields"), ("override", "from"))
    }
    is_used_overridden = source.is_given_up and source.is_used and not source.is_external
    return directive(
        "join__field",
        graph=merging.graph(source.subgraph),
        **{name: text(value) if value is not None else None for name, value in given.items()},
        type=text(type_text(source.node.type)) if types_differ else None,
        external=boolean(True) if source.is_external else None,
        usedOverridden=boolean(True) if is_used_overridden else None,
        overrideLabel=text(source.label) if source.label is not None else None,
        contextArguments=context_arguments(source.subgraph, source.node),
    )
