"""Converting: the function that makes what is written of what was read.

Direct places need none. Any other object is made anew, with the client's fields in the client's order; nothing that was
read is changed, so objects that stand in several places are converted in each.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.federation.execution.compiled.collect import mapped
from gateway.federation.execution.compiled.places import Place
from gateway.federation.execution.compiled.source import Function, Source
from gateway.federation.execution.compiled.structs import Structs, list_depth, written
from gateway.federation.execution.project import composite_in
from gateway.federation.planning.query_plan import ProjectedField, ProjectedSelection


@dataclass(eq=False)
class Converter:
    """Makes the functions of one program; equal places and selections share one."""

    structs: Structs
    _made: dict[tuple[Place, int], Function] = field(default_factory=dict)

    def function(self, place: Place, selection: ProjectedSelection) -> Function:
        """`convert(object)` for the objects of a place, as the selection shows them."""
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
        source.add("def convert(o):", f" return {known}[type(o)](o)")
        return source.compiled("convert")

    def _of_type(self, place: Place, type_name: str, selection: ProjectedSelection) -> Function:
        source = Source()
        fields = self.structs.survey.visible(selection, type_name)
        made = source.constant(written(fields))
        values = [self._value(source, place, type_name, each) for each in fields]
        source.add("def convert(o):", f" return {made}({', '.join(values)})")
        return source.compiled("convert")

    def _value(self, source: Source, place: Place, type_name: str, shown: ProjectedField) -> str:
        if shown.static_typename is not None:
            return source.constant(shown.static_typename)
        stored = place.objects[type_name][shown.storage_key]
        value = f"o.{self.structs.attribute(place, type_name, stored.key)}"
        if stored.child is None or self.structs.is_direct(stored.child):
            return value
        return mapped(value, list_depth(stored), f"{self._inner(source, stored.child, shown)}(%s)")

    def _inner(self, source: Source, child: Place, shown: ProjectedField) -> str:
        shape = composite_in(shown.shape)
        assert shape is not None  # noqa: S101 - the field has a place below
        return source.constant(self.function(child, shape.selection))
