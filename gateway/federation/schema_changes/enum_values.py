"""Values of enums. A value that was added is news to a client only where it can receive it."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
)

from gateway.federation.schema_changes.change import Change, breaking, dangerous, safe
from gateway.federation.schema_changes.marks import received
from gateway.federation.schema_changes.pairs import added, kept_types, note_of, removed


def enum_values(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[Change]:
    given_out = _given_out(old)
    for name, was, made in kept_types(old, new, GraphQLEnumType):
        for value, gone in removed(was.values, made.values):
            coordinate = f"{name}.{value}"
            message = f"The value was removed.{note_of(gone)}"
            yield breaking("ENUM_VALUE_REMOVED", coordinate, message, [coordinate, received(name)])
        for value, _ in added(was.values, made.values):
            coordinate = f"{name}.{value}"
            if name in given_out:
                message = "A value was added, which clients may receive."
                yield dangerous("ENUM_VALUE_ADDED", coordinate, message, [received(name)])
            else:
                yield safe("ENUM_VALUE_ADDED", coordinate, "A value was added, which no field gives.", [name])


def _given_out(schema: GraphQLSchema) -> frozenset[str]:
    """The types of fields."""
    return frozenset(
        get_named_type(field.type).name
        for type_ in schema.type_map.values()
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
        for field in type_.fields.values()
    )
