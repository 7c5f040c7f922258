"""The client's response, cut out of the merged data.

This is the GraphQL specification's CompleteValue (section 6.4.3), on values that subgraphs have resolved: the client's
order and aliases, `@skip` and `@include`, leaves checked, nulls of non-null fields bubbled to the nearest nullable
parent. A null that no subgraph explained by an error gets one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.federation.answer import Touched
from gateway.federation.errors import ClientError, PathElement
from gateway.federation.execution.conditions import holds
from gateway.federation.execution.fetcher import nests_within
from gateway.federation.execution.origin import origin
from gateway.federation.execution.representations import picked, typename_of
from gateway.federation.execution.touched import touched_by
from gateway.federation.planning.query_plan import (
    Composite,
    EnumLeaf,
    Leaf,
    ListOf,
    NonNull,
    OutputShape,
    ProjectedField,
    ProjectedSelection,
    QueryPlan,
)
from gateway.federation.policy import NOBODY, Refusal

_BUBBLE = object()
"""Stands for a null where none may be."""

MAX_CUSTOM_DEPTH = 50
"""How deep a custom scalar's lists and objects may nest."""
MAX_INT = 2**31 - 1
MIN_INT = -(2**31)

Explained = frozenset[tuple[PathElement, ...]]


def composite_in(shape: OutputShape) -> Composite | None:
    """The object, interface or union inside lists and non-nulls; None for a leaf."""
    while isinstance(shape, NonNull | ListOf):
        shape = shape.of
    return shape if isinstance(shape, Composite) else None


def runtime_types(plan: QueryPlan) -> frozenset[str]:
    """The object types of the API schema that the answer may show."""
    found: set[str] = set()
    seen: dict[int, ProjectedSelection] = {}
    pending = [plan.projection]
    while pending:
        selection = pending.pop()
        if id(selection) not in seen:
            seen[id(selection)] = selection
            found |= selection.by_type.keys()
            shapes = (composite_in(field.shape) for fields in selection.by_type.values() for field in fields)
            pending.extend(shape.selection for shape in shapes if shape is not None)
    return frozenset(found)


def refused_error(coordinate: str, refusal: Refusal, path: tuple[PathElement, ...]) -> ClientError:
    """The error of a field that the policy keeps back."""
    extensions = {"coordinate": coordinate, **refusal.extensions}
    return ClientError(refusal.message, refusal.code, path, extensions=extensions)


class Projector:
    """Cuts one response. `errors` holds what was found wrong on the way, `touched` the entities that were met,
    `withheld` what conditions kept back. `subject` is what conditions may compare with."""

    def __init__(
        self, plan: QueryPlan, variables: Mapping[str, Any], explained: Explained, subject: Mapping[str, str] = NOBODY
    ) -> None:
        self.plan = plan
        self.variables = variables
        self.explained = explained
        self.subject = subject
        self.errors: list[ClientError] = []
        self.touched: dict[Touched, None] = {}
        self.withheld: dict[tuple[str, str], None] = {}
        self._refused: set[tuple[str, str]] = set()
        self._cause: tuple[PathElement, ...] = ()
        """Where the policy kept something back last: what is null around it is explained."""
        self._way: list[ProjectedField | int] = []

    def root(self, data: dict[str, Any]) -> dict[str, Any] | None:
        """The response's data; None where a null bubbled to the top."""
        answer = self._fields(data, self.plan.projection.by_type[self.plan.root_typename])
        return None if answer is _BUBBLE else answer

    def _fields(self, value: dict[str, Any], fields: Sequence[ProjectedField]) -> Any:
        answer: dict[str, Any] = {}
        for field in fields:
            if field.when and not holds(field.when, self.variables):
                continue
            if field.static_typename is not None:
                answer[field.response_key] = field.static_typename
                continue
            self._way.append(field)
            completed = self._field(value, field)
            self._way.pop()
            if completed is _BUBBLE:
                return _BUBBLE
            answer[field.response_key] = completed
        return answer

    def _field(self, value: dict[str, Any], field: ProjectedField) -> Any:
        if field.refusal is not None:
            return self._refuse(field, field.refusal)
        for guard in field.guards:
            if not guard.condition.holds(picked(value, guard.shape) or {}, self.subject):
                self.withheld[field.coordinate, guard.condition.refusal.code] = None
                return self._refuse(field, guard.condition.refusal)
        key = "__typename" if field.coordinate.endswith(".__typename") else field.storage_key
        return self._complete(value.get(key), field.shape, field)

    def _refuse(self, field: ProjectedField, refusal: Refusal) -> Any:
        """Null, with an error where the coordinate is met first."""
        self._cause = self._path()
        if (field.coordinate, refusal.code) not in self._refused:
            self._refused.add((field.coordinate, refusal.code))
            self.errors.append(refused_error(field.coordinate, refusal, self._cause))
        return _BUBBLE if isinstance(field.shape, NonNull) else None

    def _complete(self, value: Any, shape: OutputShape, field: ProjectedField) -> Any:
        if isinstance(shape, NonNull):
            completed = self._complete(value, shape.of, field)
            if completed is None:
                self._explain(f"Cannot return null for non-nullable field {field.coordinate}.")
                return _BUBBLE
            return completed
        if value is None:
            return None
        if isinstance(shape, Composite):
            return self._object(value, shape, field)
        if isinstance(shape, ListOf):
            return self._list(value, shape, field)
        if isinstance(shape, EnumLeaf):
            return self._enum(value, shape, field)
        return self._leaf(value, shape, field)

    def _object(self, value: Any, shape: Composite, field: ProjectedField) -> Any:
        if not isinstance(value, dict):
            self._mistyped(field, "an object")
            return None
        selection = shape.selection
        fields = selection.by_type.get(typename_of(value) or "") if shape.is_abstract else None
        if fields is None and not shape.is_abstract:
            fields = selection.by_type[shape.name]
        if fields is None and value.get("__typename", shape.name) == shape.name:  # the name of an interface object
            fields = selection.fallback
        if fields is None:
            return None
        if selection.keys:
            self._touch(value, (typename_of(value) if shape.is_abstract else None) or shape.name, selection)
        answer = self._fields(value, fields)
        return None if answer is _BUBBLE else answer

    def _touch(self, value: dict[str, Any], type_name: str, selection: ProjectedSelection) -> None:
        touched = touched_by(value, type_name, selection.keys.get(type_name, ()))
        if touched is not None:
            self.touched[touched] = None

    def _list(self, value: Any, shape: ListOf, field: ProjectedField) -> Any:
        if not isinstance(value, list):
            self._mistyped(field, "a list")
            return None
        answer = []
        for index, item in enumerate(value):
            self._way.append(index)
            completed = self._complete(item, shape.of, field)
            self._way.pop()
            if completed is _BUBBLE:
                return None
            answer.append(completed)
        return answer

    def _enum(self, value: Any, shape: EnumLeaf, field: ProjectedField) -> str | None:
        if not isinstance(value, str):
            self._mistyped(field, f"a value of {shape.name}")
            return None
        return value if value in shape.values else None

    def _leaf(self, value: Any, leaf: Leaf, field: ProjectedField) -> Any:
        completed = _COMPLETE[leaf](value)
        if completed is None:
            self._mistyped(field, leaf.value)
        return completed

    def _mistyped(self, field: ProjectedField, wanted: str) -> None:
        self._explain(f"The subgraph's value for {field.coordinate} is not {wanted}.")

    def _explain(self, message: str) -> None:
        """An error for the present path, unless a subgraph's error at or around it says why already."""
        path = self._path()
        if self._cause[: len(path)] == path:
            return
        for length in range(len(path) + 1):
            if path[:length] in self.explained:
                return
        if any(known.path is not None and known.path[: len(path)] == path for known in self.errors):
            return
        if any(known[: len(path)] == path for known in self.explained):
            return
        subgraph = origin(self.plan, [step.storage_key for step in self._way if not isinstance(step, int)])
        service = {"service": subgraph} if subgraph is not None else {}
        self.errors.append(ClientError(message, "INVALID_SUBGRAPH_VALUE", path, extensions=service))

    def _path(self) -> tuple[PathElement, ...]:
        return tuple(step if isinstance(step, int) else step.response_key for step in self._way)


def _int(value: Any) -> int | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if type(value) is int and MIN_INT <= value <= MAX_INT else None


def _float(value: Any) -> float | None:
    return value if type(value) in (int, float) else None


def _string(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _boolean(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _id(value: Any) -> str | None:
    if type(value) is int:
        return str(value)
    return value if isinstance(value, str) else None


def _custom(value: Any) -> Any:
    return value if type(value) not in (dict, list) or nests_within(value, MAX_CUSTOM_DEPTH) else None


_COMPLETE = {
    Leaf.INT: _int,
    Leaf.FLOAT: _float,
    Leaf.STRING: _string,
    Leaf.BOOLEAN: _boolean,
    Leaf.ID: _id,
    Leaf.CUSTOM: _custom,
}
