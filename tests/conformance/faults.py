"""Faults for random sets of subgraphs: each breaks one thing, or leaves the set as it is where it finds none.

What is broken need not be a mistake: a set may well compose all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from graphql import parse, parse_type, parse_value
from graphql.language import StringValueNode

from gateway.federation.composition.federation_spec import directives_of

from ..gateway.federation.oracle.choices import Choices
from .loose import Draft, apply, elements, fields, kind_of, lists_in, name_of, named, thawed

Fault = Callable[[list[Draft], Choices], None]


def break_one(drafts: list[Draft], choices: Choices) -> None:
    choices.one(FAULTS)(drafts, choices)


def something_less(drafts: list[Draft], choices: Choices) -> None:
    """A part of any kind is gone: a definition, a field, an argument, a value, a member, a directive."""
    lists = [items for draft in drafts for items, _ in lists_in(draft.document) if items]
    items = choices.one(lists)
    del items[choices.count(0, len(items) - 1)]


def directive_less(drafts: list[Draft], choices: Choices) -> None:
    found = [element for _, element, _ in elements(drafts) if element.directives]
    if found:
        directives = choices.one(found).directives
        del directives[choices.count(0, len(directives) - 1)]


def directive_more(drafts: list[Draft], choices: Choices) -> None:
    """A directive of Federation's where it may stand."""
    draft, element, location = choices.one(list(elements(drafts)))
    field_set = _field_set(draft, element, choices)
    others = [each.name for each in drafts if each is not draft] or ["none"]
    options = {
        "key": f'(fields: "{field_set}")',
        "requires": f'(fields: "{field_set}")',
        "provides": f'(fields: "{field_set}")',
        "override": f'(from: "{choices.one(others)}")',
        "tag": '(name: "more")',
    }
    plain = ("external", "shareable", "inaccessible", "interfaceObject", "extends")
    usable = [
        name
        for name, spec in directives_of(draft.version).items()
        if name in (*options, *plain) and location in re.findall(r"\w+", spec.definition.rpartition(" on ")[2])
    ]
    if usable:
        name = choices.one(usable)
        apply(element, f"@{name}{options.get(name, '')}")


def _field_set(draft: Draft, element: Any, choices: Choices) -> str:
    """Some names that may be fields of the element, or of its siblings."""
    siblings = getattr(element, "fields", None) or next(
        (block.fields for _, block, field in fields([draft], "object", "interface") if field is element), []
    )
    return " ".join(name_of(each) for each in choices.some(siblings, 1, 2)) or "id"


def other_field_set(drafts: list[Draft], choices: Choices) -> None:
    """A field set with something more, less or wrong in it."""
    found = [
        argument
        for _, element, _ in elements(drafts)
        for directive in element.directives
        for argument in directive.arguments
        if name_of(argument) == "fields"
    ]
    if found:
        argument = choices.one(found)
        text = argument.value.value if argument.value.kind == "string_value" else "id"
        spoilt = StringValueNode(value=choices.one(_SPOILT)(text))
        argument.value = thawed(parse_value(choices.one(_NO_TEXTS)) if choices.chance(10) else spoilt)


_SPOILT: tuple[Callable[[str], str], ...] = (
    lambda text: f"{text} missing",
    lambda text: f"{text} {{ id }}",
    lambda text: f"{text} one",
    lambda text: f"alias: {text}",
    lambda text: f"{text}(x: 1)",
    lambda text: f"{text} {{",
    lambda text: f"{text} @include(if: true)",
    lambda text: f"... {{ {text} }}",
    lambda text: f"{{ {text} }}",
    lambda _: "__typename",
    lambda _: "",
    lambda text: text.split(" {")[0],
    lambda text: text.split()[0],
    lambda text: text.split()[-1] if text.split()[-1].isidentifier() else "code",
)
_NO_TEXTS = ("id", '["id"]', "1", "null")


def other_type(drafts: list[Draft], choices: Choices) -> None:
    """A field or argument of another type, at random or as another has it."""
    found = [element for _, element, location in elements(drafts) if hasattr(element, "type")]
    if not found:
        return
    element = choices.one(found)
    if hasattr(element, "default_value"):
        element.default_value = None
    if choices.chance(40):
        element.type = deepcopy(choices.one(found).type)
        return
    text = _type_text(element.type)
    options = ("Int", "ID", "String", "[Int]", f"{text}!", f"[{text}]", text.rstrip("!"), text.strip("[]!"))
    chosen = choices.one(options).replace("!!", "!")
    element.type = thawed(parse_type(chosen))


def _type_text(node: Any) -> str:
    if node.kind == "named_type":
        return name_of(node)
    return f"[{_type_text(node.type)}]" if node.kind == "list_type" else f"{_type_text(node.type)}!"


def other_default(drafts: list[Draft], choices: Choices) -> None:
    found = [e for _, e, location in elements(drafts) if location in ("ARGUMENT_DEFINITION", "INPUT_FIELD_DEFINITION")]
    if found:
        element = choices.one(found)
        default = choices.one((*_DEFAULTS.get(named(element.type), ("null",)), None))
        element.default_value = thawed(parse_value(default)) if default else None


_DEFAULTS = {"Int": ("1", "2", "[1]", "1.5"), "String": ('"s"', "1"), "ID": ('"x1"', "1"), "Tint": ("RED", "PINK")}


def argument_more(drafts: list[Draft], choices: Choices) -> None:
    found = [field for _, _, field in fields(drafts, "object", "interface")]
    if found:
        text = choices.one(("more: Int", "more: Int!", "more: Int = 1", "more: Int! = 1"))
        choices.one(found).arguments += thawed(parse(f"type X {{ x({text}): Int }}")).definitions[0].fields[0].arguments


def input_field_more(drafts: list[Draft], choices: Choices) -> None:
    blocks = [block for draft in drafts for block in draft.blocks("input_object")]
    if blocks:
        text = choices.one(("more: Int", "more: Int!", "more: Int = 1", "more: Int! = 1", "more: Int @inaccessible"))
        choices.one(blocks).fields += thawed(parse(f"input X {{ {text} }}")).definitions[0].fields


def enum_value_more(drafts: list[Draft], choices: Choices) -> None:
    blocks = [block for draft in drafts for block in draft.blocks("enum")]
    if blocks:
        block, name = choices.one(blocks), choices.one(("PINK", "GRAY", "TEAL"))
        if all(name_of(value) != name for value in block.values):
            text = f"{name}{choices.one(('', ' @inaccessible', ' @deprecated'))}"
            block.values += thawed(parse(f"enum X {{ {text} }}")).definitions[0].values


def interface_field_more(drafts: list[Draft], choices: Choices) -> None:
    blocks = [block for draft in drafts for block in draft.blocks("interface")]
    if blocks:
        block = choices.one(blocks)
        block.fields += thawed(parse("type X { more: Int }")).definitions[0].fields
        for each in drafts:
            for other in each.blocks("object"):
                implements = any(name_of(interface) == name_of(block) for interface in other.interfaces)
                if implements and choices.chance(85):
                    other.fields += thawed(parse("type X { more: Int @shareable }")).definitions[0].fields


def field_copied(drafts: list[Draft], choices: Choices) -> None:
    """A field is in another subgraph too."""
    found = list(fields(drafts, "object"))
    if found:
        _, block, field = choices.one(found)
        homes = [
            other
            for each in drafts
            for other in each.blocks("object", "interface")
            if name_of(other) == name_of(block) and all(name_of(x) != name_of(field) for x in other.fields)
        ]
        if homes:
            choices.one(homes).fields.append(deepcopy(field))


def field_renamed(drafts: list[Draft], choices: Choices) -> None:
    found = [field for _, _, field in fields(drafts, "object", "interface", "input_object")]
    if found:
        choices.one(found).name.value = choices.one(("renamed", "id", "one", "_hidden"))


def type_renamed(drafts: list[Draft], choices: Choices) -> None:
    found = [block for draft in drafts for block in draft.blocks()]
    if found:
        choices.one(found).name.value = choices.one(("Renamed", "Ant", "Bee", "Pet", "Tint", "Subscription"))


def other_kind(drafts: list[Draft], choices: Choices) -> None:
    """A type is of another kind in one subgraph."""
    draft = choices.one(drafts)
    blocks = draft.blocks()
    if not blocks:
        return
    block = choices.one(blocks)
    name = name_of(block)
    texts = (
        f"enum {name} {{ RED }}",
        f"interface {name} {{ id: ID! }}",
        f"input {name} {{ id: ID }}",
    )
    draft.replace(block, thawed(parse(choices.one(texts))).definitions[0])


def kind_swapped(drafts: list[Draft], choices: Choices) -> None:
    """An object is an interface, or an interface an object, all else alike."""
    found = [(draft, block) for draft in drafts for block in draft.blocks("object", "interface")]
    if not found:
        return
    draft, block = choices.one(found)
    word = "interface" if kind_of(block) == "object" else "type"
    new = thawed(parse(f"{word} X")).definitions[0]
    for part in ("name", "directives", "interfaces", "fields"):
        setattr(new, part, getattr(block, part))
    draft.replace(block, new)


def override_from_elsewhere(drafts: list[Draft], choices: Choices) -> None:
    found = [
        argument
        for _, _, field in fields(drafts, "object")
        for directive in field.directives
        for argument in directive.arguments
        if name_of(directive) == "override" and name_of(argument) == "from"
    ]
    if found:
        choices.one(found).value = thawed(parse_value(f'"{choices.one([*(each.name for each in drafts), "z"])}"'))


def required_of_elsewhere(drafts: list[Draft], choices: Choices) -> None:
    """A new field that requires what another subgraph has."""
    homes = [(draft, block) for draft in drafts for block in draft.blocks("object") if _has_key(block)]
    if not homes:
        return
    draft, block = choices.one(homes)
    there = [
        field
        for _, other, field in fields([each for each in drafts if each is not draft], "object")
        if name_of(other) == name_of(block) and all(name_of(x) != name_of(field) for x in block.fields)
    ]
    if there:
        new = deepcopy(choices.one(there))
        new.directives = []
        apply(new, "@external")
        below = choices.one(("", "", " { __typename }", " { id }"))
        text = f'type X {{ needs: Int @requires(fields: "{name_of(new)}{below}") }}'
        block.fields += [new, *thawed(parse(text)).definitions[0].fields]


def _has_key(block: Any) -> bool:
    return any(name_of(each) == "key" for each in block.directives)


def provided_of_elsewhere(drafts: list[Draft], choices: Choices) -> None:
    """A field that provides one of its type's fields, there external."""
    draft = choices.one(drafts)
    objects = {name_of(block): block for block in draft.blocks("object")}
    found = [
        (field, objects[name_of(field.type)])
        for _, _, field in fields([draft], "object")
        if field.type.kind == "named_type" and name_of(field.type) in objects
    ]
    if not found:
        return
    field, block = choices.one(found)
    there = [
        each
        for _, other, each in fields([each for each in drafts if each is not draft], "object")
        if name_of(other) == name_of(block) and all(name_of(x) != name_of(each) for x in block.fields)
    ]
    if there:
        shared = choices.one(there)
        new = deepcopy(shared)
        new.directives = []
        apply(new, "@external")
        if choices.chance(75):
            apply(shared, "@shareable")
        block.fields.append(new)
        apply(field, f'@provides(fields: "{name_of(new)}")')


def unresolvable(drafts: list[Draft], choices: Choices) -> None:
    """A key that leads nowhere."""
    found = [
        directive
        for draft in drafts
        for block in draft.blocks("object", "interface")
        for directive in block.directives
        if name_of(directive) == "key" and len(directive.arguments) == 1
    ]
    if found:
        choices.one(found).arguments += (
            thawed(parse("scalar X @key(resolvable: false)")).definitions[0].directives[0].arguments
        )


def older_version(drafts: list[Draft], choices: Choices) -> None:
    choices.one(drafts).version = (2, choices.count(0, 4))


def subgraph_less(drafts: list[Draft], choices: Choices) -> None:
    if len(drafts) > 1:
        drafts.remove(choices.one(drafts))


def type_externals(drafts: list[Draft], choices: Choices) -> None:
    """A type that is external as a whole, its fields used in `@provides`."""
    draft = choices.one(drafts)
    blocks = draft.blocks("object")
    if blocks:
        apply(choices.one(blocks), choices.one(("@external", '@external(reason: "Elsewhere.")')))


def renamed_subgraph(drafts: list[Draft], choices: Choices) -> None:
    choices.one(drafts).name = choices.one(("a-b", "a_b", "1x", "p_1", "Z", "é", "A"))


FAULTS: tuple[Fault, ...] = (
    something_less,
    something_less,
    directive_less,
    directive_less,
    directive_more,
    directive_more,
    directive_more,
    other_field_set,
    other_field_set,
    other_type,
    other_type,
    other_default,
    argument_more,
    input_field_more,
    enum_value_more,
    interface_field_more,
    field_copied,
    field_copied,
    field_renamed,
    type_renamed,
    other_kind,
    kind_swapped,
    override_from_elsewhere,
    required_of_elsewhere,
    required_of_elsewhere,
    provided_of_elsewhere,
    unresolvable,
    type_externals,
    older_version,
    subgraph_less,
    renamed_subgraph,
)
