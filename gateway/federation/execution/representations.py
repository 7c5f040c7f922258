"""The objects that an entity fetch is for, and the representations that are sent of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.federation.execution.conditions import all_met
from gateway.federation.json_text import write_json
from gateway.federation.planning.query_plan import (
    Entities,
    EntityPlace,
    PathStep,
    Representation,
    RepresentationField,
    RepresentationShape,
)

_NO_REPRESENTATION = object()

Place = tuple[str | int, ...]
Represented = tuple[dict[str, Any], dict[str, Any], EntityPlace]
"""An object, its representation, and the place that it is asked for at."""


@dataclass(frozen=True, slots=True)
class Collected:
    """`sent[i]` is the representation of each of `targets[i]`: equal representations are sent once. What is answered
    under the keys `withheld[i]` was computed without all its inputs, and is not taken."""

    sent: list[dict[str, Any]]
    targets: list[list[dict[str, Any]]]
    withheld: dict[int, frozenset[str]] = field(default_factory=dict)


def objects_at(root: dict[str, Any], path: Sequence[PathStep]) -> list[dict[str, Any]]:
    """The objects at a path, lists walked, nulls and other types left out."""
    found = [root]
    for step in path:
        below: list[dict[str, Any]] = []
        for item in found:
            if step.types is None or typename_of(item) in step.types:
                flatten(item.get(step.key), below)
        found = below
    return found


def typename_of(item: Mapping[str, Any]) -> str | None:
    """The object's runtime type, if it has one that is a name at all."""
    name = item.get("__typename")
    return name if isinstance(name, str) else None


def flatten(value: Any, into: list[dict[str, Any]]) -> None:
    """Adds the objects in a value: itself, or those in its lists at any depth."""
    if isinstance(value, dict):
        into.append(value)
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                into.append(item)
            else:
                flatten(item, into)


def places_at(root: dict[str, Any], path: Sequence[PathStep]) -> Iterator[tuple[dict[str, Any], Place]]:
    """The objects that `objects_at` finds, each with where it lies, in storage keys and list indices."""
    pending: list[tuple[Any, int, Place]] = [(root, 0, ())]
    while pending:
        value, index, at = pending.pop()
        if isinstance(value, list):
            pending.extend((value[i], index, (*at, i)) for i in range(len(value) - 1, -1, -1))
        elif isinstance(value, dict):
            if index == len(path):
                yield value, at
                continue
            step = path[index]
            if step.types is None or typename_of(value) in step.types:
                pending.append((value.get(step.key), index + 1, (*at, step.key)))


def collect(
    root: dict[str, Any], entities: Entities, variables: Mapping[str, Any], starved: frozenset[str] | None = None
) -> Collected:
    """The representations of the objects at all places whose conditions hold.

    `starved` is given where a fetch that inputs come from has failed: the keys that are asked for. An input that is not
    there must not pass for one that is empty, so what requires it is withheld, and an object of which nothing else is
    asked has no representation.
    """
    return gathered(
        (
            (item, representation, place)
            for place in entities.places
            if all_met(place.conditions, variables)
            for item in objects_at(root, place.path)
            if (representation := represent(item, place.representations)) is not None
        ),
        starved,
    )


def gathered(represented: Iterable[Represented], starved: frozenset[str] | None) -> Collected:
    """Equal representations once."""
    sent: list[dict[str, Any]] = []
    targets: list[list[dict[str, Any]]] = []
    withheld: dict[int, frozenset[str]] = {}
    index: dict[bytes, int] = {}
    for item, representation, place in represented:
        hidden = frozenset[str]() if starved is None else _without_inputs(item, place)
        if hidden and starved is not None and hidden >= starved:
            continue
        identity = write_json(representation, sort_keys=True)
        position = index.get(identity)
        if position is None:
            index[identity] = len(sent)
            sent.append(representation)
            targets.append([item])
        else:
            targets[position].append(item)
        if hidden:
            withheld[index[identity]] = hidden
    return Collected(sent, targets, withheld)


def _without_inputs(item: dict[str, Any], place: EntityPlace) -> frozenset[str]:
    """The storage keys of the fields whose inputs are not all there."""
    representation = _representation(item, place.representations)
    fields = () if representation is None else _fields(item, representation.shape)
    absent = {part.name for part in fields if not part.is_key and _is_absent(item, part)}
    return frozenset(key for key, inputs in place.computed.items() if inputs & absent)


def _is_absent(item: dict[str, Any], part: RepresentationField) -> bool:
    if part.storage_key not in item:
        return True
    inside: list[dict[str, Any]] = []
    shape = part.selection
    if shape is not None:
        flatten(item[part.storage_key], inside)
    return shape is not None and any(_is_absent(each, inner) for each in inside for inner in _fields(each, shape))


def represent(item: dict[str, Any], representations: Sequence[Representation]) -> dict[str, Any] | None:
    """What is sent of an object; None where it has no representation."""
    representation = _representation(item, representations)
    if representation is None:
        return None
    values = picked(item, representation.shape)
    name = representation.typename or typename_of(item)
    return None if values is None else {"__typename": name, **values}


def picked(item: dict[str, Any], shape: RepresentationShape) -> dict[str, Any] | None:
    """What the shape picks of an object; None where a part of a key is missing."""
    values = _pick(item, shape)
    return None if values is _NO_REPRESENTATION else values


def _representation(item: dict[str, Any], representations: Sequence[Representation]) -> Representation | None:
    typename = typename_of(item)
    return next((each for each in representations if each.types is None or typename in each.types), None)


def _fields(item: dict[str, Any], shape: RepresentationShape) -> Sequence[RepresentationField]:
    """What the shape picks of an object of its type."""
    if not shape.by_type:
        return shape.fields
    own = shape.by_type.get(typename_of(item) or "", ())
    named = {part.name for part in own}
    return (*(part for part in shape.fields if part.name not in named), *own)


def _pick(item: dict[str, Any], shape: RepresentationShape) -> Any:
    values: dict[str, Any] = {}
    typename = typename_of(item)
    if shape.typename and typename is not None:
        values["__typename"] = typename
    for part in _fields(item, shape):
        value = _value(item, part)
        if value is _NO_REPRESENTATION:
            return _NO_REPRESENTATION
        if value is not _ABSENT:
            values[part.name] = value
    return values


_ABSENT = object()


def _value(item: dict[str, Any], part: RepresentationField) -> Any:
    value = item.get(part.storage_key, _ABSENT)
    if value is _ABSENT:
        return _NO_REPRESENTATION if part.is_key else _ABSENT
    if value is None:
        return _NO_REPRESENTATION if part.is_key and part.non_null else None
    return value if part.selection is None else _nested(value, part.selection)


def _nested(value: Any, shape: RepresentationShape) -> Any:
    if isinstance(value, list):
        values = [_nested(item, shape) for item in value]
        return _NO_REPRESENTATION if any(item is _NO_REPRESENTATION for item in values) else values
    return _pick(value, shape) if isinstance(value, dict) else value
