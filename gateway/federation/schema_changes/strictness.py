"""Types that differ in what may be null, and nothing else."""

from __future__ import annotations

from graphql import (
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLType,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)


def as_strict(given: GraphQLType, wanted: GraphQLType) -> bool:
    """Is every value of one type a value of the other, of the same lists and the same named type?"""
    if isinstance(wanted, GraphQLNonNull):
        return isinstance(given, GraphQLNonNull) and as_strict(given.of_type, wanted.of_type)
    if isinstance(given, GraphQLNonNull):
        return as_strict(given.of_type, wanted)
    if isinstance(wanted, GraphQLList):
        return isinstance(given, GraphQLList) and as_strict(given.of_type, wanted.of_type)
    return isinstance(wanted, GraphQLNamedType) and isinstance(given, GraphQLNamedType) and given.name == wanted.name


def shape(of: GraphQLType) -> str:
    """What fields of one response key must have in common: all of a leaf's type, the lists and nulls of others."""
    named = get_named_type(of)
    return str(of).replace(named.name, "…") if is_composite_type(named) else str(of)


def neighbours(schema: GraphQLSchema) -> dict[str, frozenset[str]]:
    """Composite type to all those whose fields may stand in one selection set with its own: fragments lead from each
    type to every other that shares an object type with it, and on from there."""
    groups: dict[str, set[str]] = {name: {name} for name, type_ in schema.type_map.items() if is_composite_type(type_)}
    for name, type_ in schema.type_map.items():
        if is_abstract_type(type_):
            joined = set(groups[name])
            for possible in schema.get_possible_types(type_):
                joined |= groups[possible.name]
            for member in joined:
                groups[member] = joined
    return {name: frozenset(group) for name, group in groups.items()}
