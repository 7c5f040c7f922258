"""The supergraph, as the planner sees it: which subgraph resolves what, and how one moves between them.

Read from the join directives of a supergraph SDL (`read.py`). Everything is immutable; the look-ups that the planner
repeats are cached on the value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from graphql import GraphQLSchema

from gateway.federation.supergraph.field_set import FieldSet, SetField


@dataclass(frozen=True, slots=True)
class Subgraph:
    """A subgraph: its name as composed, and the address written in the supergraph (may be empty)."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Key:
    """One `@key` of a type in one subgraph."""

    fields: FieldSet
    resolvable: bool = True


@dataclass(frozen=True, slots=True)
class TypeInSubgraph:
    """What one subgraph says of a type."""

    keys: tuple[Key, ...] = ()
    is_interface_object: bool = False
    is_extension: bool = False


@dataclass(frozen=True, slots=True)
class ContextArgument:
    """An argument that the gateway fills from an ancestor (`@fromContext`)."""

    name: str
    type: str
    context: str
    selection: FieldSet
    """What is taken of the ancestor: one leaf, by runtime type where there are type conditions."""


@dataclass(frozen=True, slots=True)
class FieldInSubgraph:
    """What one subgraph says of a field.

    `type` is the field's type there, as text, since subgraphs may differ (`String` and `String!`, an interface and its
    implementation). `external`: declared but not resolved. `used_overridden`: resolved elsewhere by `@override`, but
    still known as part of a key or a requirement. Of a progressive override, the field is resolved here while
    `override_label` holds, and on the other side of it while `overridden_label` does not.
    """

    subgraph: str
    type: str
    requires: FieldSet = ()
    provides: FieldSet = ()
    external: bool = False
    used_overridden: bool = False
    override_label: str | None = None
    overridden_label: str | None = None
    context_arguments: tuple[ContextArgument, ...] = ()

    @property
    def is_moved(self) -> bool:
        """Is the field resolved elsewhere by `@override`, whatever labels hold?"""
        return self.used_overridden and self.overridden_label is None

    @property
    def named_type(self) -> str:
        """The field's type without lists and non-null."""
        return self.type.strip("[]!")


@dataclass(frozen=True, slots=True)
class AccessRule:
    """`@authenticated`, `@requiresScopes` and `@policy` on one coordinate; scopes and policies are ORs of ANDs."""

    authenticated: bool = False
    scopes: tuple[tuple[str, ...], ...] = ()
    policies: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class ListSize:
    """`@listSize` on a field: how long its list is taken to be, or the arguments that say so, and the fields inside it
    that the length is of (where it is a page)."""

    assumed: int | None
    slicing_arguments: tuple[str, ...]
    sized_fields: tuple[str, ...]
    requires_one_slicing_argument: bool


@dataclass(frozen=True, slots=True)
class TypeInfo:
    """An object, interface or union of the supergraph."""

    name: str
    kind: str
    """`object`, `interface` or `union`."""
    subgraphs: Mapping[str, TypeInSubgraph]
    fields: Mapping[str, Mapping[str, FieldInSubgraph]] = field(default_factory=dict)
    """By field name, then by subgraph. A field with no entry is resolved through an interface object."""
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """For abstract types: the object types that each subgraph knows as members."""
    interfaces: frozenset[str] = frozenset()
    """For objects and interfaces: all interfaces implemented, anywhere."""
    contexts: frozenset[str] = frozenset()
    """The contexts set on the type itself (`@context`)."""

    @property
    def is_abstract(self) -> bool:
        return self.kind != "object"


@dataclass(frozen=True)
class Supergraph:
    """A composed schema and its division among subgraphs."""

    sdl: str
    subgraphs: Mapping[str, Subgraph]
    types: Mapping[str, TypeInfo]
    """Composite types by name."""
    schema: GraphQLSchema
    """The whole schema, inaccessible elements included, join machinery left out."""
    api_schema: GraphQLSchema
    """What clients see."""
    roots: Mapping[str, str]
    """Operation kind to root type name, for the kinds that exist."""
    access_rules: Mapping[str, AccessRule] = field(default_factory=dict)
    """By coordinate: `Type` or `Type.field`."""
    costs: Mapping[str, int] = field(default_factory=dict)
    """`@cost` weights by coordinate: `Type`, `Type.field`, `Type.field(argument:)`."""
    list_sizes: Mapping[str, ListSize] = field(default_factory=dict)
    """By coordinate: `Type.field`."""
    connectors: frozenset[str] = frozenset()
    """The subgraphs that are reached by connectors (https://specs.apollo.dev/connect), not by GraphQL."""

    @cached_property
    def possible(self) -> Mapping[str, frozenset[str]]:
        """Abstract type to all its object types, in any subgraph."""
        return {
            name: frozenset().union(*info.members.values())
            for name, info in self.types.items()
            if info.is_abstract and info.members
        }

    @cached_property
    def field_names(self) -> frozenset[str]:
        """Every field name there is, so that internal aliases can avoid them."""
        return frozenset(name for info in self.types.values() for name in info.fields)

    @cached_property
    def interface_objects(self) -> Mapping[str, frozenset[str]]:
        """Interface to the subgraphs that define it as an object (`@interfaceObject`)."""
        return {
            name: graphs
            for name, info in self.types.items()
            if (graphs := frozenset(s for s, known in info.subgraphs.items() if known.is_interface_object))
        }

    @cached_property
    def contexts(self) -> Mapping[str, frozenset[str]]:
        """Type to the contexts that its objects set, by themselves or as one of an interface's or union's types."""
        set_by = {name: info.contexts for name, info in self.types.items() if info.contexts}
        found = {
            name: frozenset().union(
                *(
                    contexts
                    for setter, contexts in set_by.items()
                    if setter == name or setter in info.interfaces or name in self.possible.get(setter, ())
                )
            )
            for name, info in (self.types if set_by else {}).items()
        }
        return {name: contexts for name, contexts in found.items() if contexts}

    @cached_property
    def override_labels(self) -> frozenset[str]:
        """The labels of all progressive overrides."""
        return frozenset(
            entry.override_label
            for info in self.types.values()
            for entries in info.fields.values()
            for entry in entries.values()
            if entry.override_label is not None
        )

    def possible_in(self, type_name: str, subgraph: str) -> frozenset[str]:
        """The object types that a value of the type may have when it comes from the subgraph."""
        info = self.types[type_name]
        if not info.is_abstract:
            return frozenset((type_name,))
        return info.members.get(subgraph, frozenset())

    def is_own_key(self, type_name: str, field_name: str, subgraph: str) -> bool:
        """Is the field of a key that the subgraph's extension of the type has? It gives that, even if external."""
        known = self.types[type_name].subgraphs.get(subgraph)
        return (
            known is not None
            and known.is_extension
            and any(isinstance(part, SetField) and part.name == field_name for key in known.keys for part in key.fields)
        )

    def is_interface_object(self, type_name: str, subgraph: str) -> bool:
        known = self.types[type_name].subgraphs.get(subgraph)
        return known is not None and known.is_interface_object
