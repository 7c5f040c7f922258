"""Entity fetches whose operation takes values of ancestors (`@fromContext`).

One place holds entities below several ancestors, so one fetch may have to hand in several values; equal entities below
different ancestors are then different questions. The entities are divided by their values. Several divisions go in one
request, as `_entities` aliased `_0`, `_1`, …, each with variables of its own: a request a value would be as many
requests as there are ancestors. A lone division has the plan's own operation. Either way a `Question` comes out, which
is asked, checked and merged as any entity step is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from graphql import NameNode, SelectionSetNode, VariableNode, print_ast, strip_ignored_characters
from graphql.language import Visitor, visit

from gateway.federation.execution.asked import sent_operation
from gateway.federation.execution.conditions import all_met
from gateway.federation.execution.representations import (
    Collected,
    Represented,
    flatten,
    gathered,
    represent,
    typename_of,
)
from gateway.federation.json_text import write_json
from gateway.federation.planning.query_plan import (
    ContextValue,
    Entities,
    EntityPlace,
    FetchStep,
    RepresentationShape,
)

MAX_DIVISIONS = 20
"""Divisions in one request: servers bound the aliases of an operation, and each number of them is a text to parse."""

_ABSENT = object()

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """One request: the step with the operation that is sent, the entities by its `_entities` fields, all variables."""

    step: FetchStep
    asked: Mapping[str, Collected]
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Division:
    """Entities whose ancestors hand in equal values."""

    entities: Entities
    values: Values
    collected: Collected


def questions(
    root: dict[str, Any], step: FetchStep, variables: Mapping[str, Any], starved: Mapping[str, frozenset[str] | None]
) -> list[Question]:
    """The requests for all entities of a step; those whose ancestors lack a value that it needs are left out.
    `variables`: the client's; `starved`: as `collect` has it, by the key of each `_entities` field."""
    divisions = [
        division for entities in step.entities for division in _divide(root, entities, variables, starved[entities.key])
    ]
    chunks = (divisions[start : start + MAX_DIVISIONS] for start in range(0, len(divisions), MAX_DIVISIONS))
    sent = {name: variables[name] for name in step.variables if name in variables}
    return [_question(step, chunk, sent) for chunk in chunks]


def _question(step: FetchStep, divisions: Sequence[_Division], sent: Mapping[str, Any]) -> Question:
    if len(divisions) == len(step.entities) == 1:
        alone = divisions[0]
        variables = {**sent, **alone.values, alone.entities.variable: alone.collected.sent}
        return Question(step, {alone.entities.key: alone.collected}, variables)
    operation, joint = _repeated(step.operation, tuple(each.entities.key for each in divisions), _own_variables(step))
    handed = {
        f"{name}{joint}{index}": value
        for index, each in enumerate(divisions)
        for name, value in {**each.values, each.entities.variable: each.collected.sent}.items()
    }
    asked = {f"_{index}": each.collected for index, each in enumerate(divisions)}
    return Question(replace(step, operation=operation), asked, {**sent, **handed})


def _own_variables(step: FetchStep) -> frozenset[str]:
    """Those that are not the client's."""
    handed = (value.variable for each in step.entities for place in each.places for value in place.contexts)
    return frozenset((*(each.variable for each in step.entities), *handed))


def _divide(
    root: dict[str, Any], entities: Entities, variables: Mapping[str, Any], starved: frozenset[str] | None
) -> Iterator[_Division]:
    known: dict[bytes, tuple[Values, list[Represented]]] = {}
    for place in entities.places:
        for item, values in _objects_below(root, place) if all_met(place.conditions, variables) else ():
            representation = represent(item, place.representations)
            if representation is not None:
                identity = write_json(values, sort_keys=True)
                known.setdefault(identity, (values, []))[1].append((item, representation, place))
    for values, represented in known.values():
        collected = gathered(represented, starved)
        if collected.sent:
            yield _Division(entities, values, collected)


def _objects_below(root: dict[str, Any], place: EntityPlace) -> list[tuple[dict[str, Any], Values]]:
    """The objects at a place, each with the values of the ancestors that it was reached through."""
    found: list[tuple[dict[str, Any], Values]] = [(root, {})]
    for depth, part in enumerate(place.path):
        here = [value for value in place.contexts if value.above == depth]
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


@lru_cache(maxsize=1_000)
def _repeated(operation: str, keys: tuple[str, ...], own: frozenset[str]) -> tuple[str, str]:
    """The operation with its fields as often as `keys` names them, aliased in that order, each with variables `own` to
    itself; and what stands between such a variable's name and its number."""
    definition = sent_operation(operation)
    declared = {one.variable.name.value: one for one in definition.variable_definitions or ()}
    fields: dict[str, Any] = {
        (field.alias or field.name).value: field  # type: ignore[attr-defined]
        for field in definition.selection_set.selections
    }
    joint = "_"
    while any(f"{name}{joint}{index}" in declared for name in own for index in range(len(keys))):
        joint += "_"
    variables = [one for name, one in declared.items() if name not in own]
    repeated = []
    for index, key in enumerate(keys):
        numbering = _Numbering(own, f"{joint}{index}")
        repeated.append(_changed(visit(fields[key], numbering), alias=NameNode(value=f"_{index}")))
        variables += [visit(declared[name], numbering) for name in sorted(numbering.found)]
    selection = SelectionSetNode(selections=tuple(repeated))
    several = _changed(definition, variable_definitions=tuple(variables), selection_set=selection)
    return strip_ignored_characters(print_ast(several)), joint


def _changed(node: Any, **changes: Any) -> Any:
    return type(node)(**{key: getattr(node, key) for key in node.keys} | changes)


class _Numbering(Visitor):
    """Ends the names of some variables in a number. `found`: those met."""

    def __init__(self, own: frozenset[str], ending: str) -> None:
        super().__init__()
        self.own = own
        self.ending = ending
        self.found: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: Any) -> Any:
        name = node.name.value
        if name not in self.own:
            return None
        self.found.add(name)
        return VariableNode(name=NameNode(value=name + self.ending))
