"""What a schema says of its elements: descriptions and deprecations. None of it breaks anything; a deprecation says
what will."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import GraphQLEnumType, GraphQLSchema

from gateway.federation.schema_changes.change import Change, safe
from gateway.federation.schema_changes.pairs import kept, own_directives, own_types


def notes(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[Change]:
    for coordinate, was, made in kept(dict(_elements(old)), dict(_elements(new))):
        if was.description != made.description:
            yield safe("DESCRIPTION_CHANGED", coordinate, _described(was.description, made.description))
        yield from _deprecation(coordinate, _reason(was), _reason(made))


def _described(before: str | None, after: str | None) -> str:
    if before is None:
        return "It is described now."
    return "The description was removed." if after is None else "The description changed."


def _deprecation(coordinate: str, before: str | None, after: str | None) -> Iterator[Change]:
    if before == after:
        return
    if before is None:
        yield safe("DEPRECATION_ADDED", coordinate, f"It is deprecated: {after}")
    elif after is None:
        yield safe("DEPRECATION_REMOVED", coordinate, "It is no longer deprecated.")
    else:
        yield safe("DEPRECATION_CHANGED", coordinate, f"The reason of its deprecation is now: {after}")


def _reason(element: Any) -> str | None:
    return getattr(element, "deprecation_reason", None)


def _elements(schema: GraphQLSchema) -> Iterator[tuple[str, Any]]:
    """Everything that may be described, by coordinate."""
    yield "schema", schema
    for name, type_ in own_types(schema).items():
        yield name, type_
        parts = type_.values if isinstance(type_, GraphQLEnumType) else getattr(type_, "fields", {})
        for part, element in parts.items():
            yield f"{name}.{part}", element
            yield from _arguments(f"{name}.{part}", element)
    for name, directive in own_directives(schema).items():
        yield f"@{name}", directive
        yield from _arguments(f"@{name}", directive)


def _arguments(owner: str, element: Any) -> Iterator[tuple[str, Any]]:
    for name, argument in getattr(element, "args", {}).items():
        yield f"{owner}({name}:)", argument
