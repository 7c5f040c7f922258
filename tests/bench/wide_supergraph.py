"""Wide federations, made from a seed: many subgraphs, many types, and everything that makes planning hard.

Entities are held by one to many subgraphs, under one key everywhere, several keys, a chain of keys (neighbours share
one) or a circle of them (each holder is entered by one key and tells the next). Around them stand fields that several
holders share, value types that many subgraphs have, value types split between two, interfaces and unions of entities,
`@requires` and `@provides`. What is made composes by construction: every entity can be left for all of its holders.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field

from gateway.federation.composition.checks.check import check
from gateway.federation.composition.errors import refuse_any
from gateway.federation.composition.merging.merge import merge
from gateway.federation.composition.printing.print import print_supergraph
from gateway.federation.composition.read import read_subgraphs
from gateway.federation.composition.subgraph import Source

_HEAD = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: [
  "@key" "@shareable" "@external" "@requires" "@provides"
])
"""
_SCALARS = ("String", "Int", "Float", "Boolean", "ID")


@dataclass(frozen=True)
class Shape:
    """How large a federation is; the composite types are divided among kinds in fixed parts."""

    subgraphs: int = 100
    types: int = 2_000
    seed: int = 1


@dataclass
class _Type:
    """A type in one subgraph."""

    keyword: str = "type"
    keys: dict[str, bool] = field(default_factory=dict)
    """Key to resolvable."""
    implements: dict[str, None] = field(default_factory=dict)
    members: dict[str, None] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    """Name to what follows it."""

    def text(self, name: str) -> str:
        if self.members:
            return f"union {name} = {' | '.join(self.members)}\n"
        head = f"{self.keyword} {name}"
        if self.implements:
            head += " implements " + " & ".join(self.implements)
        for key, resolvable in self.keys.items():
            head += f' @key(fields: "{key}"' + ("" if resolvable else ", resolvable: false") + ")"
        return head + " {\n" + "".join(f"  {known}{rest}\n" for known, rest in self.fields.items()) + "}\n"


@dataclass(frozen=True)
class _Entity:
    name: str
    holders: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    """The keys of each holder, in the order of the holders."""
    told: tuple[tuple[str, ...], ...]
    """The key fields that each holder tells besides its own."""


class _Federation:
    def __init__(self, shape: Shape) -> None:
        self.random = random.Random(shape.seed)
        self.subgraphs = [f"s{number:02}" for number in range(shape.subgraphs)]
        self.types: dict[str, dict[str, _Type]] = {name: defaultdict(_Type) for name in self.subgraphs}
        self.abstract = shape.types // 20
        concrete = (shape.types - 2 * self.abstract) // 2
        self.entities = [self._entity(f"E{number}") for number in range(concrete)]
        self.held: dict[str, list[_Entity]] = defaultdict(list)
        for entity in self.entities:
            for holder in entity.holders:
                self.held[holder].append(entity)
        self.values = [f"V{number}" for number in range(concrete)]
        self.homes: dict[str, dict[str, None]] = {value: {} for value in self.values}

    def make(self) -> dict[str, str]:
        for entity in self.entities:
            self._fields(entity)
            self._roots(entity)
        for number in range(self.abstract):
            self._interface(number)
            self._union(number)
        for entity in self.entities:
            self._references(entity)
            self._requirement(entity)
        for place, value in enumerate(self.values):
            self._value_type(place, value)
        return {
            name: _HEAD + "".join(known.text(type_name) for type_name, known in types.items())
            for name, types in self.types.items()
        }

    # --- entities -----------------------------------------------------------------------------------------------

    def _entity(self, name: str) -> _Entity:
        low, high = self.random.choices(((1, 3), (4, 8), (9, 20), (30, 60)), (60, 25, 11, 4))[0]
        count = min(self.random.randint(low, high), len(self.subgraphs))
        holders = tuple(self.random.sample(self.subgraphs, count))
        style = self.random.choice((self._one_key, self._several_keys, self._chain, self._circle))
        keys, told = zip(*(style(place, count) for place in range(count)), strict=True)
        return _Entity(name, holders, keys, told)

    def _one_key(self, place: int, count: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return ("id",), ()

    def _several_keys(self, place: int, count: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        others = ("code", "kind serial", "ref { id }")
        return ("id", *self.random.sample(others, self.random.randint(0, 2))), ()

    def _chain(self, place: int, count: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        link = place % 8
        return ("k0",) if link == 0 else (f"k{link - 1}", f"k{link}"), ()

    def _circle(self, place: int, count: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        length = min(6, count)
        return (f"k{place % length}",), (f"k{(place + 1) % length}",)

    def _fields(self, entity: _Entity) -> None:
        for place, holder in enumerate(entity.holders):
            known = self.types[holder][entity.name]
            for key in entity.keys[place]:
                self._key(holder, known, key, resolvable=True)
            for name in entity.told[place]:
                known.fields.setdefault(name, ": ID! @shareable")
            known.fields[f"f{place}"] = ": String"
            for number in range(self.random.randint(0, 4)):
                arguments = "(format: String)" if self.random.random() < 0.1 else ""
                name = f"{entity.name.lower()}f{place}_{number}"
                known.fields[name] = f"{arguments}: {self.random.choice(_SCALARS)}"
            if place == 0 and self.random.random() < 0.2:
                known.fields["amount"] = self.random.choice((": Int", ": Float", ": [Int!]!"))
            if place == 0 or self.random.random() < 0.4:
                known.fields["shared"] = ": String @shareable"

    def _key(self, holder: str, known: _Type, key: str, resolvable: bool) -> None:
        known.keys.setdefault(key, resolvable)
        if key == "ref { id }":
            known.fields.setdefault("ref", ": Ref @shareable")
            self.types[holder]["Ref"].fields["id"] = ": ID! @shareable"
            return
        for name in key.split():
            known.fields.setdefault(name, ": ID! @shareable")

    def _roots(self, entity: _Entity) -> None:
        name = entity.name.lower()
        asked = entity.holders[0]
        self.types[asked]["Query"].fields[name] = f"(id: ID!): {entity.name}"
        if self.random.random() < 0.3:
            self.types[asked]["Query"].fields[f"{name}s"] = f"(first: Int): [{entity.name}!]"
        if self.random.random() < 0.1:
            for holder in entity.holders[:4]:
                self.types[holder]["Query"].fields[f"any_{name}"] = f": {entity.name} @shareable"

    # --- abstract types -----------------------------------------------------------------------------------------

    def _interface(self, number: int) -> None:
        """An interface of entities, each of which implements it in some of its holders."""
        name, label, extra = f"I{number}", f"label{number}", f"extra{number}"
        chosen = self.random.sample(self.entities, self.random.randint(2, min(40, len(self.entities))))
        for entity in chosen:
            others = [holder for holder in entity.holders[1:] if self.random.random() < 0.3]
            for holder in (entity.holders[0], *others):
                interface = self.types[holder][name]
                interface.keyword = "interface"
                interface.fields[label] = ": String"
                known = self.types[holder][entity.name]
                known.implements[name] = None
                known.fields[label] = ": String @shareable"
        widest = chosen[0].holders[0]
        self.types[widest][name].fields[extra] = ": Int"
        for entity in chosen:
            known = self.types[widest].get(entity.name)
            here = widest if known is not None and name in known.implements else entity.holders[-1]
            self.types[here][entity.name].fields[extra] = ": Int @shareable"
        for holder in {entity.holders[0]: None for entity in chosen[:3]}:
            self._point(holder, f"node{number}_{holder}", name)

    def _union(self, number: int) -> None:
        """A union of the entities that one subgraph holds, in that subgraph."""
        holder = self.random.choice(self.subgraphs)
        if len(self.held[holder]) > 1:
            count = self.random.randint(2, min(8, len(self.held[holder])))
            self.types[holder][f"U{number}"].members = {
                entity.name: None for entity in self.random.sample(self.held[holder], count)
            }
            self._point(holder, f"pick{number}", f"U{number}")

    def _point(self, holder: str, name: str, target: str) -> None:
        """A field of the type on one of the subgraph's entities, and at its root."""
        self.types[holder][self.random.choice(self.held[holder]).name].fields[name] = f": {target}"
        self.types[holder]["Query"].fields[name] = f": [{target}]"

    # --- between entities ---------------------------------------------------------------------------------------

    def _references(self, entity: _Entity) -> None:
        for place, holder in enumerate(entity.holders):
            for number in range(self.random.choices((0, 1, 2), (40, 45, 15))[0]):
                other = self.random.choice(self.entities)
                field_name, listed = f"{entity.name.lower()}r{place}_{number}", self.random.random() < 0.4
                target = f"[{other.name}!]" if listed else other.name
                provided = self._know(holder, other)
                self.types[holder][entity.name].fields[field_name] = f": {target}{provided}"
            if self.random.random() < 0.5:
                value = self.random.choice(self.values)
                self.homes[value][holder] = None
                self.types[holder][entity.name].fields[f"{entity.name.lower()}v{place}"] = f": {value}"
        if len(entity.holders) > 1 and self.random.random() < 0.2:
            self._split(entity)

    def _know(self, holder: str, other: _Entity) -> str:
        """Declares another entity in a subgraph by one of its keys, if it is not held there; what is provided of it."""
        if holder in other.holders:
            return ""
        known = self.types[holder][other.name]
        if not known.keys:
            self._key(holder, known, self.random.choice(self.random.choice(other.keys)), resolvable=False)
        if self.random.random() < 0.15 and known.fields.get("shared", ": String @external") == ": String @external":
            known.fields["shared"] = ": String @external"
            return ' @provides(fields: "shared")'
        return ' @provides(fields: "shared")' if "shared" in known.fields else ""

    def _split(self, entity: _Entity) -> None:
        """A value type of which two holders know a part each."""
        name = f"{entity.name}Parts"
        for holder in entity.holders[:2]:
            self.types[holder][entity.name].fields["parts"] = f": {name} @shareable"
            self.types[holder][name].fields["whole"] = ": String @shareable"
            self.types[holder][name].fields[f"of_{holder}"] = ": String"

    def _requirement(self, entity: _Entity) -> None:
        lacking = [holder for holder in entity.holders if "shared" not in self.types[holder][entity.name].fields]
        if lacking and self.random.random() < 0.3:
            fields = self.types[lacking[0]][entity.name].fields
            fields["shared"] = ": String @external"
            fields["computed"] = ': Int @requires(fields: "shared")'

    def _value_type(self, place: int, name: str) -> None:
        """A value type that all its homes know alike; now and then with another inside."""
        fields = {f"p{number}": f": {self.random.choice(_SCALARS)}" for number in range(self.random.randint(2, 6))}
        homes = self.homes[name] or {self.random.choice(self.subgraphs): None}
        if place + 1 < len(self.values) and self.random.random() < 0.4:
            inner = self.values[self.random.randrange(place + 1, len(self.values))]
            fields["inner"] = f": {inner}"
            self.homes[inner].update(homes)
        for home in homes:
            known = self.types[home][name]
            for field_name, rest in fields.items():
                known.fields[field_name] = rest + " @shareable"
            self.types[home]["Query"].fields.setdefault(f"{name.lower()}_{home}", f": {name}")


def wide_subgraphs(shape: Shape) -> dict[str, str]:
    """The subgraphs' SDL by name; equal for equal shapes."""
    return _Federation(shape).make()


def wide_supergraph(shape: Shape) -> str:
    """The supergraph SDL of `wide_subgraphs`: composed, less the proof that every query can be answered, for they are
    made so that it can."""
    sources = [Source(name, sdl) for name, sdl in wide_subgraphs(shape).items()]
    subgraphs, unread = read_subgraphs(sources)
    refuse_any(unread)
    merged = merge(subgraphs)
    refuse_any([*merged.merging.issues, *check(merged)])
    return print_supergraph(merged)
