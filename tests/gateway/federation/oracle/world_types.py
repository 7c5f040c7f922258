"""The types of random subgraphs: entities and their keys, value types, interfaces, unions, interface objects.

Every entity has keys that lead from any of its subgraphs to any other, each abstract type has its members where it is,
and what a subgraph refers to is put there (`_have`), as a stub or a whole value type.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .choices import Choices
from .drafts import FieldDraft, SubgraphDraft

ENTITIES = ("Ant", "Bee", "Cat", "Dog")
VALUES = ("Box", "Pin")
SPOT = {"row": "Int!", "col": "Int"}
LEAVES = ("Int", "String", "Tint", "ID", "Boolean", "Float")
WRAPPINGS = ("{}", "{}!", "[{}]", "[{}!]", "[{}!]!", "[[{}]]")
KEYS: dict[str, dict[str, str]] = {
    "id": {"id": "ID!"},
    "code": {"code": "String!"},
    "left right": {"left": "Int!", "right": "String"},
    "spot { row col }": {"spot": "Spot!"},
}
"""The keys that entities may have, each with the fields that it needs."""


@dataclass(eq=False)
class Entity:
    """An entity: the keys that each of its subgraphs has."""

    name: str
    keys: list[str]
    at: dict[str, list[str]] = field(default_factory=dict)


@dataclass(eq=False)
class Abstract:
    """An interface or union: its members in each subgraph."""

    name: str
    at: dict[str, list[str]]

    @property
    def members(self) -> list[str]:
        return sorted({member for members in self.at.values() for member in members})


class Types:
    """See the module."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        names = ("a", "b", "c", "d", "e")[: choices.count(2, 5)]
        self.graphs = {name: SubgraphDraft(name) for name in names}
        self.entities: dict[str, Entity] = {}
        self.values: dict[str, list[FieldDraft]] = {"Spot": [FieldDraft(*part) for part in SPOT.items()]}
        self.interfaces: dict[str, Abstract] = {}
        self.unions: dict[str, Abstract] = {}
        self.objects: dict[str, set[str]] = {}
        """Interface -> the subgraphs that have it as an object."""
        self.locked: set[tuple[str, str]] = set()
        """Fields of keys and of interfaces: they stay as they are."""
        self.keyed: set[tuple[str, str]] = set()

    # --- what there is ----------------------------------------------------------------------------------------------

    def _entities(self) -> None:
        for name in ENTITIES[: self.choices.count(1, len(ENTITIES))]:
            keys = ["id", *self.choices.some([*list(KEYS)[1:], *self._nested_keys()], 0, 2)]
            entity = self.entities[name] = Entity(name, keys)
            homes = self.choices.some(list(self.graphs), 1, 4)
            hub = self.choices.one(homes)
            for graph in homes:
                entity.at[graph] = list(keys) if graph == hub else self.choices.some(keys, 1)
                self._enter(graph, name, entity.at[graph])

    def _nested_keys(self) -> list[str]:
        """Keys through an entity there is already, by which it is known everywhere."""
        return [f"boss{name} {{ id }}" for name in self.entities]

    def _enter(self, graph: str, name: str, keys: Sequence[str]) -> None:
        """Puts an entity into a subgraph, with some of its keys."""
        draft = self.graphs[graph].type(name)
        for key in keys:
            for part, part_type in self._key_fields(key).items():
                draft.add(FieldDraft(part, part_type))
                self.locked.add((name, part))
                self.keyed.add((name, part))
                if part_type.strip("!") in self.entities:
                    self._enter(graph, part_type.strip("!"), ["id"])
                self._have(graph, part_type.strip("!"))
            draft.keys[key] = True

    def _key_fields(self, key: str) -> dict[str, str]:
        if key in KEYS:
            return KEYS[key]
        part = key.split()[0]
        return {part: f"{part.removeprefix('boss')}!"}

    def _values(self) -> None:
        for name in reversed(VALUES[: self.choices.count(0, len(VALUES))]):
            fields = [FieldDraft(part, self._leaf()) for part in ("w", "h", "x")[: self.choices.count(1, 3)]]
            inner = [*self.entities, *(value for value in self.values if value != "Spot")]
            if self.choices.chance(40):
                fields.append(FieldDraft("inner", self._wrapped(self.choices.one(inner))))
            self.values[name] = fields

    def _interfaces(self) -> None:
        for name in ("Named", "Media")[: self.choices.count(0, 2)]:
            members = self.choices.some(list(self.entities), 1, 3)
            as_object = self._object_home(members) if self.choices.chance(50) else None
            homes = [graph for graph in self.choices.some(list(self.graphs), 1, 3) if graph != as_object]
            at = {graph: self.choices.some(self._allowed(graph, members), 1) for graph in homes}
            if as_object is not None:
                whole = self.choices.one([graph for graph in self.graphs if graph != as_object])
                at[whole] = self._allowed(whole, members)
            at = {graph: found for graph, found in at.items() if found}
            if not at:
                continue
            self.interfaces[name] = abstract = Abstract(name, at)
            self._interface(abstract)
            if as_object is not None and at.get(whole) == abstract.members:
                self._interface_object(abstract, whole, as_object)

    def _allowed(self, graph: str, members: Sequence[str]) -> list[str]:
        return [name for name in members if self._can_have(graph, name)]

    def _object_home(self, members: Sequence[str]) -> str | None:
        """A subgraph that has none of the members, to have their interface as an object."""
        free = [graph for graph in self.graphs if not any(name in self.graphs[graph].types for name in members)]
        return self.choices.one(free) if free else None

    def _interface(self, abstract: Abstract) -> None:
        declared = {f"{abstract.name.lower()}{part}": self._interface_type(abstract) for part in "AB"}
        for common in list(declared)[: self.choices.count(1, 2)]:
            homes = self.choices.some(list(abstract.at), 1)
            for graph, members in abstract.at.items():
                for name in members:
                    self._have(graph, name)
                    self.graphs[graph].type(name).interfaces.add(abstract.name)
                ids = all("id" in self.graphs[graph].types[name].fields for name in members)
                interface = self.graphs[graph].type(abstract.name, "interface")
                if ids:
                    interface.add(FieldDraft("id", "ID!"))
                if graph in homes or not interface.fields:
                    interface.add(FieldDraft(common, declared[common]))
                    for name in members:
                        self._common(graph, name, common, declared[common])
            for name in abstract.members:
                home = next(graph for graph, members in abstract.at.items() if name in members)
                if not self._resolvers(name, common):
                    self._common(home, name, common, declared[common])

    def _interface_type(self, abstract: Abstract) -> str:
        return self._wrapped(abstract.name) if self.choices.chance(20) else self._leaf()

    def _common(self, graph: str, name: str, common: str, declared: str) -> None:
        """A field of the interface on one of its types, there perhaps never null."""
        known = self._resolvers(name, common)
        field_type = known[0][1].type if known else declared
        if not known and not declared.endswith("!") and self.choices.chance(25):
            field_type += "!"
        if field_type.strip("[]!") in self.interfaces and field_type.strip("[]!") not in self.graphs[graph].types:
            return
        self.graphs[graph].type(name).add(FieldDraft(common, field_type, shareable=True))
        self.locked.add((name, common))

    def _interface_object(self, abstract: Abstract, whole: str, home: str) -> None:
        self.graphs[whole].types[abstract.name].keys["id"] = True
        self.graphs[whole].types[abstract.name].add(FieldDraft("id", "ID!"))
        for name in abstract.members:
            self._enter(whole, name, ["id"])
        self.graphs[home].banned |= {abstract.name, *abstract.members}
        draft = self.graphs[home].type(abstract.name)
        draft.marks = " @interfaceObject"
        draft.keys["id"] = True
        draft.add(FieldDraft("id", "ID!"))
        self.objects.setdefault(abstract.name, set()).add(home)

    def _unions(self) -> None:
        if not self.choices.chance(50):
            return
        at: dict[str, list[str]] = {}
        members = [*self.entities, *(value for value in self.values if value != "Spot")]
        for graph in self.choices.some(list(self.graphs), 1, 3):
            found = self.choices.some(self._allowed(graph, members), 1)
            for name in found:
                self._have(graph, name)
            if found:
                self.graphs[graph].type("Found", "union").members.update(found)
                at[graph] = found
        if at:
            self.unions["Found"] = Abstract("Found", at)

    # --- having types in subgraphs ------------------------------------------------------------------------------------

    def _can_have(self, graph: str, name: str, above: frozenset[str] = frozenset()) -> bool:
        if name in LEAVES or name in self.graphs[graph].types or name in above:
            return True
        if name in self.graphs[graph].banned:
            return False
        if name in self.values:
            return all(self._can_have(graph, part.named, above | {name}) for part in self.values[name])
        if name not in self.entities:
            return False
        return any(self._can_have_key(graph, key, above | {name}) for key in self.entities[name].keys)

    def _can_have_key(self, graph: str, key: str, above: frozenset[str]) -> bool:
        return all(self._can_have(graph, part.strip("!"), above) for part in self._key_fields(key).values())

    def _have(self, graph: str, name: str) -> None:
        """Puts a type into a subgraph that can have it: a value type whole, an entity with one of its keys."""
        known = self.graphs[graph].types
        if name in LEAVES or name in known:
            return
        if name in self.values:
            draft = self.graphs[graph].type(name)
            draft.marks = " @shareable"
            parts = self.values[name]
            if name != "Spot" and len(parts) > 1 and self.choices.chance(6):
                parts = parts[:-1]
            for part in parts:
                draft.add(FieldDraft(part.name, part.type))
                self._have(graph, part.named)
        elif name in self.entities:
            keys = [key for key in self.entities[name].keys if self._can_have_key(graph, key, frozenset((name,)))]
            self._enter(graph, name, [self.choices.one(keys)])

    def _leaf(self) -> str:
        wrapping = "{}" if not self.choices.chance(40) else self.choices.one(WRAPPINGS)
        return wrapping.format(self.choices.one(LEAVES))

    def _wrapped(self, name: str) -> str:
        return self.choices.one(("{}", "[{}]", "[{}!]!", "{}!", "[[{}]]")).format(name)

    def _resolvers(self, owner: str, name: str) -> list[tuple[str, FieldDraft]]:
        """The subgraphs that resolve a field, with how."""
        found = []
        for graph, draft in self.graphs.items():
            known = draft.types.get(owner)
            if known is not None and name in known.fields and not known.fields[name].external:
                found.append((graph, known.fields[name]))
        return found
