"""What operations may give: arguments of fields and of directives, and fields of input types. One rule for all three.

An argument without which an operation is no longer valid breaks it, whether it was added so, lost its default or lost
its null. Another default is another meaning for whoever leaves the argument out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    GraphQLArgument,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLNonNull,
    GraphQLSchema,
    print_ast,
)
from graphql.utilities import get_default_value_ast
from graphql.utilities.sort_value_node import sort_value_node

from gateway.federation.schema_changes.change import Change, Severity, change
from gateway.federation.schema_changes.directives import is_executable
from gateway.federation.schema_changes.marks import omitted
from gateway.federation.schema_changes.pairs import (
    added,
    kept,
    kept_types,
    kept_with_fields,
    note_of,
    own_directives,
    removed,
)
from gateway.federation.schema_changes.strictness import as_strict

Input = GraphQLArgument | GraphQLInputField
BREAKING, DANGEROUS, SAFE = Severity.BREAKING, Severity.DANGEROUS, Severity.SAFE


@dataclass(frozen=True, slots=True)
class Place:
    """Something that takes inputs. `code`: how codes begin; `noun`: in words; `given`: can an operation give them?"""

    owner: str
    code: str
    noun: str
    old: Mapping[str, Input]
    new: Mapping[str, Input]
    given: bool = True

    def coordinate(self, name: str) -> str:
        return f"{self.owner}.{name}" if self.code == "INPUT_FIELD" else f"{self.owner}({name}:)"


def inputs(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[Change]:
    for place in _places(old, new):
        yield from _removed(place)
        yield from _added(place)
        for name, was, made in kept(place.old, place.new):
            yield from _retyped(place, name, was, made)
            yield from _default(place, name, was, made)


def _places(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[Place]:
    for name, was, made in kept_with_fields(old, new):
        for field, one, other in kept(was.fields, made.fields):
            yield Place(f"{name}.{field}", "ARGUMENT", "argument", one.args, other.args)
    for name, before, after in kept_types(old, new, GraphQLInputObjectType):
        yield Place(name, "INPUT_FIELD", "input field", before.fields, after.fields)
    for name, here, there in kept(own_directives(old), own_directives(new)):
        yield Place(f"@{name}", "DIRECTIVE_ARGUMENT", "argument", here.args, there.args, is_executable(here))


def _change(place: Place, severity: Severity, what: str, name: str, message: str, *marks: str) -> Change:
    """No operation can hold a directive of type systems: what becomes of its arguments is safe."""
    return change(severity if place.given else SAFE, f"{place.code}_{what}", place.coordinate(name), message, marks)


def _removed(place: Place) -> Iterator[Change]:
    for name, was in removed(place.old, place.new):
        yield _change(place, BREAKING, "REMOVED", name, f"The {place.noun} was removed.{note_of(was)}")


def _added(place: Place) -> Iterator[Change]:
    for name, made in added(place.old, place.new):
        default = _default_of(made)
        if default is not None:
            message = f"An {place.noun} of type {made.type} was added: {default} where it is left out."
            yield _change(place, DANGEROUS, "ADDED", name, message, place.owner)
        elif _is_required(made):
            message = f"A required {place.noun} of type {made.type} was added."
            yield _change(place, BREAKING, "ADDED", name, message, place.owner)
        else:
            message = f"An optional {place.noun} of type {made.type} was added."
            yield _change(place, SAFE, "ADDED", name, message, place.owner)


def _retyped(place: Place, name: str, was: Input, made: Input) -> Iterator[Change]:
    if str(was.type) == str(made.type):
        return
    severity = SAFE if as_strict(was.type, made.type) else BREAKING
    marks = [place.coordinate(name)]
    if _is_required(made) and not _is_required(was):
        marks.append(omitted(marks[0]))
    yield _change(place, severity, "TYPE_CHANGED", name, f"The type changed from {was.type} to {made.type}.", *marks)


def _default(place: Place, name: str, was: Input, made: Input) -> Iterator[Change]:
    before, after = _default_of(was), _default_of(made)
    if before == after:
        return
    mark = omitted(place.coordinate(name))
    if after is None:
        required = _is_required(made)
        told = f"The default {before} was removed{': it must be given now' if required else ''}."
        yield _change(place, BREAKING if required else DANGEROUS, "DEFAULT_REMOVED", name, told, mark)
    elif before is None:
        yield _change(place, DANGEROUS, "DEFAULT_ADDED", name, f"Where it is left out, {after} is taken now.", mark)
    else:
        told = f"The default changed from {before} to {after}."
        yield _change(place, DANGEROUS, "DEFAULT_CHANGED", name, told, mark)


def _is_required(of: Input) -> bool:
    return isinstance(of.type, GraphQLNonNull) and _default_of(of) is None


def _default_of(of: Input) -> str | None:
    """The default as text, without regard to what has no meaning."""
    node = get_default_value_ast(of)
    return None if node is None else print_ast(sort_value_node(node))
