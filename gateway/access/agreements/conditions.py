"""Conditions of grants on the data -> the condition that the engine checks on each object.

Several grants may give one field: it is shown where the conditions of any of them all hold. What a condition speaks of
is fetched along from the provider; a value that is missing or null fulfils none but those that exclude values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.access.agreements.document import Condition
from gateway.federation.policy import Condition as OnObject
from gateway.federation.policy import Refusal

Alternatives = Sequence[Sequence[Condition]]
"""Any of these lists of conditions, each of which holds as a whole."""


def on_object(type_name: str, alternatives: Alternatives, refusal: Refusal) -> OnObject | None:
    """What must hold of an object of the type; None if one alternative asks nothing of it."""
    concerned = [[one for one in each if _type_of(one) == type_name] for each in alternatives]
    if not all(concerned):
        return None
    paths = sorted({_path(one) for each in concerned for one in each})

    def holds(values: Mapping[str, Any], subject: Mapping[str, str]) -> bool:
        return any(all(fulfilled(one, _value(values, _path(one)), subject) for one in each) for each in concerned)

    return OnObject(repr(concerned), _selection(paths), holds, refusal)


def fulfilled(condition: Condition, value: Any, subject: Mapping[str, str]) -> bool:
    """Whether a value fulfils the condition. Equal means equal in kind too: `true` is not 1."""
    if condition.none_of is not None:
        return not any(_same(value, other) for other in condition.none_of)
    if condition.one_of is not None:
        return any(_same(value, other) for other in condition.one_of)
    wanted = condition.equals if condition.equals_claim is None else subject.get(condition.equals_claim)
    return wanted is not None and _same(value, wanted)


def _same(value: Any, other: Any) -> bool:
    return type(value) is type(other) and value == other


def _type_of(condition: Condition) -> str:
    return condition.field.partition(".")[0]


def _path(condition: Condition) -> tuple[str, ...]:
    return tuple(condition.field.split(".")[1:])


def _value(values: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    found: Any = values
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _selection(paths: Sequence[tuple[str, ...]]) -> str:
    """`court { code specialty } reserved` of its sorted paths."""
    below: dict[str, list[tuple[str, ...]]] = {}
    for path in paths:
        below.setdefault(path[0], []).extend([path[1:]] if len(path) > 1 else [])
    return " ".join(name if not rest else f"{name} {{ {_selection(rest)} }}" for name, rest in below.items())
