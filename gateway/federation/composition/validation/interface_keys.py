"""INTERFACE_KEY_NOT_ON_IMPLEMENTATION: who has an interface's key must find every implementer by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from graphql import GraphQLError

from gateway.federation.composition.errors import Issue
from gateway.federation.composition.subgraph import Subgraph, TypeShape
from gateway.federation.supergraph.field_set import FieldSet, parse_field_set, print_field_set


def wrong_interface_keys(subgraph: Subgraph) -> Iterator[Issue]:
    """Implementers that lack a key of their interface, or have it unresolvable where the interface has it."""
    for shape in subgraph.types.values():
        if shape.kind != "interface":
            continue
        for wanted, resolvable in _keys(subgraph, shape).items():
            for name in subgraph.implementers.get(shape.name, ()):
                has = _keys(subgraph, subgraph.types[name])
                if wanted in has and (has[wanted] or not resolvable):
                    continue
                node = subgraph.types[name].node
                what = "has it as not resolvable" if wanted in has else "lacks it"
                key = print_field_set(wanted)
                message = f'{shape.name} has @key(fields: "{key}"), and {name} {what}: give {name} the same key.'
                yield subgraph.issue("INTERFACE_KEY_NOT_ON_IMPLEMENTATION", message, name, node)


def _keys(subgraph: Subgraph, shape: TypeShape) -> Mapping[FieldSet, bool]:
    """Each key, whatever the order of its fields, and whether it is resolvable."""
    found: dict[FieldSet, bool] = {}
    for arguments in subgraph.applied(shape.node, "key"):
        key = _parsed(arguments.get("fields"))
        if key:
            found[key] = found.get(key, False) or arguments.get("resolvable", True) is not False
    return found


def _parsed(text: Any) -> FieldSet:
    try:
        return _sorted(parse_field_set(text)) if isinstance(text, str) else ()
    except GraphQLError:
        return ()


def _sorted(selections: FieldSet) -> FieldSet:
    """The field set in one order, so that equal sets are equal."""
    parts = [replace(selection, selections=_sorted(selection.selections)) for selection in selections]
    return tuple(sorted(parts, key=lambda part: print_field_set((part,))))
