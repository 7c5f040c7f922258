"""Places -> the classes that answers are read into and written from.

msgspec reads JSON into such classes and writes them as JSON in C, so no value is touched from Python that need not be.
Reading is also the check: what was not asked for is dropped, and what is missing, null where the client may not see
null, or of another type, is an error, on which the interpreter takes over.

A place is *direct* where its objects can be written as they were read: one runtime type, each field shown once, under
its own key, and nothing to check or to note. Any other place has objects of a second class, made from the first when
all is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Optional, Union

import msgspec
from graphql import GraphQLEnumType, get_named_type, is_list_type, is_non_null_type

from gateway.federation.execution.compiled.places import NotCompiled, Place, Stored, Survey
from gateway.federation.execution.project import MAX_INT, MIN_INT
from gateway.federation.planning.query_plan import (
    Composite,
    EnumLeaf,
    Leaf,
    ListOf,
    NonNull,
    OutputShape,
    ProjectedField,
)

Class = Any
"""A class made by `msgspec.defstruct`."""

_CUSTOM_DEPTH = 4
"""How deep a custom scalar's lists and objects may nest here; deeper ones are the interpreter's."""


def _custom() -> Any:
    found: Any = Union[str, int, float, bool, None]  # noqa: UP007 - made by a loop
    for _ in range(_CUSTOM_DEPTH):
        found = Union[str, int, float, bool, None, list[found], dict[str, found]]  # noqa: UP007
    return found


_LEAVES: Mapping[Leaf, Any] = {
    Leaf.INT: Annotated[int, msgspec.Meta(ge=MIN_INT, le=MAX_INT)],
    Leaf.FLOAT: int | float,
    Leaf.STRING: str,
    Leaf.BOOLEAN: bool,
    Leaf.ID: str,
    Leaf.CUSTOM: _custom(),
}
_BY_NAME = {leaf.value: leaf for leaf in Leaf if leaf is not Leaf.CUSTOM}


@dataclass(eq=False)
class Structs:
    """The classes of one program."""

    survey: Survey
    read: dict[tuple[Place, str], Class] = field(default_factory=dict)
    """What the objects of a runtime type at a place are read into."""
    _direct: dict[Place, bool] = field(default_factory=dict)
    _parts: dict[object, Class] = field(default_factory=dict)

    def attribute(self, place: Place, type_name: str, key: str) -> str:
        """The attribute that holds a stored field: a name of ours, so that no text of others gets into code."""
        self.is_direct(place)  # which decides on the order
        return f"f{list(place.objects[type_name]).index(key)}"

    def is_direct(self, place: Place) -> bool:
        """Are the objects written as they were read?"""
        if place not in self._direct:
            self._direct[place] = not place.is_abstract and len(place.selections) == 1 and self._all_direct(place)
        return self._direct[place]

    def _all_direct(self, place: Place) -> bool:
        [stored] = place.objects.values()
        [selection] = place.selections.values()
        shown = self.survey.visible(selection, place.type)
        if selection.keys.get(place.type) or any(each.refusal or each.guards for each in shown):
            return False
        ordered = {each.storage_key: stored[each.storage_key] for each in shown if each.static_typename is None}
        if len(ordered) != len(stored) or len(shown) != len(stored):
            return False
        place.objects[place.type] = ordered  # written in the client's order
        return all(
            [at.response_key for at in each.shown] == [each.key] and (each.child is None or self.is_direct(each.child))
            for each in ordered.values()
        )

    # --- classes that answers are read into ---------------------------------------------------------------------

    def class_of(self, place: Place, type_name: str) -> Class:
        """What an object is read into: the fields of its maker are required, those of other steps come later."""
        if (place, type_name) not in self.read:
            self.is_direct(place)
            if place.is_abstract and not place.typed:
                raise NotCompiled("objects without a runtime type")
            fields = list(place.objects[type_name].values())
            self.read[place, type_name] = self._struct(
                fields, [each.step == place.maker for each in fields], type_name if place.is_abstract else None
            )
        return self.read[place, type_name]

    def part(self, fields: Sequence[Stored], tag: str | None) -> Class:
        """What some fields of an object are read into, as the attributes f0, f1, …; the same class for the same
        fields."""
        found = (tag, tuple((each.key, self.type_of(each)) for each in fields))
        if found not in self._parts:
            self._parts[found] = self._struct(fields, [True] * len(fields), tag)
        return self._parts[found]

    def _struct(self, fields: Sequence[Stored], required: Sequence[bool], tag: str | None) -> Class:
        members: list[Any] = []
        for index, (each, now) in enumerate(zip(fields, required, strict=True)):
            name, read = f"f{index}", self.type_of(each)
            members.append((name, read) if now else (name, read | msgspec.UnsetType, msgspec.UNSET))
        rename = {f"f{index}": each.key for index, each in enumerate(fields)}
        tag_field = None if tag is None else "__typename"
        return msgspec.defstruct("Read", members, rename=rename, kw_only=True, gc=False, tag=tag, tag_field=tag_field)

    def type_of(self, stored: Stored) -> Any:
        """The type that a field is read as."""
        if stored.shown:
            return self._shown_type(stored.shown[0].shape, stored)
        return self._hidden_type(stored.type, stored)

    def _shown_type(self, shape: OutputShape, stored: Stored) -> Any:
        if isinstance(shape, NonNull):
            return self._inside(shape.of, stored)
        return Optional[self._inside(shape, stored)]  # noqa: UP045 - of a type made here

    def _inside(self, shape: OutputShape, stored: Stored) -> Any:
        if isinstance(shape, ListOf):
            return list[self._shown_type(shape.of, stored)]  # type: ignore[misc]
        if isinstance(shape, Composite):
            return self._objects(stored)
        return leaf_type(shape)

    def _hidden_type(self, output: Any, stored: Stored) -> Any:
        """Of a key or an input: null may stand anywhere, since no one sees it."""
        if is_non_null_type(output):
            output = output.of_type
        if is_list_type(output):
            return Optional[list[self._hidden_type(output.of_type, stored)]]  # type: ignore[misc]  # noqa: UP045
        if stored.child is not None:
            return Optional[self._objects(stored)]  # noqa: UP045
        named = get_named_type(output)
        if isinstance(named, GraphQLEnumType):
            return str | None
        return Optional[_LEAVES[_BY_NAME.get(named.name, Leaf.CUSTOM)]]  # noqa: UP045

    def _objects(self, stored: Stored) -> Any:
        assert stored.child is not None  # noqa: S101 - a composite field
        classes = [self.class_of(stored.child, name) for name in stored.child.objects]
        if not classes:
            raise NotCompiled("an abstract type without objects")
        return one_of(classes)


def one_of(classes: Sequence[Class]) -> Any:
    """The type of what is read into one of the classes."""
    return Union[tuple(classes)]  # noqa: UP007 - of classes made here


def leaf_type(shape: OutputShape) -> Any:
    """What a leaf is read as."""
    if isinstance(shape, EnumLeaf):
        if not shape.values:
            raise NotCompiled("an enum without values")
        return Literal[tuple(sorted(shape.values))]
    assert isinstance(shape, Leaf)  # noqa: S101 - lists and objects are handled before
    return _LEAVES[shape]


def written(fields: Sequence[ProjectedField]) -> Class:
    """What the client's fields are written from, as the positional attributes f0, f1, …"""
    members = [(f"f{index}", Any) for index in range(len(fields))]
    rename = {f"f{index}": each.response_key for index, each in enumerate(fields)}
    return msgspec.defstruct("Written", members, rename=rename, gc=False)


def nullable(stored: Stored) -> bool:
    """May the field be null for all who show it?"""
    return not any(isinstance(each.shape, NonNull) for each in stored.shown)


def list_depth(stored: Stored) -> int:
    """How many lists the field's values nest in."""
    depth, output = 0, stored.type
    while is_list_type(output) or is_non_null_type(output):
        depth += is_list_type(output)
        output = output.of_type
    return depth
