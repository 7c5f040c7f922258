"""Random subgraphs that agree on most, and on nothing for sure: each takes a part of one schema, and strays a little.

What the oracle's worlds take care of (every route exists, every reference is met) is left to chance here, so that the
rules between subgraphs are met from both sides.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..gateway.federation.oracle.choices import Choices

OBJECTS = ("Ant", "Bee", "Cat")
FIELDS = ("one", "two", "three", "four")
LEAVES = ("Int", "String", "Tint", "Date", "Float")
ARGUMENTS = ("x: Int", "x: Int = 1", "tint: Tint", "tint: Tint = RED", "filter: Filter", "x: [Int!] = [1]")
KEYS = ("id", "id", "code", "id code", "own { n }", "id own { n m }")
KEY_FIELDS = {"id": "id: ID!", "code": "code: String!", "own": "own: Own"}
FLY = 'type Fly implements Pet @key(fields: "id") @shareable { id: ID! common: Int }'
OWN = "type Own @shareable { n: Int! m: Int }"
DESCRIPTIONS = ("", "", "", '"""What it is."""', '"""What it is, told otherwise."""')


def plain_set(choices: Choices) -> dict[str, str]:
    """Subgraph SDLs by name."""
    schema = _Schema(choices)
    return {name: _Subgraph(schema, name).text() for name in schema.names}


class _Schema:
    """What the subgraphs have in common: decided once each, when first asked for."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self.names = ("a", "b", "c", "d")[: choices.one((1, 2, 2, 2, 3, 3, 4))]
        self.keys = {name: choices.some(KEYS, 1, 2) for name in OBJECTS}
        self.implementing = [name for name in OBJECTS if choices.chance(40)]
        self.has_interface_key = choices.chance(25)
        self.known: dict[tuple[str, ...], str] = {}

    def once(self, what: tuple[str, ...], options: tuple[str, ...]) -> str:
        if what not in self.known:
            self.known[what] = self.choices.one(options)
        return self.known[what]

    def type_of(self, owner: str, name: str, strays: int = 6) -> str:
        composite = (*OBJECTS, "Pet", "Found") if self.choices.chance(35) else LEAVES
        named = self.once((owner, name, "type"), composite)
        wrapping = self.once((owner, name, "wrapping"), ("{}", "{}", "{}", "{}!", "[{}]", "[{}!]!"))
        if self.choices.chance(strays):
            wrapping = wrapping[:-1] if wrapping.endswith("!") else wrapping + "!"
        if self.choices.chance(strays // 5):
            named = self.choices.one((*LEAVES, *OBJECTS))
        return wrapping.format(named)

    def arguments_of(self, owner: str, name: str) -> str:
        found = self.once((owner, name, "arguments"), ("", "", "", "", *ARGUMENTS))
        if self.choices.chance(4):
            found = self.choices.one(("", *ARGUMENTS))
        return f"({found})" if found else ""

    def owner_of(self, owner: str, name: str) -> str:
        return self.once((owner, name, "owner"), self.names)


@dataclass
class _Subgraph:
    """One subgraph, being written."""

    schema: _Schema
    name: str
    definitions: dict[str, str] = field(default_factory=dict)

    @property
    def choices(self) -> Choices:
        return self.schema.choices

    def text(self) -> str:
        self._interface()
        for owner in OBJECTS:
            if self.choices.chance(80) and not (self._has_interface_object and owner in self.schema.implementing):
                self.definitions[owner] = self._object(owner)
        if self._has_interface and not any(owner in self.definitions for owner in self.schema.implementing):
            self.definitions["Fly"] = FLY
        if self.choices.chance(50):
            self._union()
        self.definitions["Query"] = self._query()
        self._met()
        return "\n".join(self.definitions.values())

    def _interface(self) -> None:
        keyed = self.schema.has_interface_key
        if self.choices.chance(70 if keyed and self.name == "a" else 50):
            key = ' @key(fields: "id")' if self.choices.chance(90 if keyed else 2) else ""
            self.definitions["Pet"] = f"interface Pet{key} {{ id: ID! common: Int }}"
        elif self.choices.chance(50 if keyed else 1):
            self.definitions["Pet"] = 'type Pet @interfaceObject @key(fields: "id") { id: ID! added: Int }'

    @property
    def _others(self) -> list[str]:
        return [name for name in self.schema.names if name != self.name]

    @property
    def _has_interface(self) -> bool:
        return self.definitions.get("Pet", "").startswith("interface")

    @property
    def _has_interface_object(self) -> bool:
        return "@interfaceObject" in self.definitions.get("Pet", "")

    def _object(self, owner: str) -> str:
        keys = self.schema.keys[owner] if self.choices.chance(92) else []
        keys = self.choices.some(keys, 1) if self.choices.chance(25) else keys
        parts = {}
        for key in keys:
            parts |= {name: declared for name, declared in KEY_FIELDS.items() if name in key.split()}
        implements = self._has_interface and owner in self.schema.implementing
        if implements and self.schema.has_interface_key and "id" not in keys and self.choices.chance(95):
            keys = [*keys, "id"]
        if implements:
            parts |= {
                "id": "id: ID! @shareable",
                "common": "common: Int" + (" @shareable" if self.choices.chance(98) else ""),
            }
        if "own" in parts:
            self.definitions["Own"] = OWN
        for name in FIELDS:
            parts |= self._field(owner, name, bool(keys))
        parts = parts or {"id": "id: ID!"}
        marks = "".join(
            f' @key(fields: "{key}"{", resolvable: false" if self.choices.chance(4) else ""})' for key in keys
        )
        if not keys and self.choices.chance(95):
            marks = " @shareable"
        head = f"type {owner}{' implements Pet' if implements else ''}{marks}"
        return f"{head} {{ {' '.join(parts.values())} }}"

    def _field(self, owner: str, name: str, keyed: bool) -> dict[str, str]:
        mine = self.schema.owner_of(owner, name) == self.name
        declared = f"{name}{self.schema.arguments_of(owner, name)}: {self.schema.type_of(owner, name)}"
        description = self.choices.one(DESCRIPTIONS)
        shared = self.schema.once((owner, name, "shared"), ("", "", "", "yes"))
        if mine or self.choices.chance(60 if shared else 1):
            marks = " @shareable" if shared and self.choices.chance(98) else ""
            if mine and self.choices.chance(3):
                marks += f' @override(from: "{self.choices.one([*self._others, "z"])}")'
            return {name: f"{description} {declared}{marks}"}
        if keyed and self._others and self.choices.chance(4):
            below = self._below(self.schema.known[owner, name, "type"])
            computed = f'{name}Of{self.name.upper()}: Int @requires(fields: "{name}{below}")'
            return {name: f"{declared} @external", name + "Of": computed}
        return {}

    def _below(self, named: str) -> str:
        if named in OBJECTS:
            return f" {{ {self.choices.one((*FIELDS, *['id'] * 9, *['__typename'] * 9))} }}"
        return " { __typename }" if named in ("Pet", "Found") else ""

    def _union(self) -> None:
        members = [owner for owner in OBJECTS if owner in self.definitions]
        if members:
            self.definitions["Found"] = f"union Found = {' | '.join(self.choices.some(members, 1))}"

    def _query(self) -> str:
        parts = [f"own{self.name.upper()}: Int"] if self.choices.chance(30) else []
        for owner in (*OBJECTS, "Pet", "Found"):
            if owner in self.definitions and self.choices.chance(55):
                marks = " @shareable" if self.choices.chance(97) else ""
                if owner in OBJECTS and self.choices.chance(1):
                    marks += f' @provides(fields: "{self.choices.one(FIELDS)}")'
                parts.append(f"get{owner}{self.schema.arguments_of('Query', owner)}: {owner}{marks}")
        if self.choices.chance(35):
            parts.append(f"tints(tint: Tint, filter: Filter): Tint{' @shareable' if self.choices.chance(97) else ''}")
        return f"type Query {{ {' '.join(parts or ['ping: Int @shareable'])} }}"

    def _met(self) -> None:
        """Defines what is referred to."""
        text = " ".join(self.definitions.values())
        for owner in OBJECTS:
            if owner in text and owner not in self.definitions:
                self.definitions[owner] = f'type {owner} @key(fields: "id", resolvable: false) {{ id: ID! }}'
        if (": Pet" in text or "[Pet" in text) and "Pet" not in self.definitions:
            self.definitions["Pet"] = "interface Pet { id: ID! common: Int }"
            self.definitions["Fly"] = FLY
        if "Found" in text and "Found" not in self.definitions:
            self.definitions["Found"] = "union Found = Moth"
            self.definitions["Moth"] = "type Moth @shareable { wings: Int }"
        if "Filter" in text:
            least = self.schema.once(("Filter",), ("least: Int", "least: Int", "least: Int = 1", "least: Int!"))
            least = least if self.choices.chance(92) else "least: Int"
            more = " tint: Tint = RED" if self.choices.chance(90) else ""
            self.definitions["Filter"] = f"input Filter {{ {least}{more} inner: Filter }}"
        if "Tint" in " ".join(self.definitions.values()):
            extra = " BLUE" if self.choices.chance(97) else ""
            self.definitions["Tint"] = f"enum Tint {{ RED{extra} }}"
        if "Date" in text:
            self.definitions["Date"] = "scalar Date"
