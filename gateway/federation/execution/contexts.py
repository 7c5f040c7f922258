"""Entity fetches whose operation takes values of ancestors (`@fromContext`).

One place holds entities below several ancestors, so one fetch may have to hand in several values; equal entities below
different ancestors are then different questions. The entities are divided by their values. Those of one division share
the plan's operation; several divisions go in one request, as `_entities` aliased `_0`, `_1`, …, each with variables of
its own, since a request a value would be as many requests as there are ancestors. The answer is taken apart again, so
that everything after reads as if each division had been fetched by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import orjson
from graphql import NameNode, SelectionSetNode, VariableNode, parse, print_ast, strip_ignored_characters
from graphql.language import OperationDefinitionNode, Visitor, visit

from gateway.federation.execution.fetcher import SubgraphRequest, SubgraphResponse
from gateway.federation.execution.representations import Collected, flatten, represented, typename_of
from gateway.federation.planning.query_plan import ContextValue, FetchStep, RepresentationShape

MAX_DIVISIONS = 20
"""Divisions in one request: servers bound the aliases of an operation, and each number of them is a text to parse."""

_ABSENT = object()

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Division:
    """The entities with equal values, and these as variables."""

    values: Values
    collected: Collected


def divide(root: dict[str, Any], step: FetchStep) -> list[Division]:
    """The step's entities by their ancestors' values; those without a value that the step needs are left out."""
    known: dict[bytes, tuple[Values, list[dict[str, Any]]]] = {}
    for item, values in _objects_below(root, step):
        _, items = known.setdefault(orjson.dumps(values, option=orjson.OPT_SORT_KEYS), (values, []))
        items.append(item)
    divisions = [Division(values, represented(items, step.representations)) for values, items in known.values()]
    return [division for division in divisions if division.collected.sent]


def _objects_below(root: dict[str, Any], step: FetchStep) -> list[tuple[dict[str, Any], Values]]:
    """The objects at the step's path, each with the values of the ancestors that it was reached through."""
    found: list[tuple[dict[str, Any], Values]] = [(root, {})]
    for depth, part in enumerate(step.path):
        here = [value for value in step.contexts if value.above == depth]
        below: list[tuple[dict[str, Any], Values]] = []
        for item, values in found:
            if part.types is not None and typename_of(item) not in part.types:
                continue
            handed = _with_values(item, values, here) if here else values
            if handed is not None:
                objects: list[dict[str, Any]] = []
                flatten(item.get(part.key), objects)
                below.extend((child, handed) for child in objects)
        found = below
    return found


def _with_values(item: dict[str, Any], values: Values, here: Sequence[ContextValue]) -> Values | None:
    """The values with those of one more ancestor; None where it lacks one that is needed."""
    handed = dict(values)
    for wanted in here:
        if not _fields(item, wanted.shape):
            if wanted.type.endswith("!"):
                return None
            continue
        leaf = _leaf(item, wanted.shape)
        if leaf is _ABSENT or (leaf is None and wanted.type.endswith("!")):
            return None
        handed[wanted.variable] = leaf
    return handed


def _fields(item: dict[str, Any], shape: RepresentationShape) -> Sequence[Any]:
    return shape.by_type.get(typename_of(item) or "") or shape.fields


def _leaf(item: Any, shape: RepresentationShape) -> Any:
    """The one leaf that a shape picks, within the lists that it lies in."""
    if isinstance(item, list):
        leaves = [_leaf(each, shape) for each in item]
        return _ABSENT if any(leaf is _ABSENT for leaf in leaves) else leaves
    if not isinstance(item, dict):
        return None
    for part in _fields(item, shape):
        value = item.get(part.storage_key, _ABSENT)
        return value if part.selection is None or value is _ABSENT else _leaf(value, part.selection)
    return None


def requests(
    step: FetchStep, divisions: Sequence[Division], variables: Mapping[str, Any]
) -> Iterator[tuple[SubgraphRequest, Sequence[Division]]]:
    """The requests for all divisions, and which each is for."""
    for start in range(0, len(divisions), MAX_DIVISIONS):
        several = divisions[start : start + MAX_DIVISIONS]
        operation, sent = step.operation, {**variables}
        if len(several) == 1:
            sent |= {**several[0].values, "representations": several[0].collected.sent}
        else:
            own = frozenset(("representations", *(value.variable for value in step.contexts)))
            operation, joint = _repeated(step.operation, own, len(several))
            for index, division in enumerate(several):
                mine = {**division.values, "representations": division.collected.sent}
                sent |= {f"{name}{joint}{index}": value for name, value in mine.items()}
        yield SubgraphRequest(step.subgraph, step.kind, operation, step.operation_name, sent), several


def responses(response: SubgraphResponse, count: int) -> list[SubgraphResponse]:
    """A response to a request for several divisions, as one for each of them. What it says of none is said of the
    first."""
    if count == 1:
        return [response]
    taken = [
        SubgraphResponse(None if response.data is None else {"_entities": response.data.get(f"_{index}")})
        for index in range(count)
    ]
    for error in response.errors:
        path = error.get("path")
        index = _index_of(path[0], count) if isinstance(path, list) and path else None
        own = error if index is None or not isinstance(path, list) else {**error, "path": ["_entities", *path[1:]]}
        index = index or 0
        taken[index] = replace(taken[index], errors=(*taken[index].errors, own))
    return taken


def _index_of(key: object, count: int) -> int | None:
    return next((index for index in range(count) if key == f"_{index}"), None)


@lru_cache(maxsize=1_000)
def _repeated(operation: str, own: frozenset[str], count: int) -> tuple[str, str]:
    """The operation with its one field several times, aliased; and what stands between a variable of `own` and the
    number that tells one field's from the next one's."""
    definition = parse(operation, no_location=True).definitions[0]
    assert isinstance(definition, OperationDefinitionNode)  # noqa: S101 - the planner emits nothing else
    declared = {one.variable.name.value: one for one in definition.variable_definitions or ()}
    joint = "_"
    while any(f"{name}{joint}{index}" in declared for name in own for index in range(count)):
        joint += "_"
    shared = [one for name, one in declared.items() if name not in own]
    whose = _changed(definition, variable_definitions=tuple(declared[name] for name in sorted(own)))
    copies = [visit(whose, _Numbering(own, f"{joint}{index}")) for index in range(count)]
    fields = [
        _changed(copied.selection_set.selections[0], alias=NameNode(value=f"_{index}"))
        for index, copied in enumerate(copies)
    ]
    variables = [*shared, *(one for copied in copies for one in copied.variable_definitions)]
    selection = SelectionSetNode(selections=tuple(fields))
    several = _changed(definition, variable_definitions=tuple(variables), selection_set=selection)
    return strip_ignored_characters(print_ast(several)), joint


def _changed(node: Any, **changes: Any) -> Any:
    return type(node)(**{key: getattr(node, key) for key in node.keys} | changes)


class _Numbering(Visitor):
    """Ends the names of some variables in a number."""

    def __init__(self, own: frozenset[str], ending: str) -> None:
        super().__init__()
        self.own = own
        self.ending = ending

    def enter_variable(self, node: VariableNode, *_: Any) -> Any:
        name = node.name.value
        return VariableNode(name=NameNode(value=name + self.ending)) if name in self.own else None
