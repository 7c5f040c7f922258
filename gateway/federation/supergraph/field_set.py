"""Field sets: the `fields` of `@key`, `@requires` and `@provides` (Federation specification, scalar `FieldSet`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode, parse, print_ast
from graphql.language import OperationDefinitionNode

Arguments = tuple[tuple[str, str], ...]
"""(name, value as GraphQL text) pairs, in name order."""


@dataclass(frozen=True, slots=True)
class SetField:
    """One field of a field set."""

    name: str
    arguments: Arguments = ()
    selections: FieldSet = ()


@dataclass(frozen=True, slots=True)
class SetFragment:
    """An inline fragment of a field set."""

    type_condition: str
    selections: FieldSet


FieldSet = tuple[SetField | SetFragment, ...]


@lru_cache(maxsize=4096)
def parse_field_set(text: str) -> FieldSet:
    """Reads `"id owner { id }"`. Raises GraphQLSyntaxError on malformed text."""
    return _convert(parse_selection_set(text))


def parse_selection_set(text: str) -> SelectionSetNode:
    """The text of a field set as a selection set. Raises GraphQLSyntaxError on malformed text."""
    definition = parse(in_braces(text), no_location=True).definitions[0]
    assert isinstance(definition, OperationDefinitionNode)  # noqa: S101 - the text starts with a brace
    return definition.selection_set


def in_braces(text: str) -> str:
    """The text of a field set as a selection set is written; some write the braces themselves."""
    return text if text.lstrip().startswith("{") else f"{{{text}\n}}"


def _convert(node: SelectionSetNode) -> FieldSet:
    return tuple(_flatten(node))


def _flatten(node: SelectionSetNode) -> Iterator[SetField | SetFragment]:
    for selection in node.selections:
        if isinstance(selection, FieldNode):
            arguments = tuple(
                sorted((argument.name.value, print_ast(argument.value)) for argument in selection.arguments or ())
            )
            children = _convert(selection.selection_set) if selection.selection_set else ()
            yield SetField(selection.name.value, arguments, children)
        elif isinstance(selection, InlineFragmentNode):
            if selection.type_condition is None:
                yield from _flatten(selection.selection_set)
            else:
                yield SetFragment(selection.type_condition.name.value, _convert(selection.selection_set))


def print_field_set(selections: FieldSet) -> str:
    """The field set as text, for messages and printed plans."""
    return " ".join(_print(selection) for selection in selections)


def _print(selection: SetField | SetFragment) -> str:
    if isinstance(selection, SetFragment):
        return f"... on {selection.type_condition} {{ {print_field_set(selection.selections)} }}"
    text = selection.name
    if selection.arguments:
        text += "(" + ", ".join(f"{name}: {value}" for name, value in selection.arguments) + ")"
    if selection.selections:
        text += f" {{ {print_field_set(selection.selections)} }}"
    return text
