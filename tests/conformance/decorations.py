"""What a random set of subgraphs is decorated with: features of the language, one a function, most of them harmless.

Each changes the drafts in place, or leaves them where it does not apply.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from graphql import parse, parse_type, parse_value

from gateway.federation.composition.federation_spec import Version

from ..gateway.federation.oracle.choices import Choices
from .loose import Draft, applied, apply, elements, fields, is_extension, kind_of, name_of, named, thawed
from .newer_decorations import NEWER

Decoration = Callable[[list[Draft], Choices], None]
WORDS = ("What it is.", "What it is.", "What it is, told otherwise.", "Lo que es.")


def decorate(drafts: list[Draft], choices: Choices) -> None:
    for decoration in (*choices.some(DECORATIONS, 0, 5), *choices.some(NEWER, 0, 2)):
        decoration(drafts, choices)


def decorate_last(drafts: list[Draft], choices: Choices) -> None:
    for decoration in choices.some(LAST_DECORATIONS, 0, 2):
        decoration(drafts, choices)


def descriptions(drafts: list[Draft], choices: Choices) -> None:
    for _, element, _ in elements(drafts):
        if choices.chance(20):
            element.description = thawed(parse_value(f'"{choices.one(WORDS)}"'))


def deprecations(drafts: list[Draft], choices: Choices) -> None:
    reasons = ("@deprecated", "@deprecated", '@deprecated(reason: "Old.")', '@deprecated(reason: "Older.")')
    for _, element, location in elements(drafts):
        optional = element.kind == "field_definition" or getattr(element, "type", element).kind != "non_null_type"
        if location in _DEPRECATED and optional and choices.chance(10) and not applied(element, "external"):
            apply(element, choices.one(reasons))


_DEPRECATED = ("FIELD_DEFINITION", "ENUM_VALUE", "ARGUMENT_DEFINITION", "INPUT_FIELD_DEFINITION")


def tags(drafts: list[Draft], choices: Choices) -> None:
    for _, element, _ in elements(drafts):
        if choices.chance(8) and not applied(element, "external"):
            apply(element, f'@tag(name: "{choices.one(("x", "y", "z/1"))}")')


def demands(drafts: list[Draft], choices: Choices) -> None:
    """Who may see an element; hardly ever of an interface, which cannot say so."""
    options = {
        "@authenticated": (2, 5),
        '@requiresScopes(scopes: [["a"], ["b"]])': (2, 5),
        '@requiresScopes(scopes: [["a", "c"]])': (2, 5),
        "@requiresScopes(scopes: [])": (2, 5),
        '@policy(policies: [["p"]])': (2, 6),
    }
    for each, block, element in _outputs(drafts):
        chances = 1 if kind_of(block) == "interface" else 10
        if choices.chance(chances) and not applied(element, "external"):
            _apply_if_known(each, element, choices.one(list(options.items())))


def costs(drafts: list[Draft], choices: Choices) -> None:
    for each, element, location in elements(drafts):
        if location in _COSTLY and choices.chance(5) and not applied(element, "external"):
            _apply_if_known(each, element, (f"@cost(weight: {choices.count(-1, 5)})", (2, 9)))
    for each, _, field in fields(drafts, "object", "interface"):
        if choices.chance(50 if field.type.kind == "list_type" else 1) and not applied(field, "external"):
            options = ("(assumedSize: 3)", "(assumedSize: 5)", "", "(assumedSize: 3, requireOneSlicingArgument: false)")
            _apply_if_known(each, field, (f"@listSize{choices.one(options)}", (2, 9)))


_COSTLY = ("ARGUMENT_DEFINITION", "ENUM", "INPUT_FIELD_DEFINITION", "OBJECT", "SCALAR")


def cache_tags(drafts: list[Draft], choices: Choices) -> None:
    for each, block, element in _outputs(drafts):
        if kind_of(block) == "object" and choices.chance(10):
            _apply_if_known(each, element, (f'@cacheTag(format: "{choices.one(("x", "y"))}")', (2, 12)))


def _outputs(drafts: list[Draft]) -> list[tuple[Draft, Any, Any]]:
    """Types that can come out, and their fields: subgraph, type, element."""
    types = [(each, block, block) for each in drafts for block in each.blocks("object", "interface", "scalar", "enum")]
    return [*types, *fields(drafts, "object", "interface")]


def _apply_if_known(draft: Draft, element: Any, directive: tuple[str, Version]) -> None:
    text, since = directive
    if draft.version >= since and not applied(element, text[1:].partition("(")[0]):
        apply(element, text)


def hidden_elements(drafts: list[Draft], choices: Choices) -> None:
    for _, element, location in elements(drafts):
        if choices.chance(1 if location in ("OBJECT", "INTERFACE") else 2) and not applied(element, "external"):
            apply(element, "@inaccessible")


def hidden_once(drafts: list[Draft], choices: Choices) -> None:
    hide = [each for _, each, _ in elements(drafts) if not applied(each, "external")]
    if hide:
        apply(choices.one(hide), "@inaccessible")


def split_blocks(drafts: list[Draft], choices: Choices) -> None:
    """Some of a type's parts are in an extension."""
    for draft in drafts:
        for block in draft.blocks():
            part = _PARTS.get(kind_of(block))
            items = getattr(block, part, []) if part else []
            if part and len(items) > 1 and not is_extension(block) and choices.chance(35):
                cut = choices.count(1, len(items) - 1)
                setattr(block, part, items[:cut])
                new = thawed(parse(f"extend {_WORD[kind_of(block)]} {name_of(block)} @x")).definitions[0]
                shared = [each for each in block.directives if name_of(each) == "shareable"]
                new.directives = shared if choices.chance(80) else []
                setattr(new, part, items[cut:])
                draft.document.definitions.append(new)


_PARTS = {"object": "fields", "interface": "fields", "union": "types", "enum": "values", "input_object": "fields"}
_WORD = {
    "object": "type",
    "interface": "interface",
    "union": "union",
    "enum": "enum",
    "input_object": "input",
    "scalar": "scalar",
}


def extensions_only(drafts: list[Draft], choices: Choices) -> None:
    """Types that a subgraph only extends, though it may be the only one that has them."""
    for draft in drafts:
        for block in draft.blocks("object", "interface"):
            if choices.chance(18):
                _extend(draft, block, choices)


def _extend(draft: Draft, block: Any, choices: Choices) -> None:
    if choices.chance(30):
        apply(block, "@extends")
        return
    word = _WORD[kind_of(block)]
    new = thawed(parse(f"extend {word} X @x")).definitions[0]
    for part in ("name", "interfaces", "directives", "fields"):
        setattr(new, part, getattr(block, part))
    draft.replace(block, new)


def extension_keys_external(drafts: list[Draft], choices: Choices) -> None:
    """Key fields of a type that is extended, marked external as Federation 1 had it."""
    for draft, block, field in fields(drafts, "object"):
        is_entity = applied(block, "key")
        if is_entity and name_of(field) in ("id", "code") and choices.chance(10):
            if not is_extension(block) and choices.chance(70):
                _extend(draft, block, choices)
            apply(field, "@external")


def shareable_types(drafts: list[Draft], choices: Choices) -> None:
    """`@shareable` on types, for their fields or besides."""
    for draft in drafts:
        for block in draft.blocks("object"):
            if not applied(block, "shareable") and choices.chance(30):
                apply(block, "@shareable")
                for field in block.fields:
                    if choices.chance(80):
                        field.directives = [each for each in field.directives if name_of(each) != "shareable"]


def shareable_twice(drafts: list[Draft], choices: Choices) -> None:
    for _, _, field in fields(drafts, "object"):
        if applied(field, "shareable") and choices.chance(3):
            apply(field, "@shareable")


def other_nullability(drafts: list[Draft], choices: Choices) -> None:
    for _, _, field in fields(drafts, "object", "interface", "input_object"):
        if choices.chance(5):
            field.type = _toggled(field.type)


def _toggled(type_node: Any) -> Any:
    return type_node.type if type_node.kind == "non_null_type" else _non_null(type_node)


def _non_null(type_node: Any) -> Any:
    wrapper = thawed(parse_type("X!"))
    wrapper.type = type_node
    return wrapper


def narrowed_types(drafts: list[Draft], choices: Choices) -> None:
    """Fields of an abstract type are of one of its members in some subgraph."""
    for draft in drafts:
        members = {name_of(block): [name_of(each) for each in block.types] for block in draft.blocks("union")}
        for block in draft.blocks("object"):
            for interface in block.interfaces:
                members.setdefault(name_of(interface), []).append(name_of(block))
        for _, _, field in fields([draft], "object", "interface"):
            found = members.get(named(field.type))
            if found and choices.chance(10):
                _rename(field.type, choices.one(found))


def _rename(type_node: Any, name: str) -> None:
    while type_node.kind != "named_type":
        type_node = type_node.type
    type_node.name.value = name


def more_arguments(drafts: list[Draft], choices: Choices) -> None:
    """An argument more of some fields of the roots, in all subgraphs that have the field, or in most."""
    options = ("extra: Int", "extra: Int = 1", "extra: [Int] = [1, 2]", 'extra: String = "s"', "extra: Int!")
    chosen: dict[str, str] = {}
    for _, block, field in fields(drafts, "object"):
        if name_of(block) in ("Query", "Mutation"):
            text = chosen.setdefault(name_of(field), choices.one(("", "", *options)))
            if text and all(name_of(each) != "extra" for each in field.arguments) and choices.chance(90):
                field.arguments += thawed(parse(f"type X {{ x({text}): Int }}")).definitions[0].fields[0].arguments


def unused_types(drafts: list[Draft], choices: Choices) -> None:
    options = (
        "enum Idle { ON OFF }",
        "enum Idle { ON }",
        "input Unused { a: Int = 1 b: [Idle!] }  enum Idle { ON OFF }",
        "interface Bare { a: Int }",
        'scalar Stamp @specifiedBy(url: "https://example.com/a")',
        'scalar Stamp @specifiedBy(url: "https://example.com/b")',
        "scalar Stamp",
        "type Alone { a: Int }",
    )
    for draft in drafts:
        taken = {name_of(block) for block in draft.blocks()}
        new = thawed(parse(choices.one(options))).definitions
        if not taken & {name_of(each) for each in new}:
            draft.document.definitions += new


def renamed_roots(drafts: list[Draft], choices: Choices) -> None:
    draft = choices.one(drafts)
    if draft.composed or all(name_of(block) != "Query" for block in draft.blocks()):
        return
    for block in draft.blocks("object"):
        if name_of(block) == "Query":
            block.name.value = "Root"
    for _, _, field in fields([draft], "object", "interface"):
        if named(field.type) == "Query":
            _rename(field.type, "Root")
    draft.add("schema { query: Root }")


def mutations(drafts: list[Draft], choices: Choices) -> None:
    for draft in drafts:
        if choices.chance(50):
            word = choices.one(("type", "type", "type", "extend type"))
            change = "change(x: Int = 1): Int @shareable" if choices.chance(30) else ""
            if all(name_of(block) != "Mutation" for block in draft.blocks()):
                draft.add(f"{word} Mutation {{ {change} only{draft.name.upper()}: String }}")


def subscriptions(drafts: list[Draft], choices: Choices) -> None:
    for draft in drafts:
        if choices.chance(50):
            name = "news" if choices.chance(10) else f"newsOf{draft.name.upper()}"
            mark = " @shareable" if choices.chance(5) else ""
            draft.add(f"type Subscription {{ {name}: Int{mark} }}")


def executable_directives(drafts: list[Draft], choices: Choices) -> None:
    options = (
        "on FIELD",
        "on FIELD | QUERY",
        "repeatable on FIELD",
        "on QUERY",
        "(a: Int) on FIELD",
        "(a: Int = 1) on FIELD",
    )
    usual = choices.one(options)
    for draft in drafts:
        if choices.chance(80):
            mine = usual if choices.chance(75) else choices.one(options)
            text = mine if mine.startswith("(") else f" {mine}"
            draft.add(f"directive @trace{text}")


def own_definitions(drafts: list[Draft], choices: Choices) -> None:
    """Definitions of Federation's own, as many a server prints them."""
    options = (
        "directive @shareable on FIELD_DEFINITION | OBJECT",
        "directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE",
        "directive @tag(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION",
        "directive @external(reason: String) on FIELD_DEFINITION | OBJECT",
        "directive @external on FIELD_DEFINITION",
        "directive @override(from: String!) on FIELD_DEFINITION",
        "scalar FieldSet",
        "scalar _Any",
    )
    draft = choices.one(drafts)
    draft.add(choices.one(options))


def more_keys(drafts: list[Draft], choices: Choices) -> None:
    for draft in drafts:
        for block in draft.blocks("object"):
            leaves = [name_of(each) for each in block.fields if named(each.type) in ("Int", "String", "ID")]
            if applied(block, "key") and leaves and choices.chance(25):
                tail = choices.one(("", "", ", resolvable: false", ", resolvable: true"))
                apply(block, f'@key(fields: "{" ".join(choices.some(leaves, 1, 2))}"{tail})')


def plain_overrides(drafts: list[Draft], choices: Choices) -> None:
    """A field of one subgraph is taken over by another."""
    _override(drafts, choices, "")


def labelled_overrides(drafts: list[Draft], choices: Choices) -> None:
    label = choices.one(("percent(25)", "percent(0.5)", "flag-1", "a:b/c", "percent(101)", "1st", "ñ"))
    _override(drafts, choices, f', label: "{label}"')


def _override(drafts: list[Draft], choices: Choices, label: str) -> None:
    plain = [found for found in fields(drafts, "object") if not found[2].directives]
    owners = [each for each in plain if any(_has(other, each) for other in drafts if other is not each[0])]
    if not owners:
        return
    source, block, field = choices.one(owners)
    taker = choices.one([other for other in drafts if other is not source and _has(other, (source, block, field))])
    name = name_of(field)
    there = next(each for each in taker.blocks("object") if name_of(each) == name_of(block))
    if any(name_of(each) == name for each in there.fields) or not _knows(taker, field):
        return
    new = deepcopy(field)
    there.fields.append(new)
    apply(new, f'@override(from: "{source.name}"{label})')


def _has(draft: Draft, found: tuple[Draft, Any, Any]) -> bool:
    return any(name_of(each) == name_of(found[1]) for each in draft.blocks("object"))


def _knows(draft: Draft, field: Any) -> bool:
    """Does a subgraph have all the types that a field names?"""
    known = {"Int", "String", "Float", "ID", "Boolean", *(name_of(block) for block in draft.blocks())}
    return {named(field.type), *(named(each.type) for each in field.arguments)} <= known


DECORATIONS: tuple[Decoration, ...] = (
    descriptions,
    deprecations,
    tags,
    hidden_elements,
    hidden_once,
    split_blocks,
    extensions_only,
    extension_keys_external,
    shareable_types,
    shareable_twice,
    other_nullability,
    narrowed_types,
    more_arguments,
    unused_types,
    renamed_roots,
    mutations,
    subscriptions,
    executable_directives,
    own_definitions,
    more_keys,
    plain_overrides,
    labelled_overrides,
)
LAST_DECORATIONS: tuple[Decoration, ...] = (demands, costs, cache_tags)
"""Those that are put on what is right or broken already, and of which faults know nothing."""
