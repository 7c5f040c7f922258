"""Whoever reads a schema finds the Spanish legal term beside every name in it."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLObjectType, GraphQLSchema, is_specified_scalar_type

from subgraphs.common.server import INSTITUTIONS

_FEDERATION = ("_entities", "_service")


def undescribed(schema: GraphQLSchema) -> Iterator[str]:
    """The coordinates without a description, but for those of the federation's own and of introspection."""
    for name, type_ in schema.type_map.items():
        if "__" in name or name.startswith("_") or is_specified_scalar_type(type_):
            continue
        if not type_.description:
            yield name
        yield from (f"{name}.{member}" for member, node in _members(type_) if not node.description)


def _members(type_: object) -> Iterator[tuple[str, Any]]:
    if isinstance(type_, GraphQLEnumType):
        yield from type_.values.items()
    if not isinstance(type_, GraphQLObjectType | GraphQLInputObjectType):
        return
    for name, field in type_.fields.items():
        if name not in _FEDERATION:
            yield name, field
            yield from ((f"{name}({given}:)", argument) for given, argument in getattr(field, "args", {}).items())


@pytest.mark.parametrize("institution", INSTITUTIONS)
def test_every_type_field_argument_and_value_is_described_in_spanish(institution: str) -> None:
    schema = importlib.import_module(f"subgraphs.{institution}.schema").schema._schema
    assert list(undescribed(schema)) == []
    english = [name for name, type_ in schema.type_map.items() if "isoformat" in (type_.description or "")]
    assert english == []
