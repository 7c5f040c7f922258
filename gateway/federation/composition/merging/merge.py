"""Subgraphs -> one schema, as syntax: a merge a kind of type, enums last since their use decides about them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graphql import DocumentNode, GraphQLSchema, build_ast_schema
from graphql.language import (
    DirectiveDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    SchemaDefinitionNode,
)

from gateway.federation.composition.errors import refuse_any
from gateway.federation.composition.federation_spec import Version
from gateway.federation.composition.merging.composed_directives import Composed, names_taken, read_composed
from gateway.federation.composition.merging.composites import (
    merge_composite,
    merge_union,
    with_interface_object_fields,
)
from gateway.federation.composition.merging.context import Merging
from gateway.federation.composition.merging.descriptions import merge_description
from gateway.federation.composition.merging.directives import merge_directives
from gateway.federation.composition.merging.elements import merge_applied
from gateway.federation.composition.merging.exports import ALWAYS_CLASHING
from gateway.federation.composition.merging.input_objects import merge_input_object
from gateway.federation.composition.merging.join_directives import join_directives
from gateway.federation.composition.merging.kinds import merged_kinds
from gateway.federation.composition.merging.leaves import merge_enum, merge_scalar
from gateway.federation.composition.merging.overrides import read_overrides
from gateway.federation.composition.merging.spec_names import SpecNames, read_spec_names
from gateway.federation.composition.roots import operation_types
from gateway.federation.composition.subgraph import Subgraph


@dataclass(frozen=True, eq=False)
class Merged:
    """The merged schema. `types` has every type with its join directives; `merging` what led to it."""

    merging: Merging
    version: Version
    """The highest of Federation that a subgraph links."""
    spec_names: SpecNames
    composed: Composed
    schema: SchemaDefinitionNode
    types: dict[str, Any]
    directives: tuple[DirectiveDefinitionNode, ...]

    @cached_property
    def whole(self) -> GraphQLSchema:
        """Everything as graphql-core has it, the inaccessible too, without the machinery; not validated."""
        document = DocumentNode(definitions=(self.schema, *self.directives, *self.types.values()))
        return build_ast_schema(document, assume_valid=True, assume_valid_sdl=True)


def merge(subgraphs: Sequence[Subgraph]) -> Merged:
    """Merges subgraphs that are each right. What they disagree on is in `merging.issues`. Raises `CompositionError` if
    they disagree on what directives are called, of which nothing can be said then."""
    spec_names = read_spec_names(subgraphs)
    overrides = read_overrides(subgraphs)
    composed = read_composed(subgraphs)
    applied = spec_names.applied.difference(ALWAYS_CLASHING)
    kept = {local for name, local in spec_names.local_names.items() if name in applied}
    hints = [*(hint for subgraph in subgraphs for hint in subgraph.hints), *overrides.hints, *composed.hints]
    refuse_any([*spec_names.issues, *composed.issues, *names_taken(composed, kept)], hints)
    merging = Merging(
        subgraphs=tuple(subgraphs),
        graphs=graph_names([subgraph.name for subgraph in subgraphs]),
        local_names=spec_names.local_names,
        applied=spec_names.applied,
        subtypes=_subtypes(subgraphs),
        overrides=overrides,
        composed=composed.directives,
        issues=list(overrides.issues),
        hints=hints,
    )
    # Before the enums, which the directives' arguments use.
    directives = tuple(merge_directives(merging))
    types = _merge_types(merging)
    sources = [(subgraph, subgraph.schema_node) for subgraph in subgraphs]
    return Merged(
        merging=merging,
        version=max(subgraph.version for subgraph in subgraphs),
        spec_names=spec_names,
        composed=composed,
        schema=SchemaDefinitionNode(
            description=merge_description(merging, None, sources),
            directives=(*merge_applied(merging, None, sources), *join_directives(merging, sources)),
            operation_types=operation_types(
                {name for name, node in types.items() if isinstance(node, ObjectTypeDefinitionNode)}
            ),
        ),
        types=types,
        directives=directives,
    )


def _merge_types(merging: Merging) -> dict[str, Any]:
    kinds = merged_kinds(merging)
    of_kind = {kind: [name for name in kinds if kinds[name] == kind] for kind in set(kinds.values())}
    types: dict[str, Any] = {}
    types |= {name: merge_scalar(merging, name) for name in of_kind.get("scalar", ())}
    types |= {name: merge_input_object(merging, name) for name in of_kind.get("input", ())}
    types |= {name: merge_union(merging, name) for name in of_kind.get("union", ())}
    interfaces = {
        name: merge_composite(merging, name, InterfaceTypeDefinitionNode) for name in of_kind.get("interface", ())
    }
    types |= interfaces
    for name in of_kind.get("object", ()):
        merged = merge_composite(merging, name, ObjectTypeDefinitionNode)
        types[name] = with_interface_object_fields(merging, merged, interfaces)
    types |= {name: merge_enum(merging, name) for name in of_kind.get("enum", ())}
    return types


def _subtypes(subgraphs: Sequence[Subgraph]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for subgraph in subgraphs:
        for shape in subgraph.types.values():
            if shape.kind == "union":
                members = (member.name.value for member in getattr(shape.node, "types", None) or ())
                found.setdefault(shape.name, set()).update(members)
        for interface, types in subgraph.implementers.items():
            found.setdefault(interface, set()).update(types)
    return {name: frozenset(types) for name, types in found.items()}


def graph_names(subgraphs: Sequence[str]) -> dict[str, str]:
    """The subgraphs' values of the enum join__Graph: names of GraphQL in capitals, those that clash numbered."""
    wanted = {subgraph: _graph_name(subgraph) for subgraph in subgraphs}
    shared = [name for name in wanted.values() if list(wanted.values()).count(name) > 1]
    numbers = dict.fromkeys(shared, 0)
    given: dict[str, str] = {}
    for subgraph, name in wanted.items():
        if name in numbers:
            numbers[name] += 1
            name = f"{name}_{numbers[name]}"
        given[subgraph] = name
    return given


def _graph_name(subgraph: str) -> str:
    name = re.sub(r"\W", "_", subgraph, flags=re.ASCII).upper()
    if name[0].isdigit():
        name = f"_{name}"
    return f"{name}_" if re.search(r"_[0-9]+$", name) else name
