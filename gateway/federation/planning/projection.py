"""The client's selection -> the projection that cuts the response out of the merged data."""

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
from gateway.federation.planning.query_plan import (
    Composite,
    EnumLeaf,
    Leaf,
    ListOf,
    NonNull,
    OutputShape,
    ProjectedField,
    ProjectedSelection,
)
from gateway.federation.planning.space import Space
from gateway.federation.planning.storage import StorageKeys

_LEAVES: Mapping[str, Leaf] = {leaf.value: leaf for leaf in Leaf if leaf is not Leaf.CUSTOM}


class Projector:
    """Makes the projection of one plan; equal selections share one, and plans of one space share plain leaves."""

    def __init__(self, space: Space, storage: StorageKeys, budget: Budget) -> None:
        self.space = space
        self.budget = budget
        self.schema = space.supergraph.api_schema
        self.storage = storage
        self._made: dict[Selected, ProjectedSelection] = {}

    def project(self, selected: Selected) -> ProjectedSelection:
        """The projection of a selection."""
        if selected not in self._made:
            by_type = {name: self._fields(selected, name) for name in selected.possible}
            fallback: tuple[ProjectedField, ...] | None = None
            if not selected.needs_typename:
                fallback = by_type.get(selected.type) or self._fields(selected, selected.type)
            self._made[selected] = ProjectedSelection(by_type, fallback)
        return self._made[selected]

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
        plain = asked.child is None and not when and key == storage_key == asked.name
        known = self.space.plain_leaves.get((type_name, key)) if plain else None
        if known is not None:
            return known
        owner = self.schema.type_map[type_name]
        assert isinstance(owner, GraphQLObjectType | GraphQLInterfaceType)  # noqa: S101 - validated
        made = ProjectedField(
            response_key=key,
            storage_key=storage_key,
            coordinate=f"{type_name}.{asked.name}",
            shape=self._shape(owner.fields[asked.name].type, asked),
            when=when,
            refusal=self.space.refusal(type_name, asked.name),
        )
        if plain:
            self.space.plain_leaves[type_name, key] = made
        return made

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
