"""Converting: the function that makes what is written of what was read.

Direct places need none. Any other object is made anew, with the client's fields in the client's order; nothing that was
read is changed, so objects that stand in several places are converted in each. On the way the entities are noted, the
policy's conditions checked (one that fails is the interpreter's business), and what it refuses is null.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gateway.federation.answer import Touched
from gateway.federation.execution.compiled.collect import mapped
from gateway.federation.execution.compiled.places import NotCompiled, Place
from gateway.federation.execution.compiled.source import Function, Source
from gateway.federation.execution.compiled.structs import Structs, list_depth, written
from gateway.federation.execution.project import composite_in
from gateway.federation.planning.query_plan import (
    Guard,
    NonNull,
    ProjectedField,
    ProjectedSelection,
    RepresentationField,
    RepresentationShape,
)

HEAD = "def convert(o, notes, way):"
"""`notes` is a `Notes`, `way` the way to the object as `Notes` has it."""


@dataclass(eq=False)
class Converter:
    """Makes the functions of one program; equal places and selections share one."""

    structs: Structs
    _made: dict[tuple[Place, int], Function] = field(default_factory=dict)
    _refusing: dict[int, bool] = field(default_factory=dict)

    def function(self, place: Place, selection: ProjectedSelection) -> Function:
        """`convert(object, notes, way)` for the objects of a place, as the selection shows them."""
        found = (place, id(selection))
        if found not in self._made:
            by_class = {
                self.structs.class_of(place, name): self._of_type(place, name, selection) for name in place.objects
            }
            self._made[found] = self._by_class(by_class) if place.is_abstract else next(iter(by_class.values()))
        return self._made[found]

    def _by_class(self, by_class: dict[object, Function]) -> Function:
        source = Source()
        known = source.constant(by_class)
        source.add(HEAD, f" return {known}[type(o)](o, notes, way)")
        return source.compiled("convert")

    def _of_type(self, place: Place, type_name: str, selection: ProjectedSelection) -> Function:
        source = Source()
        fields = self.structs.survey.visible(selection, type_name)
        made = source.constant(written(fields))
        with source.block(HEAD):
            if any(each.refusal and isinstance(each.shape, NonNull) for each in fields):
                source.add("raise Unusual")
            self._note(source, place, type_name, selection.keys.get(type_name, ()))
            for guard in {guard.condition: guard for each in fields for guard in each.guards}.values():
                self._check(source, place, type_name, guard)
            values = [self._value(source, place, type_name, each) for each in fields]
            source.add(f"return {made}({', '.join(values)})")
        return source.compiled("convert")

    def _note(self, source: Source, place: Place, type_name: str, keys: Sequence[RepresentationShape]) -> None:
        """Notes the object, by the first of the keys that is fetched."""
        stored = place.objects[type_name]
        fetched = next((key for key in keys if all(part.storage_key in stored for part in key.fields)), None)
        if fetched is None:
            return
        parts = [f"k{index}" for index in range(len(fetched.fields))]
        for name, part in zip(parts, fetched.fields, strict=True):
            if part.selection is not None or list_depth(stored[part.storage_key]):
                raise NotCompiled("a key that nests")
            source.add(f"{name} = o.{self.structs.attribute(place, type_name, part.storage_key)}")
        with source.block("if " + " or ".join(f"{name} is None" for name in parts) + ":"):
            source.add("raise Unusual")
        told = "".join(f"str({name}), " for name in parts)
        source.add(f"notes.touched[{source.constant(Touched)}({source.constant(type_name)}, ({told}))] = None")

    def _check(self, source: Source, place: Place, type_name: str, guard: Guard) -> None:
        values = self._picked(source, place, type_name, "o", guard.shape.fields)
        with source.block(f"if not {source.constant(guard.condition.holds)}({values}, notes.subject):"):
            source.add("raise Unusual")

    def _picked(
        self, source: Source, place: Place, type_name: str, name: str, parts: Sequence[RepresentationField]
    ) -> str:
        """The expression of an object's values, as a dict."""
        members = []
        for part in parts:
            stored = place.objects[type_name].get(part.storage_key)
            if stored is None:
                raise NotCompiled("a condition on what no fetch answers")
            value = f"{name}.{self.structs.attribute(place, type_name, part.storage_key)}"
            if part.selection is not None and stored.child is not None:
                value = mapped(value, list_depth(stored), f"{self._picker(source, stored.child, part.selection)}(%s)")
            members.append(f"{source.constant(part.name)}: {value}")
        return "{" + ", ".join(members) + "}"

    def _picker(self, source: Source, place: Place, shape: RepresentationShape) -> str:
        if place.is_abstract:
            raise NotCompiled("a condition on objects of several types")
        own = Source(source.names)
        own.add(f"def picker(o): return {self._picked(own, place, place.type, 'o', shape.fields)}")
        return source.constant(own.compiled("picker"))

    def _value(self, source: Source, place: Place, type_name: str, shown: ProjectedField) -> str:
        if shown.refusal is not None:
            given = map(source.constant, (shown.coordinate, shown.response_key, shown.refusal))
            return f"notes.refuse({', '.join(given)}, way)"
        if shown.static_typename is not None:
            return source.constant(shown.static_typename)
        stored = place.objects[type_name][shown.storage_key]
        value = f"o.{self.structs.attribute(place, type_name, stored.key)}"
        if stored.child is None or self.structs.is_direct(stored.child):
            return value
        shape = composite_in(shown.shape)
        assert shape is not None  # noqa: S101 - the field has a place below
        inner = source.constant(self.function(stored.child, shape.selection))
        if not self._refuses(shape.selection):
            return mapped(value, list_depth(stored), f"{inner}(%s, notes, ())")
        return _tracked(value, list_depth(stored), inner, f"(way, {source.constant(shown.response_key)})")

    def _refuses(self, selection: ProjectedSelection) -> bool:
        """Is anything refused in the selection, at any depth?"""
        if id(selection) not in self._refusing:
            fields = [each for found in selection.by_type.values() for each in found]
            self._refusing[id(selection)] = any(each.refusal for each in fields) or any(
                self._refuses(shape.selection) for each in fields if (shape := composite_in(each.shape))
            )
        return self._refusing[id(selection)]


def _tracked(value: str, depth: int, function: str, way: str) -> str:
    """As `mapped`, where the function must know the way to each object."""
    item = f"i{depth}"
    if not depth:
        return f"(None if ({item} := {value}) is None else {function}({item}, notes, {way}))"
    inner = _tracked(f"v{depth}", depth - 1, function, f"({way}, n{depth})")
    return f"(None if ({item} := {value}) is None else [{inner} for n{depth}, v{depth} in enumerate({item})])"
