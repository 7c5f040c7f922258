"""Two schemas -> every change between them: the rules, one a file, each of which reports and changes nothing.

The promise, which the tests hold: where no change is breaking, every operation that is valid in the old schema is valid
in the new one. One exception is left, since every stricter field would be suspected for it: fields of different types
and names that an alias gives one response key, of which only one has become stricter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from graphql import GraphQLSchema

from gateway.federation.schema_changes.abstract_types import abstract_types
from gateway.federation.schema_changes.change import Change
from gateway.federation.schema_changes.directives import directives
from gateway.federation.schema_changes.enum_values import enum_values
from gateway.federation.schema_changes.fields import fields
from gateway.federation.schema_changes.inputs import inputs
from gateway.federation.schema_changes.notes import notes
from gateway.federation.schema_changes.roots import roots
from gateway.federation.schema_changes.types import types

RULES: tuple[Callable[[GraphQLSchema, GraphQLSchema], Iterator[Change]], ...] = (
    roots,
    types,
    fields,
    inputs,
    enum_values,
    abstract_types,
    directives,
    notes,
)


def compare(old: GraphQLSchema, new: GraphQLSchema) -> list[Change]:
    """Every change, by coordinate."""
    found = (change for rule in RULES for change in rule(old, new))
    return sorted(found, key=lambda change: (change.coordinate, change.code, change.message))
