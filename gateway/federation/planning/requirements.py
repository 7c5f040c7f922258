"""Keys, `@requires` inputs and contexts as selections, and as the shapes that representations are cut with."""

from __future__ import annotations

from functools import lru_cache

from gateway.federation.operation.selection import ALWAYS, Source
from gateway.federation.planning.contexts import ContextSource, applicable
from gateway.federation.planning.groups import Group, Input
from gateway.federation.planning.query_plan import (
    ContextValue,
    Representation,
    RepresentationField,
    RepresentationShape,
)
from gateway.federation.planning.space import Space
from gateway.federation.planning.storage import StorageKeys
from gateway.federation.supergraph.field_set import (
    FieldSet,
    SetField,
    SetFragment,
    parse_selection_set,
    print_field_set,
)


def requirement_sources(wanted: FieldSet) -> tuple[Source, ...]:
    """The field set as the source of a selection; the same nodes each time, so that selections are shared."""
    return ((_selection_set(print_field_set(wanted)), ALWAYS),)


_selection_set = lru_cache(maxsize=4096)(parse_selection_set)


def representations(group: Group, space: Space, storage: StorageKeys) -> tuple[Representation, ...]:
    """What the group sends, by runtime type."""
    place = group.position.type
    is_abstract = space.supergraph.types[place].is_abstract
    found = []
    for (types, owner), inputs in group.inputs.items():
        for type_name in types:
            called = type_name if owner in types else owner
            shape = _merged(inputs, _Cutter(space, storage, group.subgraph), place, type_name, called)
            any_type = type_name == place
            own_name = is_abstract and called == type_name and not any_type
            found.append(
                Representation(
                    types=None if any_type else frozenset((type_name,)),
                    typename=None if own_name else called,
                    shape=shape,
                )
            )
    return tuple(found)


def context_value(source: ContextSource, variable: str, space: Space, storage: StorageKeys) -> ContextValue:
    """What an ancestor hands in."""
    cutter = _Cutter(space, storage, "")
    place = source.place.type
    by_type = {
        name: cutter.shape(applicable(source.selection, name, space.supergraph), place, name, name, False).fields
        for name in source.types
    }
    shape = RepresentationShape(by_type[place]) if place in by_type else RepresentationShape(by_type=by_type)
    return ContextValue(variable, source.type, len(source.place.path()), shape)


def picked_shape(
    wanted: FieldSet, place: str, type_name: str, space: Space, storage: StorageKeys, is_key: bool
) -> RepresentationShape:
    """How a field set is picked of objects of a runtime type at a place of a static type."""
    return _Cutter(space, storage, "").shape(wanted, place, type_name, type_name, is_key)


def _merged(inputs: list[Input], cutter: _Cutter, place: str, type_name: str, owner: str) -> RepresentationShape:
    """All that is sent of one object; its `__typename` is the representation's business."""
    merged = RepresentationShape()
    for given in inputs:
        for wanted, is_key in ((given.key, True), (given.requires, False)):
            merged = _widest_shape(merged, cutter.shape(wanted, place, type_name, owner, is_key))
    return RepresentationShape(merged.fields, merged.by_type)


def _widest(known: RepresentationField | None, new: RepresentationField) -> RepresentationField:
    """Both selections of one field, where a key and a requirement name it."""
    if known is None or known.selection is None or new.selection is None:
        return new if known is None or new.is_key else known
    return RepresentationField(
        new.name,
        new.storage_key,
        known.is_key or new.is_key,
        known.non_null or new.non_null,
        _widest_shape(known.selection, new.selection),
    )


def _widest_shape(known: RepresentationShape, new: RepresentationShape) -> RepresentationShape:
    by_type = {
        name: _widest_fields(known.by_type.get(name, ()), new.by_type.get(name, ()))
        for name in (*known.by_type, *(n for n in new.by_type if n not in known.by_type))
    }
    return RepresentationShape(_widest_fields(known.fields, new.fields), by_type, known.typename or new.typename)


def _widest_fields(
    known: tuple[RepresentationField, ...], new: tuple[RepresentationField, ...]
) -> tuple[RepresentationField, ...]:
    fields = {part.name: part for part in known}
    for part in new:
        fields[part.name] = _widest(fields.get(part.name), part)
    return tuple(fields.values())


class _Cutter:
    """Turns field sets into shapes, for one subgraph's representations."""

    def __init__(self, space: Space, storage: StorageKeys, subgraph: str) -> None:
        self.space = space
        self.storage = storage
        self.subgraph = subgraph

    def shape(self, wanted: FieldSet, place: str, type_name: str, owner: str, is_key: bool) -> RepresentationShape:
        """`place`: the static type of the place, `type_name`: the runtime type, `owner`: its name in the subgraph."""
        fields: dict[str, RepresentationField] = {}
        by_type: dict[str, tuple[RepresentationField, ...]] = {}
        possible = self.space.supergraph.possible.get(type_name, frozenset())
        for part in wanted:
            if isinstance(part, SetFragment):
                for name in self._matching(part, type_name):
                    inner = self.shape(part.selections, place, name, name, is_key).fields
                    if name == type_name:
                        fields.update({f.name: f for f in inner})
                    else:
                        by_type[name] = _widest_fields(by_type.get(name, ()), inner)
            elif part.name != "__typename":
                cut = self._field(part, place, type_name, owner, is_key)
                fields[part.name] = cut
                if type_name in possible or not self.storage.differs(place, part.name) or not possible:
                    continue
                for name in sorted(possible):
                    one = self._field(part, place, name, name, is_key)
                    by_type[name] = _widest_fields(by_type.get(name, ()), (one,))
        return RepresentationShape(tuple(fields.values()), by_type, typename=bool(possible))

    def _matching(self, part: SetFragment, type_name: str) -> list[str]:
        supergraph = self.space.supergraph
        inside = supergraph.possible.get(part.type_condition, frozenset((part.type_condition,)))
        here = supergraph.possible.get(type_name, frozenset((type_name,)))
        return sorted(inside & here)

    def _field(self, part: SetField, place: str, type_name: str, owner: str, is_key: bool) -> RepresentationField:
        variant = (part.arguments, "") if part.arguments else ()
        entry = self.space.supergraph.types[owner].fields.get(part.name, {}).get(self.subgraph)
        selection = None
        if part.selections:
            inner = self.space.static_type(type_name, part.name)
            selection = self.shape(part.selections, inner, inner, inner, is_key)
        return RepresentationField(
            name=part.name,
            storage_key=self.storage.key(place, type_name, part.name, variant),
            is_key=is_key,
            non_null=entry is not None and entry.type.endswith("!"),
            selection=selection,
        )
