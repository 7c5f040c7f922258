"""Variable values: what the client sent, checked against the operation's declarations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLSchema, is_input_type, type_from_ast, value_from_ast_untyped
from graphql.execution.values import get_variable_values

from gateway.federation.errors import ClientError, RequestError
from gateway.federation.operation.parse import ParsedOperation


def check_variables(operation: ParsedOperation, schema: GraphQLSchema, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values to run with: those the client sent for declared variables, and declared defaults for the absent.

    They stay the JSON the client wrote (subgraphs coerce them again); an absent variable without a default stays
    absent. Raises `RequestError` with BAD_USER_INPUT.
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
        elif definition.default_value is not None and is_input_type(type_from_ast(schema, definition.type)):
            checked[name] = value_from_ast_untyped(definition.default_value)
    return checked
