"""Of a subgraph's answer, what it was asked for, and nothing else.

Answers of several subgraphs are merged into one tree, so a field that nobody asked for could overwrite what its owner
says of it. A GraphQL server adds no fields; one that does is mistaken or lying, and what it adds is dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import FieldNode, InlineFragmentNode, OperationDefinitionNode, SelectionSetNode, parse

from gateway.federation.execution.representations import flatten, typename_of
from gateway.federation.operation.selection import response_key


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for on one value: `keys` whatever its type is, `inside` those that are objects, and `always` those
    that neither a condition nor another type can leave out, by the type that they are asked on (None: on any)."""

    keys: frozenset[str]
    inside: tuple[tuple[str, Asked], ...]
    always: Mapping[str | None, frozenset[str]]

    def below(self, key: str) -> Asked | None:
        """What is asked for on the object under a key."""
        return next((asked for name, asked in self.inside if name == key), None)

    def missing(self, value: Mapping[str, Any], typename: str | None = None) -> list[str]:
        """The keys that a value of that type leaves out although it may not."""
        wanted = (keys for name, keys in self.always.items() if name is None or name == typename)
        return sorted({key for keys in wanted if not value.keys() >= keys for key in keys - value.keys()})


@lru_cache(maxsize=10_000)
def asked_by(operation: str) -> Asked:
    """What an operation of a plan asks for: one definition, without named fragments."""
    return _asked([sent_operation(operation).selection_set])


def sent_operation(text: str) -> OperationDefinitionNode:
    """The one definition of an operation that the planner has written."""
    definition = parse(text, no_location=True).definitions[0]
    assert isinstance(definition, OperationDefinitionNode)  # noqa: S101 - the planner emits nothing else
    return definition


def _asked(sets: list[SelectionSetNode]) -> Asked:
    keys: set[str] = set()
    inside: dict[str, list[SelectionSetNode]] = {}
    for field in _fields(sets):
        key = response_key(field)
        keys.add(key)
        if field.selection_set is not None:
            inside.setdefault(key, []).append(field.selection_set)
    return Asked(frozenset(keys), tuple((key, _asked(below)) for key, below in inside.items()), _always_in_all(sets))


def _fields(sets: list[SelectionSetNode]) -> Iterator[FieldNode]:
    for selections in sets:
        for node in selections.selections:
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                yield from _fields([node.selection_set])


def _always_in_all(sets: list[SelectionSetNode]) -> dict[str | None, frozenset[str]]:
    """Several sets of one key stand under conditions or types of their own: what they have in common."""
    first, *others = map(_always, sets)
    return {name: keys.intersection(*(other.get(name, ()) for other in others)) for name, keys in first.items()}


def _always(selections: SelectionSetNode) -> dict[str | None, frozenset[str]]:
    found: dict[str | None, frozenset[str]] = {}
    for node in (node for node in selections.selections if not node.directives):
        if isinstance(node, FieldNode):
            found[None] = found.get(None, frozenset()) | {response_key(node)}
        elif isinstance(node, InlineFragmentNode) and node.type_condition is not None:
            direct = (inner for inner in node.selection_set.selections if isinstance(inner, FieldNode))
            name = node.type_condition.name.value
            found[name] = found.get(name, frozenset()) | {
                response_key(field) for field in direct if not field.directives
            }
    return found


def left_out(value: Mapping[str, Any], asked: Asked, typename: str | None = None) -> Iterator[list[str | int]]:
    """The places in an object, at any depth, of what it leaves out although it may not."""
    for key in asked.missing(value, typename_of(value) or typename):
        yield [key]
    for key, below in asked.inside:
        for item, place in _objects_in(value.get(key), [key]):
            for rest in left_out(item, below):
                yield [*place, *rest]


def _objects_in(value: Any, place: list[str | int]) -> Iterator[tuple[dict[str, Any], list[str | int]]]:
    if isinstance(value, dict):
        yield value, place
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _objects_in(item, [*place, index])


def keep_asked(data: dict[str, Any], asked: Asked) -> None:
    """Drops from the data, in place, what was not asked for. All objects of one place are looked at together."""
    pending: list[tuple[list[dict[str, Any]], Asked]] = [([data], asked)]
    while pending:
        objects, wanted = pending.pop()
        keys = wanted.keys
        for value in objects:
            if not value.keys() <= keys:
                for key in value.keys() - keys:
                    del value[key]
        for key, below in wanted.inside:
            children: list[dict[str, Any]] = []
            for value in objects:
                flatten(value.get(key), children)
            if children:
                pending.append((children, below))
