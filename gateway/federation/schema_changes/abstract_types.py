"""Which objects an interface or a union may stand for. One fewer breaks fragments; one more is news to a client that
selects the interface or union already."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, GraphQLUnionType, is_composite_type
from graphql.type import is_abstract_type

from gateway.federation.schema_changes.change import Change, breaking, dangerous, safe
from gateway.federation.schema_changes.marks import beside, received
from gateway.federation.schema_changes.pairs import added, kept_types, kept_with_fields, own_types


def abstract_types(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[Change]:
    for name, was, made in kept_types(old, new, GraphQLUnionType):
        yield from _members(old, name, was, made)
    for name, before, after in kept_with_fields(old, new):
        had = {interface.name for interface in before.interfaces}
        has = {interface.name for interface in after.interfaces}
        for interface in sorted(had - has):
            message = f"It no longer implements {interface}."
            yield breaking("INTERFACE_REMOVED", name, message, _fragments(old, interface, name))
        for interface in sorted(has - had):
            yield _implemented(old, after, interface)
    for _, type_ in added(own_types(old), own_types(new)):
        for known in getattr(type_, "interfaces", ()):
            if known.name in old.type_map:
                yield _implemented(old, type_, known.name)


def _members(old: GraphQLSchema, name: str, was: GraphQLUnionType, made: GraphQLUnionType) -> Iterator[Change]:
    had, has = ({member.name for member in union.types} for union in (was, made))
    for member in sorted(had - has):
        message = f"{member} was removed from the union."
        yield breaking("UNION_MEMBER_REMOVED", name, message, _fragments(old, name, member))
    for member in sorted(has - had):
        message = f"{member} was added to the union: clients may receive it."
        yield dangerous("UNION_MEMBER_ADDED", name, message, [received(name)])


def _implemented(old: GraphQLSchema, type_: object, interface: str) -> Change:
    assert isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)  # noqa: S101 - nothing else has interfaces
    message, marks = f"It implements {interface}", [received(interface)]
    if isinstance(type_, GraphQLObjectType) and interface in old.type_map:
        return dangerous("INTERFACE_ADDED", type_.name, f"{message}: clients may receive it there.", marks)
    return safe("INTERFACE_ADDED", type_.name, f"{message}.", marks)


def _fragments(schema: GraphQLSchema, abstract: str, one: str) -> list[str]:
    """The marks of fragments that lead from an interface or union to one of its types."""
    wanted = _possible(schema, one)
    return [
        beside(abstract, name)
        for name, type_ in own_types(schema).items()
        if is_composite_type(type_) and wanted & _possible(schema, name)
    ]


def _possible(schema: GraphQLSchema, name: str) -> frozenset[str]:
    type_ = schema.type_map[name]
    if is_abstract_type(type_):
        return frozenset(possible.name for possible in schema.get_possible_types(type_))
    return frozenset((name,))
