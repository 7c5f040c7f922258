"""Storage keys: under which name a fetched field lies in the merged data, and which positions there are.

A key is the field's name wherever that is unambiguous. Two uses of a name with other arguments, and types that may meet
at one place while their fields of one name differ in type (GraphQL specification, FieldsInSetCanMerge), get internal
aliases. A key depends only on the place, the runtime type, the name and the arguments, so every fetch agrees on it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.federation.planning.query_plan import PathStep
from gateway.federation.supergraph.model import Supergraph


class StorageKeys:
    """The storage keys of one plan."""

    def __init__(self, supergraph: Supergraph) -> None:
        self._supergraph = supergraph
        self._variants: dict[str, dict[object, str]] = {}
        self._conflicts: dict[tuple[str, str], bool] = {}

    def key(self, place_type: str, type_name: str, name: str, arguments: object = ()) -> str:
        """The key of a field. `place_type` is the static type of the place, `type_name` the runtime type there."""
        if name == "__typename":
            return name
        key = self._variant(name, arguments)
        if place_type != type_name and self.differs(place_type, name):
            key = self._fresh(f"{key}__{type_name}")
        return key

    def _variant(self, name: str, arguments: object) -> str:
        known = self._variants.setdefault(name, {})
        if arguments not in known:
            known[arguments] = self._fresh(f"{name}__{len(known)}") if known else name
        return known[arguments]

    def _fresh(self, alias: str) -> str:
        while alias in self._supergraph.field_names:
            alias += "_"
        return alias

    def differs(self, place_type: str, name: str) -> bool:
        """Does the field have several types among the object types that may stand at the place?"""
        found = (place_type, name)
        if found not in self._conflicts:
            by_subgraph: dict[str, set[str]] = {}
            for possible in self._supergraph.possible.get(place_type, ()):
                for entry in self._supergraph.types[possible].fields.get(name, {}).values():
                    by_subgraph.setdefault(entry.subgraph, set()).add(entry.type)
            self._conflicts[found] = any(len(types) > 1 for types in by_subgraph.values())
        return self._conflicts[found]

    def differs_at_all(self, interface: str, name: str) -> bool:
        """Does the field have another type on an object type than on the interface, so that one cannot be asked for
        the other?"""
        types = self._supergraph.types
        return self.differs(interface, name) or any(
            (written := types[possible].fields.get(name, {}).get(entry.subgraph)) is not None
            and written.type != entry.type
            for entry in types[interface].fields.get(name, {}).values()
            for possible in self._supergraph.possible_in(interface, entry.subgraph)
        )


@dataclass(eq=False, slots=True)
class Position:
    """A place in the merged data. `type` is its static type in the whole supergraph."""

    type: str
    parent: Position | None = None
    key: str = ""
    types: frozenset[str] | None = None
    """Runtime types of the parent's objects that lead here; None: all."""
    _children: dict[tuple[str, frozenset[str] | None], Position] = field(default_factory=dict)

    def child(self, key: str, types: frozenset[str] | None, type_name: str) -> Position:
        """The place under a storage key of objects of some runtime types."""
        found = (key, types)
        if found not in self._children:
            self._children[found] = Position(type_name, self, key, types)
        return self._children[found]

    def path(self) -> tuple[PathStep, ...]:
        """The steps from the root."""
        if self.parent is None:
            return ()
        return (*self.parent.path(), PathStep(self.key, self.types))
