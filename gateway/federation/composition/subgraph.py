"""A subgraph as composition sees it: each type in one piece, each directive by the name its specification gives it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from graphql import DirectiveDefinitionNode, GraphQLSchema
from graphql.language import (
    ConstDirectiveNode,
    FieldDefinitionNode,
    InterfaceTypeDefinitionNode,
    Node,
    ObjectTypeDefinitionNode,
    SchemaDefinitionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
)

from gateway.federation.composition.errors import Issue, Place, place_of
from gateway.federation.composition.federation_spec import Version
from gateway.federation.supergraph.directives import HasDirectives, LinkNames, applications

Kind = Literal["object", "interface", "union", "enum", "input", "scalar"]


@dataclass(frozen=True, slots=True)
class Source:
    """A subgraph as it is handed in: its name, its SDL, and its routing URL, which may be empty."""

    name: str
    sdl: str
    url: str = ""


@dataclass(frozen=True, eq=False)
class TypeShape:
    """A type of one subgraph. `node` is its definition and then its extensions, `blocks`, in one."""

    name: str
    kind: Kind
    node: TypeDefinitionNode
    blocks: tuple[Any, ...]
    extends: bool
    """Does its definition say that it is an extension all the same (`@extends`)?"""

    @cached_property
    def fields(self) -> dict[str, FieldDefinitionNode]:
        """The fields of an object or interface by name, in the order written; none for other kinds."""
        if isinstance(self.node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
            return {field.name.value: field for field in self.node.fields or ()}
        return {}

    @cached_property
    def interfaces(self) -> tuple[str, ...]:
        """The interfaces that an object or interface says it implements."""
        if isinstance(self.node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
            return tuple(interface.name.value for interface in self.node.interfaces or ())
        return ()

    def is_extension(self, block: Any) -> bool:
        """Does a block add to a type rather than define it?"""
        return self.extends or isinstance(block, TypeExtensionNode)

    def block_of(self, field: FieldDefinitionNode) -> Any:
        """The definition or extension in which the field is written."""
        return next(block for block in self.blocks if any(known is field for known in block.fields or ()))


FieldName = tuple[str, str]
"""A type's name and a field's."""


@dataclass(frozen=True, slots=True)
class FieldUsage:
    """The fields that a subgraph uses in keys, `@requires`, `@provides`, contexts, and to implement interfaces.

    `extension_keys` are those of the keys that an extension declares.
    """

    keys: frozenset[FieldName]
    extension_keys: frozenset[FieldName]
    required: frozenset[FieldName]
    provided: frozenset[FieldName]
    in_contexts: frozenset[FieldName]
    of_interfaces: frozenset[FieldName]

    def __contains__(self, field: FieldName) -> bool:
        used = (self.keys, self.required, self.provided, self.in_contexts, self.of_interfaces)
        return any(field in fields for fields in used)


@dataclass(frozen=True, eq=False)
class Subgraph:
    """A subgraph that was read and is valid GraphQL."""

    name: str
    url: str
    version: Version
    links: LinkNames
    local_names: Mapping[str, str]
    """What the specifications' directives are called here: `key` -> `federation__key`, without the @."""
    schema_node: SchemaDefinitionNode
    types: Mapping[str, TypeShape]
    """Its own types, root types under their default names, machinery left out."""
    directives: Mapping[str, DirectiveDefinitionNode]
    """The directives that it defines itself."""
    schema: GraphQLSchema
    usage: FieldUsage
    hints: tuple[Issue, ...] = ()
    """What reading it noticed."""

    def applied(self, node: HasDirectives, directive: str) -> Iterator[Mapping[str, Any]]:
        """The arguments of each application of a specification's directive to a node."""
        return applications(node, self.local_names.get(directive, ""))

    def has(self, node: HasDirectives, directive: str) -> bool:
        """Is a specification's directive applied to the node?"""
        return any(True for _ in self.applied(node, directive))

    def application(self, node: HasDirectives, directive: str) -> ConstDirectiveNode | None:
        """The first application of a specification's directive to the node."""
        local = self.local_names.get(directive)
        return next((applied for applied in node.directives or () if applied.name.value == local), None)

    def is_external(self, shape: TypeShape, field: FieldDefinitionNode) -> bool:
        """Is the field only declared here? What an extension has as its key is resolved, marked itself or not."""
        marked, in_whole = self.has(field, "external"), self.has(shape.node, "external")
        if marked:
            return (shape.name, field.name.value) not in self.usage.extension_keys
        return in_whole

    def is_provided(self, shape: TypeShape, field: FieldDefinitionNode) -> bool:
        """Is the field external, but resolved here on some paths (`@provides`)?"""
        return (shape.name, field.name.value) in self.usage.provided and self.is_external(shape, field)

    def is_shareable(self, shape: TypeShape, field: FieldDefinitionNode) -> bool:
        """May other subgraphs resolve the field too?"""
        return (
            self.has(field, "shareable")
            or self.has(shape.block_of(field), "shareable")
            or (shape.name, field.name.value) in self.usage.keys
            or self.is_provided(shape, field)
        )

    def has_resolvable_key(self, shape: TypeShape) -> bool:
        """Can an object of the type be fetched from here by a key?"""
        return any(arguments.get("resolvable") is not False for arguments in self.applied(shape.node, "key"))

    def is_interface_object(self, type_name: str) -> bool:
        """Does this subgraph define an interface of others as an object (`@interfaceObject`)?"""
        shape = self.types.get(type_name)
        return shape is not None and self.has(shape.node, "interfaceObject")

    @cached_property
    def implementers(self) -> Mapping[str, tuple[str, ...]]:
        """Interface -> the types, interfaces included, that say here that they implement it."""
        found: dict[str, list[str]] = {}
        for shape in self.types.values():
            for interface in shape.interfaces:
                found.setdefault(interface, []).append(shape.name)
        return {name: tuple(types) for name, types in found.items()}

    def place(self, node: Node | None) -> Place:
        """Where in this subgraph's SDL a node is written."""
        return place_of(self.name, node)

    def issue(self, code: str, message: str, coordinate: str | None = None, node: Node | None = None) -> Issue:
        """A mistake of this subgraph alone."""
        return Issue(code, message, coordinate, (self.place(node),))
