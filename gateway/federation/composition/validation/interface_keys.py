"""INTERFACE_KEY_NOT_ON_IMPLEMENTATION: who has an interface's key must find every implementer by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import SelectionNode, SelectionSetNode, print_ast

from gateway.federation.composition.errors import Issue
from gateway.federation.composition.shapes import with_parts
from gateway.federation.composition.subgraph import Subgraph, TypeShape
from gateway.federation.composition.validation.field_sets import field_sets, selected


@dataclass(frozen=True, slots=True)
class _Key:
    """`fields` are in one order, each once, so that equal keys are equal; None if the key selects what is not there."""

    fields: str | None
    resolvable: bool


def wrong_interface_keys(subgraph: Subgraph) -> Iterator[Issue]:
    """Implementers that lack a key of their interface, or have it unresolvable where the interface has it. A key that
    is no key, which `wrong_keys` tells, may have been meant for any."""
    for shape in subgraph.types.values():
        if shape.kind != "interface":
            continue
        for wanted in _keys(subgraph, shape):
            for name in subgraph.implementers.get(shape.name, ()):
                if wrong := _wrong(wanted, _keys(subgraph, subgraph.types[name])):
                    what = f'{shape.name} has @key(fields: "{wanted.fields}"), and {name} {wrong}'
                    message = f"{what}: give {name} the same key."
                    node = subgraph.types[name].node
                    yield subgraph.issue("INTERFACE_KEY_NOT_ON_IMPLEMENTATION", message, name, node)


def _wrong(wanted: _Key, keys: list[_Key]) -> str:
    """What is wrong with an implementer's keys; empty if nothing is."""
    same = [key for key in keys if key.fields == wanted.fields]
    if wanted.fields is None:
        return ""
    if same:
        return "" if same[0].resolvable or not wanted.resolvable else "has it as not resolvable"
    return "" if any(key.fields is None for key in keys) else "lacks it"


def _keys(subgraph: Subgraph, shape: TypeShape) -> list[_Key]:
    keys = []
    for given in field_sets(subgraph, "key", shape.node, shape.name, shape.name):
        selection = selected(given)
        keys.append(_Key(_in_order(selection) if selection else None, given.is_resolvable))
    return list(dict.fromkeys(keys))


def _in_order(selection: SelectionSetNode) -> str:
    return " ".join(sorted({_printed(part) for part in selection.selections}))


def _printed(part: SelectionNode) -> str:
    inside = getattr(part, "selection_set", None)
    if inside is None:
        return print_ast(part)
    return f"{print_ast(with_parts(part, selection_set=SelectionSetNode(selections=())))} {{ {_in_order(inside)} }}"
