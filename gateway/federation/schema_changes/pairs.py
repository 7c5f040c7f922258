"""What two schemas have in common, and what each has alone; the elements that every schema has are left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from graphql import (
    GraphQLDirective,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    is_introspection_type,
    is_specified_scalar_type,
)

T = TypeVar("T", bound=GraphQLNamedType)
V = TypeVar("V")
WithFields = GraphQLObjectType | GraphQLInterfaceType


def own_types(schema: GraphQLSchema) -> dict[str, GraphQLNamedType]:
    """The types that the schema defines."""
    return {
        name: type_
        for name, type_ in schema.type_map.items()
        if not is_introspection_type(type_) and not is_specified_scalar_type(type_)
    }


def own_directives(schema: GraphQLSchema) -> dict[str, GraphQLDirective]:
    return {directive.name: directive for directive in schema.directives}


def kept(old: Mapping[str, V], new: Mapping[str, V]) -> Iterator[tuple[str, V, V]]:
    """What both have: its name, what it was, what it is."""
    return ((name, old[name], new[name]) for name in old if name in new)


def removed(old: Mapping[str, V], new: Mapping[str, V]) -> Iterator[tuple[str, V]]:
    return ((name, was) for name, was in old.items() if name not in new)


def added(old: Mapping[str, V], new: Mapping[str, V]) -> Iterator[tuple[str, V]]:
    return ((name, made) for name, made in new.items() if name not in old)


def kept_types(old: GraphQLSchema, new: GraphQLSchema, kind: type[T]) -> Iterator[tuple[str, T, T]]:
    """The types of a kind that both have, as that kind."""
    for name, was, made in kept(own_types(old), own_types(new)):
        if isinstance(was, kind) and isinstance(made, kind):
            yield name, was, made


def kept_with_fields(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[tuple[str, WithFields, WithFields]]:
    """The object types that both have, then the interfaces."""
    yield from kept_types(old, new, GraphQLObjectType)
    yield from kept_types(old, new, GraphQLInterfaceType)


def note_of(element: Any) -> str:
    """What to add of an element that was deprecated."""
    reason = getattr(element, "deprecation_reason", None)
    return f" It was deprecated: {reason}" if reason else ""
