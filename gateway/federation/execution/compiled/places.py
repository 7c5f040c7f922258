"""What a plan's steps put where: the tree of places in the merged data, as the compiler sees it.

A `Place` stands for the value of one field wherever it occurs; for each runtime type that its objects may have it holds
their `Stored` fields: which step fetches them, and which of the client's fields show them. Only plans in which every
stored field comes from exactly one step are compiled; any other is `NotCompiled`, and run by the interpreter alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)
from graphql.language import VariableNode

from gateway.federation.execution.asked import sent_operation
from gateway.federation.execution.conditions import all_met, holds
from gateway.federation.execution.project import composite_in
from gateway.federation.operation.selection import Conditions, response_key
from gateway.federation.planning.query_plan import FetchStep, PathStep, ProjectedField, ProjectedSelection, QueryPlan

TYPENAME = "__typename"
MAX_FIELDS, MAX_STEPS = 3_000, 60
"""Places multiply by types along a path, and code by places and steps: larger plans are not worth compiling."""


class NotCompiled(Exception):  # noqa: N818 - no error: the plan is run all the same
    """The plan has something that compiled programs do not do; the message names it."""


@dataclass(eq=False, slots=True)
class Stored:
    """A field of the objects of one runtime type at a place."""

    key: str
    step: int
    type: GraphQLOutputType
    child: Place | None
    shown: list[ProjectedField] = field(default_factory=list)
    """The client's fields that show it."""


@dataclass(eq=False, slots=True)
class Place:
    """See the module. `maker` is the step that the objects come from; other steps only add fields to them."""

    type: str
    maker: int
    is_abstract: bool
    objects: dict[str, dict[str, Stored]]
    """By runtime type, then by storage key."""
    typed: bool = False
    """The maker asks for `__typename`."""
    selections: dict[int, ProjectedSelection] = field(default_factory=dict)
    """The client's selections on the place, by identity."""


class Survey:
    """The places of one plan under one set of values for the variables of its conditions."""

    def __init__(self, plan: QueryPlan, schema: GraphQLSchema, variables: Mapping[str, Any]) -> None:
        self.plan = plan
        self.schema = schema
        self.variables = variables
        self.root = Place(plan.root_typename, -1, False, {plan.root_typename: {}})
        self.steps: list[FetchStep] = []
        """The steps that run."""
        self.fields = 0
        if len(plan.steps) > MAX_STEPS:
            raise NotCompiled("more fetches than are worth it")
        for step in plan.steps:
            if self.holds(step.conditions):
                self._add(step)
                self.steps.append(step)
        self._show(self.root, plan.projection)

    def holds(self, conditions: Conditions) -> bool:
        """Do all conditions hold under the values?"""
        return all_met(conditions, self.variables)

    def targets(self, path: Sequence[PathStep]) -> list[Place]:
        """The places that a path leads to."""
        found = [self.root]
        for step in path:
            found = [
                stored.child
                for place in found
                for name, fields in place.objects.items()
                if (step.types is None or name in step.types)
                and (stored := fields.get(step.key)) is not None
                and stored.child is not None
            ]
        return found

    # --- what is fetched ----------------------------------------------------------------------------------------

    def _add(self, step: FetchStep) -> None:
        definition = sent_operation(step.operation)
        if not step.entities:
            if step.path:
                raise NotCompiled("a fetch that enters the root again")
            self._select(self.root, tuple(self.root.objects), [definition.selection_set], step.id)
            return
        bodies = {
            response_key(node): node.selection_set
            for node in definition.selection_set.selections
            if isinstance(node, FieldNode) and node.selection_set is not None
        }
        for entities in step.entities:
            for at in entities.places:
                if not self.holds(at.conditions):
                    continue
                for place in self.targets(at.path):
                    types = tuple(
                        name
                        for name in place.objects
                        if any(r.types is None or name in r.types for r in at.representations)
                    )
                    self._select(place, types, [bodies[entities.key]], step.id)

    def _select(self, place: Place, types: tuple[str, ...], sets: Sequence[SelectionSetNode], step: int) -> None:
        """Adds what selection sets ask of the objects of some types, all sets of one field together."""
        children: dict[int, tuple[Place, list[SelectionSetNode]]] = {}
        for name in types:
            for node in self._fields(sets, name):
                key = response_key(node)
                if node.name.value == TYPENAME:
                    place.typed = place.typed or place.maker == step
                    continue
                stored = self._stored(place, name, key, node.name.value, step)
                if stored.child is not None and node.selection_set is not None:
                    children.setdefault(id(stored.child), (stored.child, []))[1].append(node.selection_set)
        for child, inner in children.values():
            self._select(child, tuple(child.objects), inner, step)

    def _stored(self, place: Place, type_name: str, key: str, field_name: str, step: int) -> Stored:
        known = place.objects[type_name].get(key)
        if known is not None:
            if known.step != step:
                raise NotCompiled("a field that two fetches answer")
            return known
        owner = self.schema.type_map[type_name]
        assert isinstance(owner, GraphQLObjectType | GraphQLInterfaceType)  # noqa: S101 - it has a field
        output = owner.fields[field_name].type
        named = get_named_type(output)
        child = None
        if is_composite_type(named):
            possible = self.schema.get_possible_types(named) if is_abstract_type(named) else [named]
            child = Place(
                named.name, step, is_abstract_type(named), {each.name: {} for each in sorted(possible, key=str)}
            )
        self.fields += 1
        if self.fields > MAX_FIELDS:
            raise NotCompiled("more fields, type by type, than are worth it")
        stored = Stored(key, step, output, child)
        place.objects[type_name][key] = stored
        return stored

    def _fields(self, sets: Sequence[SelectionSetNode], type_name: str) -> Iterator[FieldNode]:
        for selections in sets:
            for node in selections.selections:
                if not self._is_wanted(node):
                    continue
                if isinstance(node, FieldNode):
                    yield node
                elif isinstance(node, InlineFragmentNode) and self._applies(node, type_name):
                    yield from self._fields([node.selection_set], type_name)

    def _applies(self, node: InlineFragmentNode, type_name: str) -> bool:
        if node.type_condition is None or node.type_condition.name.value == type_name:
            return True
        condition = self.schema.type_map[node.type_condition.name.value]
        concrete = self.schema.type_map[type_name]
        return is_abstract_type(condition) and self.schema.is_sub_type(condition, concrete)

    def _is_wanted(self, node: SelectionNode) -> bool:
        for directive in node.directives or ():
            if directive.name.value in ("include", "skip"):
                value = next(argument.value for argument in directive.arguments or ())
                given = self.variables.get(value.name.value) if isinstance(value, VariableNode) else None
                if given is not (directive.name.value == "include"):
                    return False
        return True

    # --- what is shown ------------------------------------------------------------------------------------------

    def _show(self, place: Place, selection: ProjectedSelection) -> None:
        if id(selection) in place.selections:
            return
        place.selections[id(selection)] = selection
        if place.is_abstract and not place.typed:
            raise NotCompiled("objects without a runtime type")
        for name in [name for name in place.objects if place.is_abstract and name not in selection.by_type]:
            del place.objects[name]  # not of the API schema: the interpreter knows what to answer
        for name, fields in place.objects.items():
            for shown in self.visible(selection, name):
                self._show_field(fields, shown)

    def visible(self, selection: ProjectedSelection, type_name: str) -> list[ProjectedField]:
        """The client's fields on objects of the type."""
        return [shown for shown in selection.by_type[type_name] if holds(shown.when, self.variables)]

    def _show_field(self, fields: Mapping[str, Stored], shown: ProjectedField) -> None:
        if shown.refusal is not None or shown.static_typename is not None:
            return
        stored = fields.get(shown.storage_key)
        if stored is None:
            raise NotCompiled("a field that no fetch answers")
        shape = composite_in(shown.shape)
        stored.shown.append(shown)
        if shape is not None and stored.child is not None:
            self._show(stored.child, shape.selection)
