"""Variable values: what the client sent, checked against the operation's declarations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLSchema
from graphql.execution.values import get_variable_values
from graphql.language import BooleanValueNode

from gateway.federation.errors import ClientError, RequestError
from gateway.federation.operation.parse import ParsedOperation


def check_variables(operation: ParsedOperation, schema: GraphQLSchema, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values to run with: those the client sent for declared variables, and the defaults of absent conditions.

    They stay the JSON the client wrote (subgraphs coerce them again). Other defaults go to the subgraphs as the client
    wrote them, in the operation. Raises `RequestError` with BAD_USER_INPUT.
    """
    definitions = operation.operation.variable_definitions or ()
    if not definitions:
        return {}
    outcome = get_variable_values(schema, definitions, dict(values), max_errors=50)
    if isinstance(outcome, list):
        raise RequestError(
            [
                ClientError(
                    error.message,
                    "BAD_USER_INPUT",
                    locations=tuple((location.line, location.column) for location in error.locations or ()),
                )
                for error in outcome
            ]
        )
    checked: dict[str, Any] = {}
    for definition in definitions:
        name = definition.variable.name.value
        if name in values:
            checked[name] = values[name]
        elif isinstance(definition.default_value, BooleanValueNode):
            checked[name] = definition.default_value.value
    return checked
