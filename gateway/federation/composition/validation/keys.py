"""`@key`: KEY_INVALID_FIELDS and its kin, KEY_FIELDS_HAS_ARGS, KEY_FIELDS_SELECT_INVALID_TYPE."""

from __future__ import annotations

from collections.abc import Iterator

from graphql.type import get_named_type, is_abstract_type

from gateway.federation.composition.errors import Issue
from gateway.federation.composition.subgraph import Subgraph
from gateway.federation.composition.validation.field_sets import SetField, check_field_set, field_sets

INTERFACE_KEYS_SINCE = (2, 3)


def wrong_keys(subgraph: Subgraph) -> Iterator[Issue]:
    """Keys that select what no key can."""
    for shape in subgraph.types.values():
        for given in field_sets(subgraph, "key", shape.node, shape.name, shape.name):
            if shape.kind == "interface" and subgraph.version < INTERFACE_KEYS_SINCE:
                yield given.issue(
                    "UNSUPPORTED_ON_INTERFACE", "an interface has keys since Federation 2.3: link that, or remove it."
                )
            else:
                yield from check_field_set(given, _with_arguments, _abstract)


def _abstract(field: SetField) -> Iterator[tuple[str, str]]:
    if is_abstract_type(get_named_type(field.definition.type)):
        yield "FIELDS_SELECT_INVALID_TYPE", f"{field.coordinate} is a union or interface: select another field."


def _with_arguments(field: SetField) -> Iterator[tuple[str, str]]:
    if field.definition.args:
        yield "FIELDS_HAS_ARGS", f"{field.coordinate} takes arguments, so it is no part of a key: select another."
