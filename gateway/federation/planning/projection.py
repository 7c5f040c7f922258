"""The client's selection -> the projection that cuts the response out of the merged data.

On the way it is noted which coordinates the operation asks for, which of them are given, and by what right.
"""

from __future__ import annotations

from collections.abc import Mapping

from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    is_abstract_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
)

from gateway.federation.operation.placing import placed
from gateway.federation.operation.selection import Budget, Selected, SelectedField, When
from gateway.federation.planning.alongside import recorded_keys
from gateway.federation.planning.query_plan import (
    Composite,
    EnumLeaf,
    Guard,
    Leaf,
    ListOf,
    NonNull,
    OutputShape,
    ProjectedField,
    ProjectedSelection,
    RepresentationShape,
)
from gateway.federation.planning.requirements import picked_shape
from gateway.federation.planning.space import Space
from gateway.federation.planning.storage import StorageKeys
from gateway.federation.policy import Refusal
from gateway.federation.supergraph.field_set import parse_field_set

_LEAVES: Mapping[str, Leaf] = {leaf.value: leaf for leaf in Leaf if leaf is not Leaf.CUSTOM}


class Projector:
    """Makes the projection of one plan; equal selections share one, and plans of one space share plain leaves."""

    def __init__(self, space: Space, storage: StorageKeys, budget: Budget, recorded: bool) -> None:
        self.space = space
        self.budget = budget
        self.schema = space.supergraph.api_schema
        self.storage = storage
        self.recorded = recorded
        self.asked: dict[tuple[str, str], Refusal | None] = {}
        """By type and field, what is asked for, and why it is refused."""
        self._made: dict[Selected, ProjectedSelection] = {}

    def project(self, selected: Selected) -> ProjectedSelection:
        """The projection of a selection."""
        if selected not in self._made:
            by_type = {name: self._fields(selected, name) for name in selected.possible}
            fallback: tuple[ProjectedField, ...] | None = None
            if not selected.needs_typename:
                fallback = by_type.get(selected.type) or self._fields(selected, selected.type)
            self._made[selected] = ProjectedSelection(by_type, fallback, self._keys(selected) if self.recorded else {})
        return self._made[selected]

    def given(self) -> tuple[str, ...]:
        """The coordinates that are asked for and given."""
        return tuple(sorted(f"{owner}.{name}" for (owner, name), refusal in self.asked.items() if refusal is None))

    def refused(self) -> tuple[tuple[str, str], ...]:
        """Those that are not, each with the code of its refusal."""
        return tuple(
            sorted((f"{owner}.{name}", refusal.code) for (owner, name), refusal in self.asked.items() if refusal)
        )

    def grounds(self) -> tuple[str, ...]:
        """By what right the given ones are."""
        given = (found for found, refusal in self.asked.items() if refusal is None)
        return tuple(sorted({ground for found in given for ground in self.space.grounds(*found)}))

    def _keys(self, selected: Selected) -> dict[str, tuple[RepresentationShape, ...]]:
        """By runtime type, how objects with a key are recorded."""
        types = dict.fromkeys((*selected.possible, selected.type))
        keys = {name: recorded_keys(self.space.supergraph.types[name]) for name in types}
        return {
            name: tuple(picked_shape(key, selected.type, name, self.space, self.storage, True) for key in found)
            for name, found in keys.items()
            if found
        }

    def _fields(self, selected: Selected, type_name: str) -> tuple[ProjectedField, ...]:
        shown = list(placed(selected, type_name))
        self.budget.spend(len(shown))
        return tuple(
            self._field(selected, type_name, key, asked, when)
            for key, asked, when in shown
            if asked.name not in ("__schema", "__type")
        )

    def _field(self, selected: Selected, type_name: str, key: str, asked: SelectedField, when: When) -> ProjectedField:
        if asked.name == "__typename":
            return self._typename(type_name, key, when)
        storage_key = self.storage.key(selected.type, type_name, asked.name, asked.variant)
        refusal = self.space.refusal(type_name, asked.name)
        self.asked[type_name, asked.name] = refusal
        guards = () if refusal else self._guards(selected.type, type_name, asked.name)
        plain = asked.child is None and not when and key == storage_key == asked.name and not guards
        known = self.space.plain_leaves.get((type_name, key)) if plain else None
        if known is not None:
            return known
        owner = self.schema.type_map[type_name]
        assert isinstance(owner, GraphQLObjectType | GraphQLInterfaceType)  # noqa: S101 - validated
        made = ProjectedField(
            response_key=key,
            storage_key=storage_key,
            coordinate=f"{type_name}.{asked.name}",
            shape=self._shape(owner.fields[asked.name].type, asked) if refusal is None else _nothing(owner, asked.name),
            when=when,
            refusal=refusal,
            guards=guards,
        )
        if plain:
            self.space.plain_leaves[type_name, key] = made
        return made

    def _guards(self, place: str, type_name: str, field_name: str) -> tuple[Guard, ...]:
        return tuple(
            Guard(
                condition,
                picked_shape(parse_field_set(condition.needs), place, type_name, self.space, self.storage, False),
            )
            for condition in self.space.conditions(type_name, field_name)
        )

    def _typename(self, type_name: str, key: str, when: When) -> ProjectedField:
        known = None if is_abstract_type(self.schema.type_map[type_name]) else type_name
        return ProjectedField(key, key, f"{type_name}.__typename", Leaf.STRING, when, static_typename=known)

    def _shape(self, output: object, asked: SelectedField) -> OutputShape:
        if is_non_null_type(output):
            return NonNull(self._shape(output.of_type, asked))
        if is_list_type(output):
            return ListOf(self._shape(output.of_type, asked))
        if is_composite_type(output):
            assert asked.child is not None  # noqa: S101 - validated: a composite field has a selection
            return Composite(output.name, is_abstract_type(output), self.project(asked.child))
        if isinstance(output, GraphQLEnumType):
            return EnumLeaf(output.name, frozenset(output.values))
        return _LEAVES.get(str(output), Leaf.CUSTOM)


def _nothing(owner: GraphQLObjectType | GraphQLInterfaceType, field_name: str) -> OutputShape:
    """The shape of a refused field: what is asked below it is neither given nor refused."""
    return NonNull(Leaf.CUSTOM) if is_non_null_type(owner.fields[field_name].type) else Leaf.CUSTOM
