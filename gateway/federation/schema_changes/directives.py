"""Directives: those that operations may hold. What becomes of one for type systems alone is no client's concern."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import GraphQLDirective, GraphQLSchema

from gateway.federation.schema_changes.change import Change, Severity, change, safe
from gateway.federation.schema_changes.marks import placed, repeated
from gateway.federation.schema_changes.pairs import added, kept, own_directives, removed
from gateway.federation.supergraph.directives import EXECUTABLE


def is_executable(directive: GraphQLDirective) -> bool:
    """Can an operation hold it?"""
    return any(location in EXECUTABLE for location in directive.locations)


def directives(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[Change]:
    before, after = own_directives(old), own_directives(new)
    for name, gone in removed(before, after):
        yield change(_where(is_executable(gone)), "DIRECTIVE_REMOVED", f"@{name}", "The directive was removed.")
    for name, _ in added(before, after):
        yield safe("DIRECTIVE_ADDED", f"@{name}", "A directive was added.")
    for name, was, made in kept(before, after):
        yield from _locations(name, was, made)
        yield from _repeatable(name, was, made)


def _where(executable: bool) -> Severity:
    return Severity.BREAKING if executable else Severity.SAFE


def _locations(name: str, was: GraphQLDirective, made: GraphQLDirective) -> Iterator[Change]:
    for location in sorted(set(was.locations) - set(made.locations), key=str):
        severity, mark = _where(location in EXECUTABLE), placed(name, location.name)
        message = f"It may no longer stand on {location.name}."
        yield change(severity, "DIRECTIVE_LOCATION_REMOVED", f"@{name}", message, [mark])
    for location in sorted(set(made.locations) - set(was.locations), key=str):
        message, mark = f"It may stand on {location.name} now.", placed(name, location.name)
        yield safe("DIRECTIVE_LOCATION_ADDED", f"@{name}", message, [mark])


def _repeatable(name: str, was: GraphQLDirective, made: GraphQLDirective) -> Iterator[Change]:
    if was.is_repeatable and not made.is_repeatable:
        message = "It may no longer be repeated at one place."
        yield change(_where(is_executable(was)), "DIRECTIVE_REPEATABLE_REMOVED", f"@{name}", message, [repeated(name)])
    elif made.is_repeatable and not was.is_repeatable:
        yield safe("DIRECTIVE_REPEATABLE_ADDED", f"@{name}", "It may be repeated at one place now.", [repeated(name)])
