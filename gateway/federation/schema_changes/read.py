"""Text -> a schema as clients see it, of a supergraph or of the schema itself."""

from __future__ import annotations

from graphql import GraphQLError, GraphQLSchema, Source, build_ast_schema, parse
from graphql.validation.validate import validate_sdl

from gateway.federation.supergraph.directives import read_links
from gateway.federation.supergraph.graphql_rules import schema_errors
from gateway.federation.supergraph.read import SupergraphError, read_supergraph

MAX_ERRORS = 20
"""Mistakes of a schema that are told at once."""


class SchemaError(Exception):
    """The text is no schema; the message says what is wrong with it, a line for each mistake, with file and line."""


def read_schema(text: str, file: str) -> GraphQLSchema:
    """The API schema of a supergraph SDL, or the schema of an SDL that is no supergraph. Raises `SchemaError`."""
    try:
        document = parse(Source(text, file))
        links = read_links(document)
    except (GraphQLError, ValueError) as error:
        raise SchemaError(_told(error, file)) from error
    if links.version("join") is not None:
        try:
            return _valid(read_supergraph(text).api_schema, file)
        except SupergraphError as error:
            raise SchemaError(f"{file}: {error}") from error
    if links.version("federation") is not None:
        raise SchemaError(f"{file}: this is a subgraph's schema. Compose it with the others, with `quipu compose`.")
    if errors := validate_sdl(document):
        raise SchemaError("\n".join(_told(error, file) for error in errors[:MAX_ERRORS]))
    return _valid(build_ast_schema(document, assume_valid=True, assume_valid_sdl=True), file)


def _valid(schema: GraphQLSchema, file: str) -> GraphQLSchema:
    if errors := schema_errors(schema):
        raise SchemaError("\n".join(_told(error, file) for error in errors[:MAX_ERRORS]))
    return schema


def _told(error: Exception, file: str) -> str:
    if isinstance(error, GraphQLError):
        line = f":{error.locations[0].line}" if error.locations else ""
        return f"{file}{line}: {error.message}"
    return f"{file}: {error}."
