"""Subgraphs as syntax trees that can be changed: what random sets are decorated, broken and shrunken on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from graphql import parse, print_ast
from graphql.language import Node

from gateway.federation.composition.federation_spec import Version
from gateway.federation.composition.subgraph import Source


class Loose(SimpleNamespace):
    """A syntax node that can be changed: the same parts, lists for tuples, and the node's `kind`."""

    made_of: type[Node]
    kind: str


def thawed(value: Any) -> Any:
    """A node as `Loose`, with all beneath it."""
    if isinstance(value, Node):
        parts = {key: _thawed_part(value, key) for key in value.keys if key != "loc"}
        return Loose(made_of=type(value), kind=value.kind, **parts)
    return [thawed(item) for item in value] if isinstance(value, list | tuple) else value


def _thawed_part(node: Node, key: str) -> Any:
    part = getattr(node, key)
    return [] if part is None and key in _LISTS else thawed(part)


_LISTS = ("arguments", "directives", "fields", "interfaces", "types", "values")


def frozen(value: Any) -> Any:
    """A `Loose` as the node that it is of."""
    if isinstance(value, Loose):
        parts = {key: frozen(part) for key, part in vars(value).items() if key not in ("made_of", "kind")}
        return value.made_of(**parts)
    return tuple(map(frozen, value)) if isinstance(value, list) else value


@dataclass(eq=False)
class Draft:
    """A subgraph while it is being made. Federation's directives have their own names in it; `link` says what of
    Federation it links, and as what. Version (1, 0) links nothing."""

    name: str
    document: Any
    version: Version
    link: str = "imported"
    composed: str = ""
    """Further links and directives of the schema, ready."""

    def sdl(self) -> str:
        return print_ast(frozen(self.document))

    def blocks(self, *kinds: str) -> list[Any]:
        """The definitions and extensions of types, of the kinds (`object`, `interface`, …) or all."""
        return [block for block in self.document.definitions if kind_of(block) and kind_of(block) in (kinds or KINDS)]

    def replace(self, block: Any, new: Any) -> None:
        """Puts another definition in the place of one."""
        self.document.definitions = [new if each is block else each for each in self.document.definitions]

    def add(self, sdl: str) -> None:
        self.document.definitions += thawed(parse(sdl)).definitions


KINDS = ("object", "interface", "union", "enum", "input_object", "scalar")


def draft(name: str, sdl: str, version: Version) -> Draft:
    return Draft(name, thawed(parse(sdl)), version)


def kind_of(block: Any) -> str:
    """`object` and the like; empty for what is no type."""
    kind = block.kind.removesuffix("_definition").removesuffix("_extension").removesuffix("_type")
    return kind if kind in KINDS else ""


def is_extension(block: Any) -> bool:
    return bool(block.kind.endswith("_extension"))


def name_of(node: Any) -> str:
    return str(node.name.value)


def named(node: Any) -> str:
    """The name of a type without lists and non-null."""
    while node.kind != "named_type":
        node = node.type
    return name_of(node)


def elements(drafts: list[Draft]) -> Iterator[tuple[Draft, Any, str]]:
    """Whatever may have directives: the subgraph, the element, and its location as directives call it."""
    for each in drafts:
        for block in each.blocks():
            yield each, block, kind_of(block).upper()
            for field in getattr(block, "fields", None) or ():
                is_input = kind_of(block) == "input_object"
                yield each, field, "INPUT_FIELD_DEFINITION" if is_input else "FIELD_DEFINITION"
                for argument in getattr(field, "arguments", None) or ():
                    yield each, argument, "ARGUMENT_DEFINITION"
            for value in getattr(block, "values", None) or ():
                yield each, value, "ENUM_VALUE"


def fields(drafts: list[Draft], *kinds: str) -> Iterator[tuple[Draft, Any, Any]]:
    """The fields of types of the kinds: subgraph, block, field."""
    for each in drafts:
        for block in each.blocks(*kinds):
            for field in block.fields or ():
                yield each, block, field


def applied(node: Any, directive: str) -> bool:
    return any(name_of(each) == directive for each in node.directives)


def apply(node: Any, directive: str) -> None:
    """Puts `@name(arguments)` on a node, and with it what comes along."""
    node.directives += thawed(parse(f"scalar X {directive}")).definitions[0].directives


def lists_in(node: Any) -> Iterator[tuple[list[Any], Any]]:
    """Every list of nodes in a tree, and what it is a list of; the outermost first."""
    pending = [node]
    while pending:
        found = pending.pop(0)
        for part in vars(found).values():
            if isinstance(part, Loose):
                pending.append(part)
            elif isinstance(part, list):
                yield part, found
                pending += [item for item in part if isinstance(item, Loose)]


def source(name: str, sdl: str) -> Source:
    return Source(name, sdl, f"http://{name}")
