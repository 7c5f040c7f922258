"""INVALID_GRAPHQL: the merged types are valid together, as an implementer that another subgraph widened is not."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import GraphQLSchema

from gateway.federation.composition.errors import Issue
from gateway.federation.composition.merging.merge import Merged
from gateway.federation.supergraph.graphql_rules import schema_errors
from gateway.federation.supergraph.model import Supergraph


def broken_schema(merged: Merged) -> Iterator[Issue]:
    """Rules of GraphQL that the merged types break, the hidden ones too."""
    yield from _issues(merged.whole)


def broken_api_schema(supergraph: Supergraph) -> Iterator[Issue]:
    """Rules that are broken once what is hidden is taken away."""
    yield from _issues(supergraph.api_schema)


def _issues(schema: GraphQLSchema) -> Iterator[Issue]:
    for error in schema_errors(schema):
        message = f"The merged schema is not valid: {error.message} Mend the subgraphs that have these types."
        yield Issue("INVALID_GRAPHQL", message, None, ())
