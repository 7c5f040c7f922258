"""What Federation 2.1 and later versions brought, as decorations of random sets: each where the version has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphql import parse

from gateway.federation.composition.federation_spec import directives_of

from ..gateway.federation.oracle.choices import Choices
from .loose import Draft, applied, apply, elements, fields, name_of, named, thawed

SCOPES = ('[["a"]]', '[["a", "b"]]', '[["a"], ["b"]]', '[["a", "b"], ["c"]]', "[[]]")
KEY_TAGS = ("", "-{$key.id}")
NO_ARGUMENT = '"none"'
ACCESS = {
    "authenticated": ("",),
    "requiresScopes": tuple(f"(scopes: {each})" for each in SCOPES),
    "policy": tuple(f"(policies: {each})" for each in SCOPES),
}
_GUARDED = ("OBJECT", "FIELD_DEFINITION", "ENUM", "SCALAR", "INTERFACE")
_WEIGHED = ("OBJECT", "FIELD_DEFINITION", "ENUM", "SCALAR", "ARGUMENT_DEFINITION", "INPUT_FIELD_DEFINITION")


def has(draft: Draft, directive: str) -> bool:
    return draft.version >= (2, 0) and directive in directives_of(draft.version)


def access_rules(drafts: list[Draft], choices: Choices) -> None:
    for draft, element, location in elements(drafts):
        of_interface = location == "INTERFACE" or _is_of_interface(draft, element)
        if location in _GUARDED and choices.chance(1 if of_interface else 6):
            _guard(draft, element, choices)


def _guard(draft: Draft, element: Any, choices: Choices) -> None:
    name = choices.one(tuple(ACCESS))
    if has(draft, name) and not applied(element, name) and not applied(element, "external"):
        apply(element, f"@{name}{choices.one(ACCESS[name])}")


def _is_of_interface(draft: Draft, element: Any) -> bool:
    return any(field is element for block in draft.blocks("interface") for field in block.fields)


def required_access(drafts: list[Draft], choices: Choices) -> None:
    """Fields that others require are guarded, and sometimes the fields that require them."""
    for draft in drafts:
        for block in draft.blocks("object"):
            external = {name_of(field) for field in block.fields if applied(field, "external")}
            for other in drafts:
                for _, there, field in fields([other], "object"):
                    if name_of(there) == name_of(block) and name_of(field) in external and choices.chance(15):
                        _guard(other, field, choices)
            for field in block.fields:
                if applied(field, "requires") and choices.chance(20):
                    _guard(draft, field, choices)


def costs(drafts: list[Draft], choices: Choices) -> None:
    for draft, element, location in elements(drafts):
        of_interface = location == "FIELD_DEFINITION" and _is_of_interface(draft, element)
        if location in _WEIGHED and has(draft, "cost") and choices.chance(1 if of_interface else 8):
            apply(element, f"@cost(weight: {choices.one(('1', '5', '0', '-2'))})")


def list_sizes(drafts: list[Draft], choices: Choices) -> None:
    for draft, _, field in fields(drafts, "object", "interface"):
        is_list = "list_type" in (field.type.kind, getattr(getattr(field.type, "type", None), "kind", ""))
        if has(draft, "listSize") and (choices.chance(25) if is_list else choices.chance(1) and choices.chance(15)):
            apply(field, f"@listSize({_list_size(draft, field, choices)})")


def _list_size(draft: Draft, field: Any, choices: Choices) -> str:
    counts = [f'"{name_of(each)}"' for each in field.arguments if named(each.type) == "Int"]
    parts = [f"assumedSize: {choices.one(('1', '10', '0', '-1' if choices.chance(8) else '2'))}"]
    if choices.chance(60) and (counts or choices.chance(5)):
        parts.append(f"slicingArguments: [{', '.join(counts) or NO_ARGUMENT}]")
    if choices.chance(2):
        parts.append('sizedFields: ["one"]')
    if choices.chance(30):
        parts.append(f"requireOneSlicingArgument: {choices.one(('true', 'false'))}")
    return ", ".join(choices.some(parts, 1))


def cache_tags(drafts: list[Draft], choices: Choices) -> None:
    for draft, block, field in fields(drafts, "object"):
        if has(draft, "cacheTag") and name_of(block) == "Query" and choices.chance(20):
            arguments = [name_of(each) for each in field.arguments]
            inside = f"-{{$args.{choices.one(arguments)}}}" if arguments and choices.chance(50) else ""
            apply(field, f'@cacheTag(format: "{name_of(field)}{inside}")')
    for draft in drafts:
        for block in draft.blocks("object"):
            if has(draft, "cacheTag") and applied(block, "key") and choices.chance(15):
                apply(block, f'@cacheTag(format: "{name_of(block)}{choices.one(KEY_TAGS)}")')


def schema_tags(drafts: list[Draft], choices: Choices) -> None:
    draft = choices.one(drafts)
    if draft.version >= (2, 3):
        draft.composed += ' @tag(name: "whole")'


def composed_directives(drafts: list[Draft], choices: Choices) -> None:
    """A directive of the house's own, exported by some of its users."""
    definition = choices.one(("@note(text: String)", "@note(text: String) repeatable", "@note"))
    for draft in drafts:
        if not has(draft, "composeDirective") or not choices.chance(70):
            continue
        version = choices.one(("v1.0", "v1.0", "v1.0", "v1.2", "v2.0"))
        link = f'@link(url: "https://example.com/notes/{version}", import: ["@note"])'
        export = '@composeDirective(name: "@note")' if choices.chance(85) else ""
        draft.composed += f" {link} {export}"
        draft.add(f"directive {definition} on FIELD_DEFINITION | OBJECT | ENUM")
        for _, element, location in elements([draft]):
            if location in ("FIELD_DEFINITION", "OBJECT", "ENUM") and choices.chance(8):
                apply(element, _note(definition, choices))


def _note(definition: str, choices: Choices) -> str:
    return f'@note(text: "{choices.one(("m", "n"))}")' if "text" in definition else "@note"


def contexts(drafts: list[Draft], choices: Choices) -> None:
    """A type sets a context, and a field of another has an argument from it."""
    able = [draft for draft in drafts if has(draft, "context")]
    if not able:
        return
    draft = choices.one(able)
    objects = [block for block in draft.blocks("object") if name_of(block) not in ("Query", "Mutation", "Subscription")]
    sources = [(block, field) for block in objects for field in block.fields if _is_leaf(draft, field)]
    targets = [block for block in objects if applied(block, "key") or choices.chance(5)]
    if not sources or not targets:
        return
    block, field = choices.one(sources)
    name = "c_1" if choices.chance(4) else "con"
    for setter in (block, *choices.some(objects, 0, 1)):
        if not applied(setter, "context"):
            apply(setter, f'@context(name: "{name}")')
    argument = f'(given: {named(field.type)} @fromContext(field: "{_selection(name, field, choices)}"))'
    home = choices.one(targets)
    home.fields += thawed(parse(f"type X {{ aware{argument}: Int }}")).definitions[0].fields


def _is_leaf(draft: Draft, field: Any) -> bool:
    composite = {name_of(each) for each in draft.blocks("object", "interface", "union")}
    plain = field.type if field.type.kind == "named_type" else field.type.type
    declared = field.arguments or applied(field, "external")
    return plain.kind == "named_type" and name_of(plain) not in composite and not declared


def _selection(name: str, field: Any, choices: Choices) -> str:
    usual = f"${name} {{ {name_of(field)} }}"
    wrong = (f"$other {{ {name_of(field)} }}", f"${name} {{ nope }}", name, f"${name} {{ __typename }}")
    return usual if choices.chance(85) else choices.one(wrong)


NEWER: Sequence[Any] = (
    access_rules,
    required_access,
    costs,
    list_sizes,
    cache_tags,
    schema_tags,
    composed_directives,
    contexts,
)
