"""Variable values: what the client sent, checked against the operation's declarations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableDefinitionNode,
    parse,
    print_ast,
)
from graphql.execution.values import get_variable_values
from graphql.language import BooleanValueNode

from gateway.federation.errors import ClientError, RequestError
from gateway.federation.operation.parse import ParsedOperation

Location = tuple[int, int]
"""Line and column, both from 1."""


@dataclass(frozen=True, slots=True)
class Declarations:
    """An operation's kind, name and variables: all that is asked of it once it is planned. The definitions are kept
    without the document that they stand in, which weighs more than the plan; `locations` says where each stood."""

    kind: str
    name: str | None
    definitions: tuple[VariableDefinitionNode, ...]
    locations: Mapping[str, Location]


def declarations_of(operation: ParsedOperation) -> Declarations:
    """What is kept of an operation."""
    written = operation.operation.variable_definitions or ()
    locations = {
        definition.variable.name.value: (place.line, place.column)
        for definition in written
        if definition.loc is not None
        for place in [definition.loc.source.get_location(definition.loc.start)]
    }
    return Declarations(operation.kind, operation.name, _alone(written), locations)


def _alone(written: tuple[VariableDefinitionNode, ...]) -> tuple[VariableDefinitionNode, ...]:
    if not written:
        return ()
    text = f"query ({', '.join(map(print_ast, written))}) {{ __typename }}"
    [operation] = parse(text, no_location=True).definitions
    assert isinstance(operation, OperationDefinitionNode)  # noqa: S101 - it was just written
    return tuple(operation.variable_definitions or ())


def check_variables(declared: Declarations, schema: GraphQLSchema, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values to run with: those the client sent for declared variables, and the defaults of absent conditions.

    They stay the JSON the client wrote (subgraphs coerce them again). Other defaults go to the subgraphs as the client
    wrote them, in the operation. Raises `RequestError` with BAD_USER_INPUT.
    """
    definitions = declared.definitions
    if not definitions:
        return {}
    outcome = get_variable_values(schema, definitions, dict(values), max_errors=50)
    if isinstance(outcome, list):
        raise RequestError([_client_error(declared, error) for error in outcome])
    checked: dict[str, Any] = {}
    for definition in definitions:
        name = definition.variable.name.value
        if name in values:
            checked[name] = values[name]
        elif isinstance(definition.default_value, BooleanValueNode):
            checked[name] = definition.default_value.value
    return checked


def _client_error(declared: Declarations, error: GraphQLError) -> ClientError:
    names = (node.variable.name.value for node in error.nodes or () if isinstance(node, VariableDefinitionNode))
    locations = tuple(declared.locations[name] for name in names if name in declared.locations)
    return ClientError(error.message, "BAD_USER_INPUT", locations=locations)
