"""A query that shows what cannot be answered, as short as there is, and the path that it takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import GraphQLField, GraphQLInputObjectType, GraphQLInputType
from graphql.type import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    is_composite_type,
    is_required_argument,
    is_required_input_field,
)

from gateway.federation.composition.satisfiability.positions import Positions, subgraphs_of

_VALUES = {"Int": "1", "Float": "1.5", "Boolean": "true", "ID": '"1"'}


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of a query, a field or a fragment, after another; the first is the kind of operation."""

    text: str
    definition: GraphQLField | None = None
    owner: str = ""
    """The type that has the field."""
    positions: Positions = frozenset()
    """Where it leads."""
    before: Step | None = None

    def path(self) -> tuple[Step, ...]:
        """The steps that lead here, the first one left out, and this one."""
        return (*self.before.path(), self) if self.before else ()

    @property
    def kind(self) -> str:
        return self.before.kind if self.before else self.text


def query(step: Step) -> str:
    """A query that goes along the path; `...` stands for any selection."""
    path = step.path()
    lines = [step.kind]
    for depth, passed in enumerate(path):
        lines[-1] += " {"
        lines.append("  " * (depth + 1) + passed.text + _arguments(passed.definition))
    if step.definition is None or is_composite_type(get_named_type(step.definition.type)):
        lines[-1] += " { ... }"
    lines += ["  " * depth + "}" for depth in reversed(range(len(path)))]
    return "\n".join(lines)


def route(step: Step) -> Iterator[str]:
    """The fields of the path, the last one left out, each with the subgraphs that resolve it."""
    for passed in step.path()[:-1]:
        if passed.definition is not None:
            yield f"{passed.owner}.{passed.text} from {' or '.join(subgraphs_of(passed.positions))}"


def _arguments(definition: GraphQLField | None) -> str:
    required = {
        name: argument
        for name, argument in (definition.args.items() if definition else ())
        if is_required_argument(argument)
    }
    if not required:
        return ""
    return "(" + ", ".join(f"{name}: {_value(argument.type)}" for name, argument in required.items()) + ")"


def _value(given: GraphQLInputType) -> str:
    """A value of the type, such as one might write it."""
    if isinstance(given, GraphQLNonNull):
        return _value(given.of_type)
    if isinstance(given, GraphQLList):
        return f"[{_value(given.of_type)}]"
    if isinstance(given, GraphQLEnumType):
        return str(next(iter(given.values)))
    if isinstance(given, GraphQLInputObjectType):
        fields = {name: known for name, known in given.fields.items() if is_required_input_field(known)}
        return "{" + ", ".join(f"{name}: {_value(known.type)}" for name, known in fields.items()) + "}"
    return _VALUES.get(given.name, '"text"')
