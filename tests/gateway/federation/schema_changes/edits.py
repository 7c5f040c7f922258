"""Schemas as plain values that can be edited, and small random edits of them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field

from graphql import (
    DirectiveDefinitionNode,
    EnumTypeDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    UnionTypeDefinitionNode,
    build_schema,
    parse,
    print_ast,
    validate_schema,
)

from ..oracle.choices import Choices

KINDS = {
    ObjectTypeDefinitionNode: "type",
    InterfaceTypeDefinitionNode: "interface",
    InputObjectTypeDefinitionNode: "input",
    EnumTypeDefinitionNode: "enum",
    UnionTypeDefinitionNode: "union",
    ScalarTypeDefinitionNode: "scalar",
}
LOCATIONS = ("FIELD", "INLINE_FRAGMENT", "FRAGMENT_SPREAD", "QUERY", "OBJECT")
LITERALS = {"Int": ("1", "2"), "String": ('"a"', '"b"'), "Boolean": ("true", "false")}


@dataclass
class Input:
    """An argument or an input field."""

    type: str
    default: str = ""
    note: str = ""

    def __str__(self) -> str:
        return self.type + (f" = {self.default}" if self.default else "") + self.note


@dataclass
class Field:
    type: str
    inputs: dict[str, Input] = field(default_factory=dict)
    note: str = ""

    def __str__(self) -> str:
        return f"{_inputs(self.inputs)}: {self.type}{self.note}"


@dataclass
class Type:
    """`parts`: values of an enum, members of a union; `note`: directives of the type itself."""

    kind: str
    interfaces: list[str] = field(default_factory=list)
    fields: dict[str, Field] = field(default_factory=dict)
    inputs: dict[str, Input] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)
    note: str = ""
    description: str = ""


@dataclass
class Directive:
    locations: list[str]
    repeatable: bool
    inputs: dict[str, Input]


@dataclass
class Draft:
    types: dict[str, Type]
    directives: dict[str, Directive]
    roots: dict[str, str]

    def __str__(self) -> str:
        roots = " ".join(f"{kind}: {name}" for kind, name in self.roots.items())
        directives = (
            f"directive @{name}{_inputs(each.inputs)}{' repeatable' if each.repeatable else ''} on "
            + " | ".join(each.locations)
            for name, each in self.directives.items()
        )
        return "\n".join([f"schema {{ {roots} }}", *directives, *(_type(*item) for item in self.types.items())])

    def schema(self) -> GraphQLSchema | None:
        """The schema, if it is valid."""
        try:
            schema = build_schema(str(self))
        except (GraphQLError, TypeError):
            return None
        return None if validate_schema(schema) else schema


def _inputs(inputs: dict[str, Input]) -> str:
    return f"({', '.join(f'{name}: {each}' for name, each in inputs.items())})" if inputs else ""


def _type(name: str, of: Type) -> str:
    head = f"{of.description}{of.kind} {name}"
    head += f" implements {' & '.join(of.interfaces)}" if of.interfaces else ""
    if of.kind == "union":
        return f"{head} = {' | '.join(of.parts)}"
    parts = of.parts or [f"{part}{each}" for part, each in of.fields.items()]
    parts = parts or [f"{part}: {each}" for part, each in of.inputs.items()]
    body = " {\n  " + "\n  ".join(parts) + "\n}" if parts and of.kind != "scalar" else ""
    return f"{head}{of.note}{body}"


def draft(sdl: str) -> Draft:
    """The draft of an SDL whose root types have the usual names."""
    types: dict[str, Type] = {}
    directives: dict[str, Directive] = {}
    for node in parse(sdl, no_location=True).definitions:
        if isinstance(node, DirectiveDefinitionNode):
            locations = [location.value for location in node.locations]
            directives[node.name.value] = Directive(locations, node.repeatable, _read_inputs(node.arguments))
        else:
            types[node.name.value] = _read_type(node)
    roots = {kind: kind.capitalize() for kind in ("query", "mutation") if kind.capitalize() in types}
    return Draft(types, directives, roots)


def _read_type(node: object) -> Type:
    kind = KINDS[type(node)]
    read = Type(kind, note="".join(f" {print_ast(each)}" for each in node.directives or ()))
    if kind in ("type", "interface"):
        read.interfaces = [interface.name.value for interface in node.interfaces or ()]
        read.fields = {
            each.name.value: Field(print_ast(each.type), _read_inputs(each.arguments)) for each in node.fields
        }
    elif kind == "input":
        read.inputs = _read_inputs(node.fields)
    elif kind == "enum":
        read.parts = [value.name.value for value in node.values]
    elif kind == "union":
        read.parts = [member.name.value for member in node.types]
    return read


def _read_inputs(nodes: tuple | None) -> dict[str, Input]:
    return {
        node.name.value: Input(print_ast(node.type), print_ast(node.default_value) if node.default_value else "")
        for node in nodes or ()
    }


def edited(choices: Choices, from_: Draft, times: int) -> Draft:
    """The draft after so many tries of an edit; a try that makes no valid schema is taken back."""
    for _ in range(times):
        tried = copy.deepcopy(from_)
        Edits(choices, tried).one()
        if tried.schema() is not None:
            from_ = tried
    return from_


class Edits:
    def __init__(self, choices: Choices, draft: Draft) -> None:
        self.choices = choices
        self.draft = draft

    def one(self) -> None:
        every: list[Callable[[], None]] = [
            self.field, self.field, self.field, self.field_inputs, self.field_inputs, self.input_type,
            self.input_type, self.parts, self.parts, self.interface, self.directive, self.type, self.note, self.root,
        ]  # fmt: skip
        self.choices.one(every)()

    def field(self) -> None:
        """Removes, adds or retypes a field, mostly in all the types that share it by an interface."""
        name, part = self._some_field()
        for each in self._family(name):
            fields = self.draft.types[each].fields
            if part not in fields:
                continue
            what = self.what if each != name else self.choices.count(0, 5)
            self.what = what
            if what == 0:
                del fields[part]
            elif what == 1:
                fields["added"] = Field(self._output())
            elif what == 2:
                fields[part].type = self._output()
            else:
                fields[part].type = self._looser_or_stricter(fields[part].type, what)

    def field_inputs(self) -> None:
        name, part = self._some_field()
        edit = self._input_edit()
        for each in self._family(name):
            if part in self.draft.types[each].fields:
                edit(self.draft.types[each].fields[part].inputs)

    def input_type(self) -> None:
        name = self._of_kind("input")
        if name and self.choices.chance(85):
            self._input_edit()(self.draft.types[name].inputs)
        elif name:
            of = self.draft.types[name]
            of.note = "" if of.note else " @oneOf"

    def parts(self) -> None:
        """Removes or adds a value of an enum or a member of a union."""
        name = self._of_kind("enum", "union")
        if not name:
            return
        of = self.draft.types[name]
        if self.choices.chance(50):
            of.parts.remove(self.choices.one(of.parts))
        else:
            added = "ADDED" if of.kind == "enum" else self._of_kind("type")
            of.parts += [added] if added not in of.parts else []

    def interface(self) -> None:
        """Takes an interface from a type, or has it implement one, fields included."""
        name, interface = self._of_kind("type", "type", "interface"), self._of_kind("interface")
        if not name or not interface:
            return
        of = self.draft.types[name]
        if interface in of.interfaces:
            of.interfaces.remove(interface)
            return
        of.interfaces += [
            each for each in (interface, *self.draft.types[interface].interfaces) if each not in of.interfaces
        ]
        of.fields = {**copy.deepcopy(self.draft.types[interface].fields), **of.fields}

    def directive(self) -> None:
        directives = self.draft.directives
        what = self.choices.count(0, 5)
        if what == 0 or not directives:
            directives["added"] = Directive([self.choices.one(LOCATIONS)], self.choices.chance(50), {})
            return
        name = self.choices.one(list(directives))
        if what == 1:
            del directives[name]
        elif what == 2:
            directives[name].repeatable = not directives[name].repeatable
        elif what == 3:
            location = self.choices.one(LOCATIONS)
            _toggle(directives[name].locations, location)
        else:
            self._input_edit()(directives[name].inputs)

    def type(self) -> None:
        """Removes a type and all that is of it, adds one, or makes one of another kind."""
        name = self.choices.one(list(self.draft.types))
        what = self.choices.count(0, 3)
        if what == 0:
            self.draft.types["Added"] = Type("type", [], {"id": Field("ID")})
        elif what == 1:
            kind = self.choices.one(("type", "interface", "scalar", "enum", "input"))
            of = self.draft.types[name]
            self.draft.types[name] = Type(kind, of.interfaces, of.fields, of.inputs, of.parts)
        elif name not in self.draft.roots.values():
            del self.draft.types[name]
            for of in self.draft.types.values():
                of.interfaces = [each for each in of.interfaces if each != name]
                of.parts = [each for each in of.parts if each != name]
                of.fields = {part: each for part, each in of.fields.items() if each.type.strip("[]!") != name}
                of.inputs = {part: each for part, each in of.inputs.items() if each.type.strip("[]!") != name}
                for each in of.fields.values():
                    each.inputs = {part: of for part, of in each.inputs.items() if of.type.strip("[]!") != name}

    def note(self) -> None:
        """Changes what is said of something."""
        name, part = self._some_field()
        said = self.choices.one(("", " @deprecated", ' @deprecated(reason: "Why.")'))
        what = self.choices.count(0, 2)
        of = self.draft.types[name]
        if what == 0:
            of.description = self.choices.one(("", '"One."\n', '"Two."\n'))
        elif what == 1:
            of.fields[part].note = said
        elif of.fields[part].inputs:
            of.fields[part].inputs[self.choices.one(list(of.fields[part].inputs))].note = said

    def root(self) -> None:
        """Renames a root type, leaves one out, or takes one more."""
        roots, types = self.draft.roots, self.draft.types
        if self.choices.chance(50):
            types["Start"] = types.pop(roots["query"])
            roots["query"] = "Start"
        elif "mutation" in roots:
            del roots["mutation"]
        else:
            roots["mutation"] = self._of_kind("type")

    # --- what is edited -----------------------------------------------------------------------------------------------

    def _of_kind(self, *kinds: str) -> str:
        names = [name for name, of in self.draft.types.items() if of.kind in kinds]
        return self.choices.one(names) if names else ""

    def _some_field(self) -> tuple[str, str]:
        name = self.choices.one([name for name, of in self.draft.types.items() if of.fields])
        return name, self.choices.one(list(self.draft.types[name].fields))

    def _family(self, name: str) -> list[str]:
        """The type, and mostly those that it implements or that implement it, or what it does."""
        if not self.choices.chance(70):
            return [name]
        own = {name, *self.draft.types[name].interfaces}
        return [name, *(e for e, of in self.draft.types.items() if e != name and own & {e, *of.interfaces})]

    def _output(self) -> str:
        names = ["Int", "String", *(name for name, of in self.draft.types.items() if of.kind != "input")]
        return self.choices.one(("{}", "{}!", "[{}]")).format(self.choices.one(names))

    def _looser_or_stricter(self, type_: str, what: int) -> str:
        if what == 3:
            return type_.removesuffix("!") if type_.endswith("!") else f"{type_}!"
        if type_.startswith("["):
            return type_.replace("!]", "]") if "!]" in type_ else type_.replace("]", "!]")
        return f"[{type_}]" if what == 4 else type_.removesuffix("!") + "!"

    def _input_edit(self) -> Callable[[dict[str, Input]], None]:
        """One edit, to be made at several places alike."""
        what, chosen = self.choices.count(0, 6), self.choices.count(0, 3)
        names = ["Int", "String", *(name for name, of in self.draft.types.items() if of.kind in ("input", "enum"))]
        type_ = self.choices.one(("{}", "{}", "{}!", "[{}]")).format(self.choices.one(names))
        default = self.choices.one(("", *LITERALS.get(type_.strip("[]!"), ())))

        def edit(inputs: dict[str, Input]) -> None:
            if what == 0 or not inputs:
                inputs["added"] = Input(type_, default)
                return
            name = list(inputs)[chosen % len(inputs)]
            each = inputs[name]
            if what == 1:
                del inputs[name]
            elif what == 2:
                each.type = type_
            elif what == 3:
                each.default = ""
            elif what == 4:
                each.default = LITERALS.get(each.type.strip("!"), ("null",))[chosen % 2 - 1]
            else:
                each.type = self._looser_or_stricter(each.type, what - 2)

        return edit


def _toggle(items: list[str], item: str) -> None:
    if item in items:
        items.remove(item)
    else:
        items.append(item)
