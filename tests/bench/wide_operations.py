"""Operations over any supergraph, made from a seed: realistic ones, and hostile ones by family.

All are valid against the API schema and within the default bounds on documents, so what bounds them is the planner.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_composite_type,
    is_required_argument,
)

Composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType


@dataclass(eq=False)
class _Writer:
    """Writes selections over a schema. `left`: fields that may still be written."""

    schema: GraphQLSchema
    random: random.Random
    left: int

    def realistic(self) -> str:
        root = self.schema.query_type
        assert root is not None
        parts: list[str] = []
        while self.left > 0:
            name, field = self.random.choice([(n, f) for n, f in root.fields.items() if leads_on(f)])
            parts.append(f"q{len(parts)}: {self._field(name, field, self.random.randint(2, 5))}")
        return "{ " + " ".join(parts) + " }"

    def _field(self, name: str, field: GraphQLField, depth: int) -> str:
        self.left -= 1
        text = name + arguments(field)
        named = get_named_type(field.type)
        return text + self.selection(named, depth) if is_composite_type(named) else text

    def selection(self, of: Composite, depth: int) -> str:
        if isinstance(of, GraphQLObjectType):
            return "{ " + " ".join(self._fields(of, depth) or ["__typename"]) + " }"
        possible = sorted(self.schema.get_possible_types(of), key=lambda known: known.name)
        parts = ["__typename"]
        if isinstance(of, GraphQLInterfaceType):
            parts += self._fields(of, 0)
        for one in self.random.sample(possible, min(len(possible), self.random.randint(1, 3))):
            inner = [keyed(one, self.schema, text) for text in self._fields(one, depth)] or ["__typename"]
            parts.append(f"... on {one.name} " + "{ " + " ".join(inner) + " }")
        return "{ " + " ".join(parts) + " }"

    def _fields(self, of: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> list[str]:
        leaves = [(name, field) for name, field in of.fields.items() if not leads_on(field)]
        deeper = [(name, field) for name, field in of.fields.items() if leads_on(field)] if depth > 0 else []
        chosen = self.random.sample(leaves, min(len(leaves), self.random.randint(2, 8)))
        chosen += self.random.sample(deeper, min(len(deeper), self.random.randint(1, 2)))
        return [self._field(name, field, depth - 1) for name, field in chosen if self.left > 0]


def leads_on(field: GraphQLField) -> bool:
    """Is the field's value composite?"""
    return is_composite_type(get_named_type(field.type))


def keyed(of: GraphQLObjectType, schema: GraphQLSchema, text: str) -> str:
    """A field's text, under an alias where fields of that name differ in type: it may stand beside another type's."""
    name = text.split("(")[0].split()[0]
    return f"{of.name}_{name}: {text}" if name in _clashing(schema) and name != "__typename" else text


@cache
def _clashing(schema: GraphQLSchema) -> frozenset[str]:
    types: dict[str, set[str]] = defaultdict(set)
    for known in schema.type_map.values():
        if isinstance(known, GraphQLObjectType):
            for name, field in known.fields.items():
                types[name].add(str(field.type))
    return frozenset(name for name, found in types.items() if len(found) > 1)


def arguments(field: GraphQLField, value: str = '"1"') -> str:
    """The arguments that must be written."""
    needed = [name for name, argument in field.args.items() if is_required_argument(argument)]
    return "(" + ", ".join(f"{name}: {value}" for name in needed) + ")" if needed else ""


def realistic(schema: GraphQLSchema, seed: int) -> str:
    """An operation such as front ends send: 20 to 200 fields, 3 to 6 levels."""
    chosen = random.Random(seed)
    return _Writer(schema, chosen, chosen.randint(20, 200)).realistic()


# --- hostile ones ---------------------------------------------------------------------------------------------------


def deep(schema: GraphQLSchema, seed: int) -> str:
    """As deep as documents may be, with a few leaves at each level."""
    chosen = random.Random(seed)
    at: Composite | None = schema.query_type
    opened, text = 0, ""
    while at is not None and opened < 98:
        if not isinstance(at, GraphQLObjectType):
            at = chosen.choice(sorted(schema.get_possible_types(at), key=lambda known: known.name))
            text, opened = text + "{ ... on " + at.name, opened + 1
        steps = [(name, field) for name, field in at.fields.items() if leads_on(field)]
        onward = [(n, f) for n, f in steps if _goes_on(get_named_type(f.type))] or steps
        leaves = " ".join(n + arguments(f) for n, f in at.fields.items() if not leads_on(f) and chosen.random() < 0.3)
        if not onward:
            break
        name, field = chosen.choice(onward)
        text, opened = text + "{ __typename " + leaves + f" {name}{arguments(field)} ", opened + 1
        at = get_named_type(field.type)
    return text + "{ __typename }" + " }" * opened


def _goes_on(named: Composite) -> bool:
    return not isinstance(named, GraphQLObjectType) or sum(map(leads_on, named.fields.values())) > 1


def wide(schema: GraphQLSchema, seed: int) -> str:
    """Every field of everything, level by level, until the document is full."""
    return "{ " + " ".join(islice(_everything(schema, random.Random(seed)), 60)) + " }"


def _everything(schema: GraphQLSchema, chosen: random.Random) -> Iterator[str]:
    roots = [(n, f) for n, f in _query(schema).fields.items() if leads_on(f)]
    chosen.shuffle(roots)
    left = 6_000
    for name, field in roots:
        text, used = _all_of(schema, get_named_type(field.type), 2, left)
        left -= used
        if left <= 0:
            return
        yield f"{name}{arguments(field)} {text}"


def _all_of(schema: GraphQLSchema, of: Composite, depth: int, left: int) -> tuple[str, int]:
    """Every field of the type, this deep; and how many those are."""
    if not isinstance(of, GraphQLObjectType):
        parts, used = ["__typename"], 1
        for one in sorted(schema.get_possible_types(of), key=lambda known: known.name):
            inner, more = _fields_of(schema, one, depth - 1, left - used)
            text = " ".join(keyed(one, schema, known) for known in inner)
            parts, used = [*parts, f"... on {one.name} {{ {text} }}"], used + more
        return "{ " + " ".join(parts) + " }", used
    parts, used = _fields_of(schema, of, depth, left)
    return "{ " + " ".join(parts) + " }", used


def _fields_of(schema: GraphQLSchema, of: GraphQLObjectType, depth: int, left: int) -> tuple[list[str], int]:
    parts, used = ["__typename"], 1
    for name, field in of.fields.items():
        if used >= left:
            break
        if not leads_on(field):
            parts, used = [*parts, name + arguments(field)], used + 1
        elif depth > 0:
            text, more = _all_of(schema, get_named_type(field.type), depth - 1, left - used)
            parts, used = [*parts, f"{name}{arguments(field)} {text}"], used + more
    return parts, used


def aliases(schema: GraphQLSchema, seed: int) -> str:
    """One costly field again and again, each time with other arguments, so that none can be shared."""
    name, field = random.Random(seed).choice(_lists(schema))
    text, used = _all_of(schema, get_named_type(field.type), 1, 60)
    count = min(99, 5_000 // used)
    return "{ " + " ".join(f"a{n}: {name}(first: {n}) {text}" for n in range(count)) + " }"


def alias_tree(schema: GraphQLSchema, seed: int) -> str:
    """Aliases of composite fields under aliases of composite fields."""
    fields = [(n, f) for n, f in _query(schema).fields.items() if leads_on(f)]
    random.Random(seed).shuffle(fields)
    parts = []
    for number, (name, field) in enumerate(fields[:90]):
        inner, _ = _all_of(schema, get_named_type(field.type), 1, 25)
        parts.append(f"a{number}: {name}{arguments(field)} {inner} b{number}: {name}{arguments(field)} {inner}")
    return "{ " + " ".join(parts[:45]) + " }"


def fragment_bomb(schema: GraphQLSchema, seed: int) -> str:
    """Fragments that spread the next one twice: 2^n fields if each spread is opened."""
    name, field = _rich(schema, seed)
    on = get_named_type(field.type).name
    chain = [f"fragment F{n} on {on} {{ ...F{n + 1} x{n}: __typename ...F{n + 1} }}" for n in range(60)]
    return f"{{ {name}{arguments(field)} {{ ...F0 }} }} {' '.join(chain)} fragment F60 on {on} {{ __typename }}"


def condition_bomb(schema: GraphQLSchema, seed: int) -> str:
    """The same under conditions, each spread under another: 2^n sets of conditions."""
    name, field = _rich(schema, seed)
    on = get_named_type(field.type).name
    leaves = " ".join(n + arguments(f) for n, f in get_named_type(field.type).fields.items() if not leads_on(f))
    variables = ", ".join(f"$v{n}: Boolean!, $w{n}: Boolean!" for n in range(60))
    chain = " ".join(
        f"fragment F{n} on {on} {{ ...F{n + 1} @include(if: $v{n}) ...F{n + 1} @skip(if: $w{n}) }}" for n in range(60)
    )
    return f"query ({variables}) {{ {name}{arguments(field)} {{ ...F0 }} }} {chain} fragment F60 on {on} {{ {leaves} }}"


def conditioned(schema: GraphQLSchema, seed: int) -> str:
    """Every field of a rich entity, again and again, each time under a condition of its own."""
    name, field = _rich(schema, seed)
    inner, _ = _all_of(schema, get_named_type(field.type), 1, 50)
    count = 8
    variables = ", ".join(f"$v{n}: Boolean!" for n in range(count))
    parts = " ".join(f"... @include(if: $v{n}) {inner}" for n in range(count))
    return f"query ({variables}) {{ {name}{arguments(field)} {{ {parts} }} }}"


def shared_entities(schema: GraphQLSchema, seed: int) -> str:
    """Every leaf of the entities that most subgraphs hold, by way of each other where they meet."""
    chosen = sorted(
        ((n, f) for n, f in _query(schema).fields.items() if isinstance(get_named_type(f.type), GraphQLObjectType)),
        key=lambda known: -len(get_named_type(known[1].type).fields),
    )[seed % 10 :][:12]
    return (
        "{ "
        + " ".join(f"{n}{arguments(f)} {_all_of(schema, get_named_type(f.type), 1, 400)[0]}" for n, f in chosen)
        + " }"
    )


def abstract(schema: GraphQLSchema, seed: int) -> str:
    """Fields of interfaces with many implementations, fragments on each, twice over."""
    fields = [
        (n, f) for n, f in _query(schema).fields.items() if isinstance(get_named_type(f.type), GraphQLInterfaceType)
    ]
    random.Random(seed).shuffle(fields)
    return "{ " + " ".join(f"{n} {_all_of(schema, get_named_type(f.type), 2, 1_500)[0]}" for n, f in fields[:4]) + " }"


def types_times_fields(schema: GraphQLSchema, seed: int) -> str:
    """Thousands of selections under one interface, each to be looked at for each implementation."""
    fields = [
        (n, f) for n, f in _query(schema).fields.items() if isinstance(get_named_type(f.type), GraphQLInterfaceType)
    ]
    name, field = random.Random(seed).choice(
        sorted(fields, key=lambda known: -len(schema.get_possible_types(get_named_type(known[1].type))))[:10]
    )
    of = get_named_type(field.type)
    inner, _ = _all_of(schema, of, 1, 900)
    return f"{{ {name} {{ " + " ".join(f"... on {of.name} {inner}" for _ in range(2)) + " } }"


def _query(schema: GraphQLSchema) -> GraphQLObjectType:
    assert schema.query_type is not None
    return schema.query_type


def _lists(schema: GraphQLSchema) -> list[tuple[str, GraphQLField]]:
    found = [(name, field) for name, field in _query(schema).fields.items() if "first" in field.args]
    return sorted(found, key=lambda known: -len(get_named_type(known[1].type).fields))[:10]


def _rich(schema: GraphQLSchema, seed: int) -> tuple[str, GraphQLField]:
    return random.Random(seed).choice(_lists(schema))


HOSTILE: Mapping[str, Callable[[GraphQLSchema, int], str]] = {
    made.__name__: made
    for made in (
        deep, wide, aliases, alias_tree, fragment_bomb, condition_bomb, conditioned, shared_entities, abstract,
        types_times_fields,
    )
}  # fmt: skip
"""Families by name: (API schema, seed) -> operation."""
