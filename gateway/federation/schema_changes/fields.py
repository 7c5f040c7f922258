"""Fields of objects and interfaces: removed, added, of another type.

A field that becomes stricter (`String` to `String!`) gives its clients nothing that they do not know. Yet where another
type has a field of its name that stays as it was, an operation that selects both through a fragment is no longer valid:
fields of one response key must agree in what may be null.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graphql import GraphQLField, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

from gateway.federation.schema_changes.change import Change, breaking, dangerous, safe
from gateway.federation.schema_changes.pairs import added, kept, kept_with_fields, note_of, removed
from gateway.federation.schema_changes.strictness import as_strict, neighbours, shape

Fields = Mapping[str, Mapping[str, GraphQLField]]


def fields(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[Change]:
    before, after, near = _fields(old), _fields(new), neighbours(old)
    for name, _, _ in kept_with_fields(old, new):
        for field, was in removed(before[name], after[name]):
            yield breaking("FIELD_REMOVED", f"{name}.{field}", f"The field was removed.{note_of(was)}")
        for field, made in added(before[name], after[name]):
            yield safe("FIELD_ADDED", f"{name}.{field}", f"A field of type {made.type} was added.")
        for field, was, made in kept(before[name], after[name]):
            if str(was.type) != str(made.type):
                disagreeing = _disagreeing(name, field, before, after, near[name])
                yield _retyped(f"{name}.{field}", was, made, disagreeing)


def _fields(schema: GraphQLSchema) -> Fields:
    return {
        name: type_.fields
        for name, type_ in schema.type_map.items()
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
    }


def _retyped(coordinate: str, was: GraphQLField, made: GraphQLField, disagreeing: list[str]) -> Change:
    message = f"The type changed from {was.type} to {made.type}."
    if not as_strict(made.type, was.type):
        return breaking("FIELD_TYPE_CHANGED", coordinate, message)
    if disagreeing:
        beside = f"{message} Operations that select it beside {' or '.join(disagreeing)}"
        return dangerous("FIELD_TYPE_CHANGED", coordinate, f"{beside}, under one key, are no longer valid.")
    return safe("FIELD_TYPE_CHANGED", coordinate, message)


def _disagreeing(name: str, field: str, before: Fields, after: Fields, near: frozenset[str]) -> list[str]:
    """The fields of the same name that agreed with this one, and no longer do."""

    def agree(where: Fields, other: str) -> bool:
        return shape(where[name][field].type) == shape(where[other][field].type)

    return [
        f"{other}.{field}"
        for other in sorted(near)
        if field in before.get(other, {}) and field in after.get(other, {})
        if agree(before, other) and not agree(after, other)
    ]
