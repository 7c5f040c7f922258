"""Random data for a world of any schema: shared records, cycles, nulls wherever every subgraph allows them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLObjectType,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
)
from hypothesis import strategies as st
from hypothesis.errors import UnsatisfiedAssumption
from world_kit import World

from .choices import Choices

POOLS: dict[str, tuple[Any, ...]] = {
    "Int": (0, 1, 7, -2),
    "Float": (0.5, 1.0, -2.25),
    "String": ("", "s", 'ñ"\\'),
    "ID": ("1", "2", "ant1"),
    "Boolean": (False, True),
}
_FIELD_SETS = re.compile(r"@(?:key|requires|provides)\(fields: \"((?:[^\"\\]|\\.)*)\"")


@st.composite
def records(draw: Callable[[st.SearchStrategy[Any]], Any], world: World) -> dict[str, Any]:
    """Data by record name, for the world's schema; a field is null only where that is no error."""
    return Records(Choices(draw), world).all()


class Records:
    """See `records`. Raises `UnsatisfiedAssumption` where a value is wanted that cannot be."""

    def __init__(self, choices: Choices, world: World) -> None:
        self.choices = choices
        self.world = world
        self.types = world.supergraph.schema.type_map
        self.count = choices.count(1, 3)
        self.shift = choices.count(0, 2)
        self.used = {
            name
            for sdl in world.sdls.values()
            for fields in _FIELD_SETS.findall(sdl)
            for name in re.findall(r"\w+", fields)
        }
        """Names in field sets: what subgraphs fetch though no client asked."""
        self.faults = 1 if choices.chance(15) else 0
        """How many nulls there may be where none is allowed."""

    def all(self) -> dict[str, Any]:
        schema = self.world.supergraph.schema
        roots = [root for root in (schema.query_type, schema.mutation_type) if root]
        data = {root.name: self._record(root, 0) for root in roots}
        for name in self._entities:
            for number in range(self.count):
                record = self._record(self.types[name], number)
                data[f"{name.lower()}{number}"] = {"__typename": name, **record}
        return data

    @cached_property
    def _entities(self) -> list[str]:
        keyed = {name for subgraph in self.world.subgraphs.values() for name in (*subgraph.keys, *subgraph.closed)}
        return sorted(name for name in keyed if isinstance(self.types[name], GraphQLObjectType))

    @cached_property
    def _unique(self) -> set[str]:
        """Entities that share their ids with others, by an interface that is an entity."""
        return {
            name
            for name in self._entities
            for interface in self.types[name].interfaces
            if any(interface.name in subgraph.keys for subgraph in self.world.subgraphs.values())
        }

    def _record(self, owner: Any, number: int) -> dict[str, Any]:
        return {name: self._field(owner, name, field, number) for name, field in owner.fields.items()}

    def _field(self, owner: Any, name: str, field: Any, number: int) -> Any:
        key = self._key(owner.name, name, number)
        if key is not None:
            return key[0]
        declared = list(self._declarations(owner, name))
        named = get_named_type(field.type)
        may_be_null = [all(levels) for levels in zip(*(_nullable(each) for _, each in declared), strict=True)]
        members = self._members(named, declared) if is_composite_type(named) else None
        if self._may_be_wrong(name, named, may_be_null, declared):
            self.faults -= 1
            return None
        if field.args and members and may_be_null[0] and not is_list_type(field.type):
            return [self._composite(members) for _ in range(self.choices.count(1, 3))]
        return self._value(named, members, may_be_null)

    def _may_be_wrong(self, name: str, named: Any, may_be_null: list[bool], declared: list[Any]) -> bool:
        """Null where it is an error. Not where a subgraph could lose more by it than the client asked for."""
        return (
            self.faults > 0
            and len(declared) == 1
            and not may_be_null[0]
            and not is_composite_type(named)
            and name not in self.used
            and self.choices.chance(50)
        )

    def _key(self, owner: str, name: str, number: int) -> list[Any] | None:
        """Key fields tell records apart, over all types of an interface that is an entity."""
        if owner not in self._entities:
            return None
        if name == "id":
            return [f"{owner.lower()}{number}" if owner in self._unique else str(number)]
        if name.startswith("boss"):
            return [f"{name.removeprefix('boss').lower()}{(number + self.shift) % self.count}"]
        right = self.choices.one((None, "r")) if name == "right" else None
        col = self.choices.one((None, 5)) if name == "spot" else None
        values = {"code": f"c{number}", "left": number, "right": right, "spot": {"row": number, "col": col}}
        return [values[name]] if name in values else None

    def _declarations(self, owner: Any, name: str) -> Iterator[tuple[Any, Any]]:
        """(subgraph, the field's type there) for all that may give the field's value."""
        owners = [owner.name, *(interface.name for interface in getattr(owner, "interfaces", ()))]
        for subgraph in self.world.subgraphs.values():
            for each in owners:
                rule = subgraph.rules.get((each, name))
                known = subgraph.schema.type_map.get(each)
                if rule is None or not isinstance(known, GraphQLObjectType):
                    continue
                if not rule.only_declared or name in self.used:
                    yield subgraph, known.fields[name].type

    def _members(self, named: Any, declared: list[tuple[Any, Any]]) -> list[str]:
        """The types that a value may have: those that all subgraphs know which may be asked for it. A gateway cannot
        know which of them a subgraph will return, so it asks only for what they share; one server knows them all."""
        found = set(self._possible(named.name))
        for subgraph, field_type in declared:
            there = get_named_type(field_type)
            names = subgraph.schema.get_possible_types(there) if is_abstract_type(there) else [there]
            found &= {possible for known in names for possible in self._possible(known.name)}
        return sorted(found)

    def _possible(self, name: str) -> list[str]:
        known = self.types[name]
        if is_abstract_type(known):
            return [possible.name for possible in self.world.supergraph.schema.get_possible_types(known)]
        return [name]

    def _value(self, named: Any, members: list[str] | None, may_be_null: list[bool]) -> Any:
        first, *inner = may_be_null
        if first and (members == [] or self.choices.chance(20)):
            return None
        if inner:
            least = 0 if members == [] or self.choices.chance(20) else 1
            most = 0 if members == [] and not inner[0] else 3
            return [self._value(named, members, inner) for _ in range(self.choices.count(least, most))]
        if members is None:
            pool = tuple(named.values) if isinstance(named, GraphQLEnumType) else POOLS[named.name]
            return self.choices.one(pool)
        if not members:
            raise UnsatisfiedAssumption  # a list of nothing but nulls that may not be null
        return self._composite(members)

    def _composite(self, members: list[str]) -> Any:
        name = self.choices.one(members)
        if name in self._entities:
            return f"{name.lower()}{self.choices.count(0, self.count - 1)}"
        if name == "Query":
            return name
        return {"__typename": name, **self._record(self.types[name], 0)}


def _nullable(field_type: Any) -> list[bool]:
    """For each level of lists, the outermost first, and the item: may it be null?"""
    levels = []
    while True:
        nullable = not is_non_null_type(field_type)
        field_type = field_type if nullable else field_type.of_type
        levels.append(nullable)
        if not is_list_type(field_type):
            return levels
        field_type = field_type.of_type
