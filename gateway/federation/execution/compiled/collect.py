"""Collecting: the function that walks to the objects of an `_entities` field and cuts their representations.

`collect(root, dump)` gives the representations, equal ones once, and for each target its hits, pairs of an object and
the index of its representation, and the lone objects that have none. `dump` writes JSON: what tells representations
apart where plain values can not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from graphql import GraphQLEnumType, get_named_type

from gateway.federation.execution.compiled.places import NotCompiled, Place, Stored
from gateway.federation.execution.compiled.source import Function, Source
from gateway.federation.execution.compiled.structs import Structs, list_depth
from gateway.federation.planning.query_plan import (
    Entities,
    EntityPlace,
    Leaf,
    PathStep,
    Representation,
    RepresentationField,
    RepresentationShape,
)

Input = tuple[Place, str, str]
"""A stored field that representations are cut from: its place, runtime type and storage key."""

MAX_LOOPS, MAX_BLOCKS = 16, 80
"""Python has 20 loops and 100 blocks within each other at most."""
_PLAIN = frozenset(leaf.value for leaf in Leaf if leaf not in (Leaf.FLOAT, Leaf.CUSTOM))
"""Types whose values are equal in Python only where they are equal in JSON."""


@dataclass(frozen=True, slots=True)
class Target:
    """Objects that an answer goes into: those of a runtime type at a place."""

    place: Place
    type: str


@dataclass(eq=False)
class Collector:
    """Writes the function for one `_entities` field. `inputs` is what the representations are cut from, `targets`
    in the order in which the function gives their objects."""

    structs: Structs
    entities: Entities
    inputs: set[Input] = field(default_factory=set)
    targets: list[Target] = field(default_factory=list)
    source: Source = field(default_factory=Source)
    loops: int = 0
    """Loops that are open where the text ends."""

    def function(self) -> Function:
        """`collect(root, dump) -> (representations, [(hits, lone objects) of each target])`."""
        survey = self.structs.survey
        places = [at for at in self.entities.places if survey.holds(at.conditions)]
        kinds = {_kind(each): number for number, each in enumerate(r for at in places for r in at.representations)}
        self.source.depth = 1
        for at in places:
            self._walk(survey.root, "root", at.path, at, kinds if len(kinds) > 1 else {})
        found = [f"hits{number}, lone{number}" for number in range(len(self.targets))]
        head = ["def collect(root, dump):", " index, sent = {}, []", *(f" {each} = [], []" for each in found)]
        self.source.add(f"return sent, [{', '.join(f'({each})' for each in found)}]")
        self.source.lines[:0] = head
        return self.source.compiled("collect")

    def _walk(
        self, place: Place, name: str, path: tuple[PathStep, ...], at: EntityPlace, kinds: dict[object, int]
    ) -> None:
        if not path:
            self._represent(place, name, at, kinds)
            return
        for type_name, fields in place.objects.items():
            stored = fields.get(path[0].key)
            if path[0].types is not None and type_name not in path[0].types:
                continue
            if stored is not None and stored.child is not None:
                attribute = f"{name}.{self.structs.attribute(place, type_name, stored.key)}"
                with self._only(place, type_name, name), self._each(stored, attribute) as item:
                    self._walk(stored.child, item, path[1:], at, kinds)

    @contextmanager
    def _only(self, place: Place, type_name: str, name: str) -> Iterator[None]:
        """A block for objects of the type, where the place may have others."""
        if not place.is_abstract:
            yield
            return
        known = self.source.constant(self.structs.class_of(place, type_name))
        with self.source.block(f"if type({name}) is {known}:"):
            yield

    @contextmanager
    def _each(self, stored: Stored, value: str) -> Iterator[str]:
        """A block for each object in a field's value."""
        before = self.source.depth
        lists = list_depth(stored)
        if self.loops + lists > MAX_LOOPS or before + lists > MAX_BLOCKS:
            raise NotCompiled("a place that is deeper than Python nests")
        self.loops += lists
        for _ in range(lists):
            item = f"o{self.source.depth}"
            self.source.add(f"for {item} in {value} or ():")
            self.source.depth += 1
            value = item
        item = f"o{self.source.depth}_"
        self.source.add(f"{item} = {value}")
        with self.source.block(f"if {item} is not None:"):
            yield item
        self.source.depth = before
        self.loops -= lists

    def _represent(self, place: Place, name: str, at: EntityPlace, kinds: dict[object, int]) -> None:
        for type_name in place.objects:
            found = next((r for r in at.representations if r.types is None or type_name in r.types), None)
            if found is None:
                continue
            if found.typename not in (None, type_name):
                raise NotCompiled("an interface known as an object")
            number = len(self.targets)
            self.targets.append(Target(place, type_name))
            with self._only(place, type_name, name):
                self._cut(place, type_name, name, found, number, kinds.get(_kind(found)))

    def _cut(
        self, place: Place, type_name: str, name: str, found: Representation, number: int, kind: int | None
    ) -> None:
        """Finds or adds the representation of one object."""
        source = self.source
        parts = sorted(found.shape.fields, key=lambda part: part.name)
        values = [self._value(place, type_name, name, part) for part in parts]
        for index, value in enumerate(values):
            source.add(f"k{index} = {value}")
        required = [f"k{index} is None" for index, part in enumerate(parts) if part.is_key and part.non_null]
        with source.block(f"if {' or '.join(required) or 'False'}:"):
            source.add(f"lone{number}.append({name})")
        with source.block("else:"):
            keys = ", ".join(f"{source.constant(part.name)}: k{index}" for index, part in enumerate(parts))
            made = f"{{{source.constant('__typename')}: {source.constant(type_name)}, {keys}}}"
            if all(self._is_plain(place, type_name, part) for part in parts):
                told = [*([] if kind is None else [str(kind)]), *(f"k{index}" for index in range(len(parts)))]
                source.add("key = " + (told[0] if len(told) == 1 else f"({', '.join(told)})"))
            else:
                source.add(f"made = {made}", "key = dump(made)")
                made = "made"
            source.add("at = index.get(key)")
            with source.block("if at is None:"):
                source.add("at = index[key] = len(sent)", f"sent.append({made})")
            source.add(f"hits{number}.append(({name}, at))")

    def _is_plain(self, place: Place, type_name: str, part: RepresentationField) -> bool:
        named = get_named_type(place.objects[type_name][part.storage_key].type)
        leaf = part.selection is None and not list_depth(place.objects[type_name][part.storage_key])
        return leaf and (named.name in _PLAIN or isinstance(named, GraphQLEnumType))

    def _value(self, place: Place, type_name: str, name: str, part: RepresentationField) -> str:
        """The expression of one field of a representation."""
        stored = place.objects[type_name].get(part.storage_key)
        if stored is None:
            raise NotCompiled("an input that no fetch answers")
        self.inputs.add((place, type_name, part.storage_key))
        value = f"{name}.{self.structs.attribute(place, type_name, part.storage_key)}"
        if part.selection is None or stored.child is None:
            return value
        return mapped(value, list_depth(stored), f"{self._nested(stored.child, part.selection)}(%s)")

    def _nested(self, place: Place, shape: RepresentationShape) -> str:
        """The name of a function that cuts an object inside a representation."""
        if place.is_abstract or shape.by_type or shape.typename:
            raise NotCompiled("an input of several types")
        own = Source(self.source.names)
        helper = Collector(self.structs, self.entities, self.inputs, source=own)
        own.add("def nested(o):")
        own.depth = 1
        parts = [(part, helper._value(place, place.type, "o", part)) for part in shape.fields]
        for part, value in parts:
            if part.is_key and part.non_null:
                own.add(f"if {value} is None: raise Unusual")
        own.add("return {" + ", ".join(f"{own.constant(part.name)}: {value}" for part, value in parts) + "}")
        return own.constant(own.compiled("nested"))


def mapped(value: str, depth: int, each: str) -> str:
    """The expression of a field's value with `each` (a template) done to every object in it, `depth` lists down."""
    item = f"i{depth}"
    each = f"[{mapped('i', depth - 1, each)} for i in {item}]" if depth else each % item
    return f"(None if ({item} := {value}) is None else {each})"


def _kind(representation: Representation) -> object:
    """Equal for representations of one type's name with the same fields."""
    name = representation.typename or " ".join(sorted(representation.types or ()))
    return (name, tuple(sorted(part.name for part in representation.shape.fields)))
