"""Random subgraphs, built so that they nearly always compose: types, then their fields, then directives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from .choices import Choices
from .drafts import FieldDraft, SubgraphDraft, TypeDraft
from .world_types import LEAVES, Types

ARGUMENTS = ("n: Int", "n: Int = 3", "t: Tint!", 'w: [String!] = ["a"]', "f: Filter", "id: ID, n: Int! = 2")
LITERALS = {"n": ("1", "2"), "t": ("RED", "BLUE"), "w": ("[]", '["b", "c"]'), "f": ("{ least: 4 }",), "id": ('"1"',)}
DEFINED = {
    "Tint": "enum Tint {\n  RED\n  GREEN\n  BLUE\n}\n",
    "Filter": 'input Filter {\n  least: Int = 1\n  tints: [Tint!]\n  words: [String] = ["w"]\n}\n',
}


@st.composite
def schemas(draw: Callable[[st.SearchStrategy[Any]], Any]) -> dict[str, str]:
    """Subgraph SDLs by name."""
    return Writer(Choices(draw)).write()


class Writer(Types):
    """See the module."""

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

    # --- fields -------------------------------------------------------------------------------------------------------

    def _type_for(self, graphs: Sequence[str]) -> str:
        """A type that all the subgraphs may give."""
        composite = [
            name
            for name in (*self.entities, *self.values, *self.interfaces, *self.unions)
            if all(self._can_have(graph, name) for graph in graphs)
        ]
        if list(graphs) == ["a"] and self.choices.chance(4):
            return "Query"
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
        if depth > 1 or name == "Query":
            return None
        self._have(graph, name)
        if name in self.values:
            here = self.graphs[graph].types[name].fields
            parts = [(p, self._inside(graph, p, depth + 1)) for p in self.values[name] if p.name in here]
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
        return next(iter(self._keys_of(graph, name)))

    def _keys_of(self, graph: str, name: str) -> list[str]:
        return list(self.graphs[graph].types[name].keys)

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

    def _provision_of(self, graph: str, name: str, depth: int = 0) -> str:
        found = [
            part
            for part in self._elsewhere(graph, name)
            if not part.arguments
            and all(each.plain for _, each in self._resolvers(name, part.name))
            and self._can_have(graph, part.named)
            and (part.named in LEAVES or part.named in self.values or (part.named in self.entities and depth < 2))
            and (name, part.name) not in self.locked
        ]
        if not found:
            return ""
        part = self.choices.one(found)
        if part.named in self.entities:
            self._have(graph, part.named)
            below = self._provision_of(graph, part.named, depth + 1) or next(iter(self._keys_of(graph, part.named)))
            inside: str | None = f" {{ {below} }}"
        else:
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
