"""Subgraph SDLs while they are being written: types and fields by name, printed at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(eq=False)
class FieldDraft:
    """A field in one subgraph. `computed`: it has inputs (`@requires`)."""

    name: str
    type: str
    arguments: str = ""
    external: bool = False
    requires: str = ""
    provides: str = ""
    override: str = ""
    shareable: bool = False
    inaccessible: bool = False

    @property
    def named(self) -> str:
        return self.type.strip("[]!")

    @property
    def plain(self) -> bool:
        """Resolved here, of nothing but the subgraph's own data."""
        return not (self.external or self.requires or self.provides or self.override)

    def declared(self) -> FieldDraft:
        """The same, only declared (`@external`)."""
        return FieldDraft(self.name, self.type, self.arguments, external=True)

    def __str__(self) -> str:
        text = self.name + (f"({self.arguments})" if self.arguments else "") + f": {self.type}"
        for directive, argument in (("requires", "fields"), ("provides", "fields"), ("override", "from")):
            if value := getattr(self, directive):
                escaped = value.replace('"', '\\"')
                text += f' @{directive}({argument}: "{escaped}")'
        marks = ("external", "shareable", "inaccessible")
        return text + "".join(f" @{mark}" for mark in marks if getattr(self, mark))


@dataclass(eq=False)
class TypeDraft:
    """A type in one subgraph. `keys`: field sets, each with whether it is resolvable."""

    name: str
    kind: str = "type"
    keys: dict[str, bool] = field(default_factory=dict)
    interfaces: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    fields: dict[str, FieldDraft] = field(default_factory=dict)
    marks: str = ""
    """Directives of the type itself, ready."""

    def add(self, new: FieldDraft) -> FieldDraft:
        """Adds a field; what is resolved stays so where it is then only declared."""
        known = self.fields.get(new.name)
        if known is None or (known.external and not new.external):
            self.fields[new.name] = new
        return self.fields[new.name]

    def __str__(self) -> str:
        if self.kind == "union":
            return f"union {self.name} = {' | '.join(sorted(self.members))}"
        implements = f" implements {' & '.join(sorted(self.interfaces))}" if self.interfaces else ""
        keys = "".join(
            f' @key(fields: "{key}"{"" if resolvable else ", resolvable: false"})'
            for key, resolvable in self.keys.items()
        )
        body = "\n".join(f"  {each}" for each in self.fields.values())
        return f"{self.kind} {self.name}{implements}{keys}{self.marks} {{\n{body}\n}}"


@dataclass(eq=False)
class SubgraphDraft:
    """One subgraph. `banned`: types that it may not have, since it has their interface as an object."""

    name: str
    types: dict[str, TypeDraft] = field(default_factory=dict)
    banned: set[str] = field(default_factory=set)
    leaves: str = ""
    """Definitions of enums, scalars and input objects, ready."""

    def type(self, name: str, kind: str = "type") -> TypeDraft:
        return self.types.setdefault(name, TypeDraft(name, kind))

    def resolved(self) -> Iterator[tuple[TypeDraft, FieldDraft]]:
        """The fields of object types that are resolved here."""
        for each in self.types.values():
            if each.kind == "type":
                yield from ((each, found) for found in each.fields.values() if not found.external)

    def __str__(self) -> str:
        shown = [each for each in self.types.values() if each.fields or each.members]
        return "\n".join([*map(str, shown), self.leaves]).rstrip("\n") + "\n"
