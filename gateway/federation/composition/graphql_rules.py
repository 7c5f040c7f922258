"""The rules of GraphQL that composition holds schemas to: graphql-core's, less one that is younger than its users.

That an implementation's field is deprecated only if the interface's is came after the specification of 2021. Subgraph
servers and routers do not ask for it, so schemas that are in use would be refused.
"""

from __future__ import annotations

import re

from graphql import GraphQLError, GraphQLSchema, validate_schema

_YOUNG = re.compile(r"Interface field \S+ is not deprecated, so implementation field ")


def schema_errors(schema: GraphQLSchema) -> list[GraphQLError]:
    """What is wrong with a schema; graphql-core goes by that too when it is to validate a selection."""
    errors = [error for error in validate_schema(schema) if not _YOUNG.match(error.message)]
    schema._validation_errors = errors
    return errors
