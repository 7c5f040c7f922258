"""The rules of GraphQL that schemas are held to: graphql-core's, less one that is younger than its users.

That an implementation's field is deprecated only if the interface's is came after the specification of 2021. Subgraph
servers and routers do not ask for it, so schemas that are in use would be refused.
"""

from __future__ import annotations

import re
from typing import Any

from graphql import GraphQLError, GraphQLSchema, validate_schema

_YOUNG = re.compile(r"Interface field \S+ is not deprecated, so implementation field ")


def schema_errors(schema: GraphQLSchema) -> list[GraphQLError]:
    """What is wrong with a schema, even if it was built as one to be taken for valid.

    That is how it must be built to be used: graphql-core validates any other by all of its rules, before it validates
    a document."""
    parts: dict[str, Any] = {**schema.to_kwargs(), "assume_valid": False}
    return [error for error in validate_schema(GraphQLSchema(**parts)) if not _YOUNG.match(error.message)]
