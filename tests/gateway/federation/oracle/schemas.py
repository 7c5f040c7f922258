"""Random subgraphs, built so that they nearly always compose.

Every entity has keys that lead from any of its subgraphs to any other, each abstract type has its members where it is,
and what a subgraph refers to is put there, as a stub or a whole value type.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from .choices import Choices
from .drafts import FieldDraft, SubgraphDraft, TypeDraft

ENTITIES = ("Ant", "Bee", "Cat", "Dog")
VALUES = ("Box", "Pin")
SPOT = {"row": "Int!", "col": "Int"}
LEAVES = ("Int", "String", "Tint", "ID", "Boolean", "Float")
WRAPPINGS = ("{}", "{}!", "[{}]", "[{}!]", "[{}!]!", "[[{}]]")
ARGUMENTS = ("n: Int", "n: Int = 3", "t: Tint!", 'w: [String!] = ["a"]', "f: Filter", "id: ID, n: Int! = 2")
LITERALS = {"n": ("1", "2"), "t": ("RED", "BLUE"), "w": ("[]", '["b", "c"]'), "f": ("{ least: 4 }",), "id": ('"1"',)}
DEFINED = {
    "Tint": "enum Tint {\n  RED\n  GREEN\n  BLUE\n}\n",
    "Filter": 'input Filter {\n  least: Int = 1\n  tints: [Tint!]\n  words: [String] = ["w"]\n}\n',
}
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


@st.composite
def schemas(draw: Callable[[st.SearchStrategy[Any]], Any]) -> dict[str, str]:
    """Subgraph SDLs by name."""
    return Writer(Choices(draw)).write()


class Writer:
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

    def write(self) -> dict[str, str]:
        self._entities()
        self._values()
        self._interfaces()
        self._unions()
        self._fields()
        self._roots("Query", 60)
        self._roots("Mutation", 15)
        self._overrides()
        self._computed()
        self._provided()
        self._hidden()
        self._stubs()
        return {name: self._printed(graph) for name, graph in self.graphs.items() if graph.types}

    def _printed(self, graph: SubgraphDraft) -> str:
        text = str(graph)
        for name, definition in reversed(DEFINED.items()):
            if f" {name}" in text or f"[{name}" in text:
                text += definition
        return text

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
            for part in self.values[name]:
                draft.add(FieldDraft(part.name, part.type))
                self._have(graph, part.named)
        elif name in self.entities:
            keys = [key for key in self.entities[name].keys if self._can_have_key(graph, key, frozenset((name,)))]
            self._enter(graph, name, [self.choices.one(keys)])

    # --- fields -------------------------------------------------------------------------------------------------------

    def _leaf(self) -> str:
        wrapping = "{}" if not self.choices.chance(40) else self.choices.one(WRAPPINGS)
        return wrapping.format(self.choices.one(LEAVES))

    def _wrapped(self, name: str) -> str:
        return self.choices.one(("{}", "[{}]", "[{}!]!", "{}!", "[[{}]]")).format(name)

    def _type_for(self, graphs: Sequence[str]) -> str:
        """A type that all the subgraphs may give."""
        composite = [
            name
            for name in (*self.entities, *self.values, *self.interfaces, *self.unions)
            if all(self._can_have(graph, name) for graph in graphs)
        ]
        if composite and self.choices.chance(55):
            return self._wrapped(self.choices.one(composite))
        return self._leaf()

    def _put(self, graphs: Sequence[str], owner: str, name: str, field_type: str, arguments: str = "") -> None:
        for graph in graphs:
            self._have(graph, field_type.strip("[]!"))
            own_type = field_type
            if len(graphs) > 1 and not field_type.endswith("!") and self.choices.chance(10):
                own_type += "!"
            shareable = len(graphs) > 1
            self.graphs[graph].type(owner).add(FieldDraft(name, own_type, arguments, shareable=shareable))

    def _arguments(self) -> str:
        return self.choices.one(ARGUMENTS) if self.choices.chance(30) else ""

    def _fields(self) -> None:
        for name, homes in self._owners().items():
            names = (f"{name.lower()}X", f"{name.lower()}Y") if name in self.objects else ("x", "y", "z")
            for part in names[: self.choices.count(1, 3)]:
                graphs = [self.choices.one(homes)]
                if self.choices.chance(25):
                    graphs = self.choices.some(homes, 1, 2)
                self._put(graphs, name, part, self._type_for(graphs), self._arguments())

    def _owners(self) -> dict[str, list[str]]:
        """Entities and interface objects, with the subgraphs that may add to them."""
        entities = {name: list(entity.at) for name, entity in self.entities.items()}
        return {**entities, **{name: sorted(homes) for name, homes in self.objects.items()}}

    def _roots(self, root: str, percent: int) -> None:
        count = 0
        for graph in self.graphs:
            first = graph == "a" and root == "Query"
            if not first and not self.choices.chance(percent):
                continue
            for _ in range(self.choices.count(1, 3)):
                graphs = [graph]
                if root == "Query" and self.choices.chance(20):
                    graphs = sorted({graph, self.choices.one(list(self.graphs))})
                count += 1
                name = f"{'q' if root == 'Query' else 'm'}{count}"
                arguments = "id: ID!" if self.choices.chance(20) else self._arguments()
                self._put(graphs, root, name, self._type_for(graphs), arguments)

    def _resolvers(self, owner: str, name: str) -> list[tuple[str, FieldDraft]]:
        """The subgraphs that resolve a field, with how."""
        found = []
        for graph, draft in self.graphs.items():
            known = draft.types.get(owner)
            if known is not None and name in known.fields and not known.fields[name].external:
                found.append((graph, known.fields[name]))
        return found

    # --- directives ---------------------------------------------------------------------------------------------------

    def _elsewhere(self, graph: str, owner: str) -> list[FieldDraft]:
        """Fields of a type that are plainly resolved, but not in the subgraph."""
        names = {part.name for draft in self.graphs.values() for part in self._fields_in(draft, owner)}
        here = {part.name for part in self._fields_in(self.graphs[graph], owner) if not part.external}
        found = []
        for name in sorted(names - here):
            resolvers = self._resolvers(owner, name)
            if resolvers and all(not each.provides and not each.override for _, each in resolvers):
                found.append(resolvers[0][1])
        return found

    def _fields_in(self, graph: SubgraphDraft, owner: str) -> list[FieldDraft]:
        return list(graph.types[owner].fields.values()) if owner in graph.types else []

    def _overrides(self) -> None:
        for name, entity in self.entities.items():
            if not self.choices.chance(25):
                continue
            taken = [
                (graph, part)
                for graph, draft in self.graphs.items()
                for part in self._fields_in(draft, name)
                if part.plain and not part.shareable and (name, part.name) not in self.locked
            ]
            if not taken:
                continue
            source, part = self.choices.one(taken)
            others = [graph for graph in entity.at if graph != source and self._can_have(graph, part.named)]
            if others:
                target = self.choices.one(others)
                self._have(target, part.named)
                new = FieldDraft(part.name, part.type, part.arguments, override=source)
                self.graphs[target].types[name].fields[part.name] = new

    def _computed(self) -> None:
        """Fields with `@requires`."""
        count = 0
        for name, homes in self._owners().items():
            for _ in range(self.choices.count(0, 2)):
                graph = self.choices.one(homes)
                texts = []
                for part in self.choices.some(self._inputs(graph, name), 1, 2):
                    inside = self._inside(graph, part)
                    if inside is not None:
                        self.graphs[graph].types[name].add(part.declared())
                        texts.append(part.name + self._literals(part) + inside)
                count += 1
                field_type = self._leaf() if self.choices.chance(40) else "String"
                if self.choices.chance(15):
                    field_type = self._type_for([graph])
                    self._have(graph, field_type.strip("[]!"))
                if texts:
                    new = FieldDraft(f"calc{count}", field_type, self._arguments(), requires=" ".join(texts))
                    self.graphs[graph].types[name].add(new)

    def _inputs(self, graph: str, owner: str) -> list[FieldDraft]:
        if owner in self.objects:
            return [
                part
                for home in self.interfaces[owner].at
                for part in self._fields_in(self.graphs[home], owner)
                if part.name != "id"
            ][:1]
        return [part for part in self._elsewhere(graph, owner) if self._can_have(graph, part.named)]

    def _literals(self, part: FieldDraft) -> str:
        """Values for the arguments of a required field."""
        given = []
        for argument in part.arguments.split(", ") if part.arguments else ():
            name = argument.split(":")[0]
            if "!" in argument.split("=")[0] or self.choices.chance(50):
                given.append(f"{name}: {self.choices.one(LITERALS[name])}")
        return f"({', '.join(given)})" if given else ""

    def _inside(self, graph: str, part: FieldDraft, depth: int = 0) -> str | None:
        """What is asked beneath a required or provided field; empty for leaves. None where nothing can be."""
        name = part.named
        if name in LEAVES:
            return ""
        if depth > 1:
            return None
        self._have(graph, name)
        if name in self.values:
            parts = [(each, self._inside(graph, each, depth + 1)) for each in self.values[name]]
            texts = [each.name + inside for each, inside in parts if inside is not None]
            return f" {{ {' '.join(self.choices.some(texts, 1))} }}" if texts else None
        if name in self.entities:
            return f" {{ {self._of_entity(graph, name)} }}"
        known = self.graphs[graph].types[name]
        if known.marks:
            return " { id }"
        members = self.interfaces.get(name, self.unions.get(name))
        assert members is not None
        texts = [f"... on {m} {{ {self._of_entity(graph, m)} }}" for m in members.at[graph] if m in self.entities]
        return f" {{ __typename {' '.join(texts)} }}" if texts else None

    def _of_entity(self, graph: str, name: str) -> str:
        """A field of an entity: one of its own key there, or one that is declared for the purpose."""
        leaves = [
            part
            for part in self._elsewhere(graph, name)
            if part.named in LEAVES and not part.arguments and not part.requires
        ]
        if leaves and self.choices.chance(70):
            part = self.choices.one(leaves)
            self.graphs[graph].types[name].add(part.declared())
            return part.name
        return next(iter(self.graphs[graph].types[name].keys))

    def _provided(self) -> None:
        """`@provides` on fields that one subgraph alone resolves, of what it does not resolve elsewhere."""
        for graph, draft in self.graphs.items():
            for owner, part in list(draft.resolved()):
                taken = any(each.override == graph for _, each in self._resolvers(owner.name, part.name))
                if (
                    part.plain
                    and not (part.shareable or taken or owner.name in self.values)
                    and self.choices.chance(25)
                ):
                    part.provides = self._provision(graph, part.named)

    def _provision(self, graph: str, name: str) -> str:
        if name in self.entities:
            return self._provision_of(graph, name)
        abstract = self.interfaces.get(name, self.unions.get(name))
        if abstract is None or graph not in abstract.at:
            return ""
        members = [member for member in abstract.at[graph] if member in self.entities]
        texts = {member: self._provision_of(graph, member) for member in self.choices.some(members, 1)}
        return " ".join(f"... on {member} {{ {text} }}" for member, text in texts.items() if text)

    def _provision_of(self, graph: str, name: str) -> str:
        found = [
            part
            for part in self._elsewhere(graph, name)
            if not part.arguments
            and all(each.plain for _, each in self._resolvers(name, part.name))
            and self._can_have(graph, part.named)
            and (part.named in LEAVES or part.named in self.values)
            and (name, part.name) not in self.locked
        ]
        if not found:
            return ""
        part = self.choices.one(found)
        inside = self._inside(graph, part)
        if inside is None:
            return ""
        for _, each in self._resolvers(name, part.name):
            each.shareable = True
        self.graphs[graph].types[name].add(part.declared())
        return part.name + inside

    def _hidden(self) -> None:
        """`@inaccessible` fields: inputs of others all the same."""
        for name in self.entities:
            for draft in self.graphs.values():
                for part in self._fields_in(draft, name):
                    if part.name in ("x", "y", "z") and part.plain and self.choices.chance(5):
                        part.inaccessible = True

    def _stubs(self) -> None:
        """Entities that a subgraph adds nothing to need no way in."""
        for draft in self.graphs.values():
            for known in draft.types.values():
                added = any(
                    not part.external and (known.name, part.name) not in self.keyed for part in known.fields.values()
                )
                if known.name in self.entities and not added and self.choices.chance(50):
                    self._close(draft, known)

    def _close(self, draft: SubgraphDraft, known: TypeDraft) -> None:
        entity = self.entities[known.name]
        of_entity_interface = any(draft.types[interface].keys for interface in known.interfaces)
        if draft.name not in entity.at and not of_entity_interface:
            known.keys = dict.fromkeys(known.keys, False)
