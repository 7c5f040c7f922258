"""INVALID_GRAPHQL: what clients see of the merged schema is valid, whatever was hidden from them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import GraphQLSchema, validate_schema

from gateway.federation.composition.errors import Issue
from gateway.federation.supergraph.model import Supergraph


def broken_api_schema(supergraph: Supergraph) -> Iterator[Issue]:
    """Rules of GraphQL that the merged types break together, as an implementer that another subgraph widened."""
    parts: dict[str, Any] = {**supergraph.api_schema.to_kwargs(), "assume_valid": False}
    for error in validate_schema(GraphQLSchema(**parts)):
        message = f"The merged schema is not valid: {error.message} Mend the subgraphs that have these types."
        yield Issue("INVALID_GRAPHQL", message, None, ())
