"""Small pieces of syntax tree."""

from __future__ import annotations

from typing import Any

from graphql.language import (
    BooleanValueNode,
    ConstArgumentNode,
    ConstDirectiveNode,
    ConstListValueNode,
    ConstObjectFieldNode,
    ConstObjectValueNode,
    ConstValueNode,
    EnumValueNode,
    IntValueNode,
    NamedTypeNode,
    NameNode,
    StringValueNode,
)


def name(value: str) -> NameNode:
    return NameNode(value=value)


def named(value: str) -> NamedTypeNode:
    return NamedTypeNode(name=name(value))


def text(value: str) -> StringValueNode:
    return StringValueNode(value=value)


def enum_value(value: str) -> EnumValueNode:
    return EnumValueNode(value=value)


def boolean(value: bool) -> BooleanValueNode:
    return BooleanValueNode(value=value)


def literal(value: Any) -> ConstValueNode:
    """A boolean, whole number, text, or list of such, as it is written."""
    if isinstance(value, bool):
        return boolean(value)
    if isinstance(value, int):
        return IntValueNode(value=str(value))
    if isinstance(value, list):
        return ConstListValueNode(values=tuple(map(literal, value)))
    return text(str(value))


def record(**entries: ConstValueNode) -> ConstObjectValueNode:
    """`{key: value}`."""
    fields = (ConstObjectFieldNode(name=name(key), value=value) for key, value in entries.items())
    return ConstObjectValueNode(fields=tuple(fields))


def link_import(element: str, local: str) -> ConstValueNode:
    """What `@link` imports a directive by, under its own name or another."""
    imported = text(f"@{element}")
    return imported if local == element else record(**{"name": imported, "as": text(f"@{local}")})


def directive(applied: str, **arguments: ConstValueNode | None) -> ConstDirectiveNode:
    """`@applied(...)`, with the arguments that are not None."""
    written = tuple(
        ConstArgumentNode(name=name(key), value=value) for key, value in arguments.items() if value is not None
    )
    return ConstDirectiveNode(name=name(applied), arguments=written)
