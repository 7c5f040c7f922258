"""Types as such: removed, added, of another kind; what scalars say of their format, and inputs of which only one field
may be given."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
)

from gateway.federation.schema_changes.change import Change, breaking, dangerous, safe
from gateway.federation.schema_changes.pairs import added, kept, kept_types, own_types, removed

KINDS = {
    GraphQLScalarType: "scalar",
    GraphQLObjectType: "object type",
    GraphQLInterfaceType: "interface",
    GraphQLUnionType: "union",
    GraphQLEnumType: "enum",
    GraphQLInputObjectType: "input type",
}


def types(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[Change]:
    before, after = own_types(old), own_types(new)
    for name, was in removed(before, after):
        yield breaking("TYPE_REMOVED", name, f"The {_kind(was)} was removed.")
    for name, made in added(before, after):
        yield safe("TYPE_ADDED", name, f"The {_kind(made)} is new.")
    for name, was, made in kept(before, after):
        if _kind(was) != _kind(made):
            yield breaking("TYPE_KIND_CHANGED", name, f"It changed from {_kind(was)} to {_kind(made)}.")
    for name, scalar, as_scalar in kept_types(old, new, GraphQLScalarType):
        yield from _format(name, scalar, as_scalar)
    for name, input_, as_input in kept_types(old, new, GraphQLInputObjectType):
        yield from _one_of(name, input_, as_input)


def _kind(of: GraphQLNamedType) -> str:
    return next(words for kind, words in KINDS.items() if isinstance(of, kind))


def _format(name: str, was: GraphQLScalarType, made: GraphQLScalarType) -> Iterator[Change]:
    before, after = was.specified_by_url, made.specified_by_url
    if before == after:
        return
    if before is None:
        yield safe("SPECIFIED_BY_ADDED", name, f"Its format is specified by {after}.")
    elif after is None:
        yield dangerous("SPECIFIED_BY_REMOVED", name, f"Its format is no longer specified by {before}.")
    else:
        yield dangerous("SPECIFIED_BY_CHANGED", name, f"Its format was specified by {before}, and is by {after} now.")


def _one_of(name: str, was: GraphQLInputObjectType, made: GraphQLInputObjectType) -> Iterator[Change]:
    if made.is_one_of and not was.is_one_of:
        yield breaking("ONE_OF_ADDED", name, "Exactly one of its fields must be given now.")
    elif was.is_one_of and not made.is_one_of:
        yield safe("ONE_OF_REMOVED", name, "More or fewer than one of its fields may be given now.")
