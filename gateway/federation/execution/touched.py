"""The entities that an answer is made of, as they are recorded: each once, in the order in which they are met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gateway.federation.answer import Touched
from gateway.federation.execution.representations import picked
from gateway.federation.planning.query_plan import RepresentationShape


def touched_by(item: dict[str, Any], type_name: str, shapes: Sequence[RepresentationShape]) -> Touched | None:
    """The object, by the first of its keys that it has; None if it has none."""
    for shape in shapes:
        values = picked(item, shape)
        if values is not None and (key := tuple(key_values(values))):
            return Touched(type_name, key)
    return None


def key_values(value: Any) -> Iterator[str]:
    """The leaves of a key's value, in order, as text; nothing if one is null."""
    found = list(_leaves(value))
    if None not in found:
        yield from map(str, found)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name != "__typename":
                yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    else:
        yield value
