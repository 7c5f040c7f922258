"""Objects, interfaces and unions: all that any subgraph knows of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql.language import (
    FieldDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    UnionTypeDefinitionNode,
)

from gateway.federation.composition.merging.access_flow import fields_that_demand, types_that_demand
from gateway.federation.composition.merging.context import Merging
from gateway.federation.composition.merging.contexts import join_contexts
from gateway.federation.composition.merging.descriptions import merge_description
from gateway.federation.composition.merging.elements import merge_access, merge_applied
from gateway.federation.composition.merging.fields import merge_fields
from gateway.federation.composition.merging.join_directives import join_directives
from gateway.federation.composition.merging.joins import join_implements, join_types
from gateway.federation.composition.merging.kept_directives import ACCESS
from gateway.federation.composition.merging.nodes import directive, name, named, text
from gateway.federation.composition.merging.presence import hint_at_inconsistent_members, hint_at_inconsistent_type
from gateway.federation.composition.shapes import with_parts


def merge_composite(
    merging: Merging, type_name: str, node_class: type[ObjectTypeDefinitionNode] | type[InterfaceTypeDefinitionNode]
) -> ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode:
    """An object or interface: every field, every interface that it implements. What `@interfaceObject` types say is
    part of the interface."""
    sources = merging.nodes(type_name)
    hint_at_inconsistent_type(merging, type_name)
    interfaces = dict.fromkeys(interface for _, shape in merging.shapes(type_name) for interface in shape.interfaces)
    return node_class(
        description=merge_description(merging, type_name, sources),
        name=name(type_name),
        interfaces=tuple(named(interface) for interface in interfaces),
        directives=(
            *join_implements(merging, type_name),
            *join_types(merging, type_name),
            *merge_applied(merging, type_name, sources, types_that_demand(merging, type_name)),
            *join_contexts(merging, sources),
            *join_directives(merging, sources),
        ),
        fields=merge_fields(merging, type_name),
    )


def merge_union(merging: Merging, type_name: str) -> UnionTypeDefinitionNode:
    """A union: every member."""
    sources = merging.nodes(type_name)
    hint_at_inconsistent_members(merging, type_name)
    written = [(subgraph, member.name.value) for subgraph, node in sources for member in node.types or ()]
    joins = (
        directive("join__unionMember", graph=merging.graph(subgraph), member=text(member))
        for subgraph, member in written
    )
    return UnionTypeDefinitionNode(
        description=merge_description(merging, type_name, sources),
        name=name(type_name),
        directives=(
            *join_types(merging, type_name),
            *joins,
            *merge_applied(merging, type_name, sources),
            *join_contexts(merging, sources),
        ),
        types=tuple(named(member) for member in dict.fromkeys(member for _, member in written)),
    )


def with_interface_object_fields(merging: Merging, node: Any, interfaces: Mapping[str, Any]) -> Any:
    """The object with the fields that its interfaces have from `@interfaceObject` types. A bare `@join__field` says
    that the interface's own subgraphs resolve them."""
    own = {field.name.value for field in node.fields or ()}
    added: dict[str, FieldDefinitionNode] = {}
    for interface in node.interfaces or ():
        found = interfaces.get(interface.name.value)
        for field in found.fields or () if found else ():
            if field.name.value not in own and any(merging.interface_object_fields(node.name.value, field.name.value)):
                added.setdefault(field.name.value, _added_field(merging, node.name.value, field))
    return with_parts(node, fields=(*(node.fields or ()), *added.values())) if added else node


def _added_field(merging: Merging, type_name: str, field: FieldDefinitionNode) -> FieldDefinitionNode:
    """An interface's field as one of an implementer. The interface demands what any implementer does; this one, only
    what the `@interfaceObject` types do."""
    not_taken = {"join__field", "join__directive", *(merging.local_names[kept.name] for kept in ACCESS)}
    kept = (applied for applied in field.directives or () if applied.name.value not in not_taken)
    demanding = fields_that_demand(merging, type_name, field.name.value)
    access = merge_access(merging, f"{type_name}.{field.name.value}", demanding)
    added: FieldDefinitionNode = with_parts(field, directives=(directive("join__field"), *kept, *access))
    return added
