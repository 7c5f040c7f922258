"""The parts of a subgraph -> `Subgraph`, completed with its specifications' definitions and validated as GraphQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import DocumentNode, GraphQLError, GraphQLSchema, build_ast_schema, parse, specified_directives
from graphql.language import DefinitionNode, DirectiveDefinitionNode, SchemaDefinitionNode
from graphql.validation.validate import validate_sdl

from gateway.federation.composition.errors import CompositionError, Issue, Place, refuse_any
from gateway.federation.composition.links import Links
from gateway.federation.composition.roots import QUERY
from gateway.federation.composition.subgraph import Subgraph, TypeShape
from gateway.federation.composition.usage import field_usage
from gateway.federation.supergraph.graphql_rules import schema_errors

_PLACEHOLDER = "type Query { _service: _Service! } type _Service { sdl: String }"
STANDARD = frozenset(directive.name for directive in specified_directives)
"""The directives that GraphQL itself has."""


def assemble(
    name: str,
    url: str,
    links: Links,
    known: Mapping[tuple[bool, str], Any],
    schema_node: SchemaDefinitionNode,
    shapes: dict[str, TypeShape],
    directives: dict[str, DirectiveDefinitionNode],
    copies: Sequence[DirectiveDefinitionNode] = (),
) -> Subgraph:
    """A subgraph of its parts. Raises `CompositionError` where they are no valid GraphQL.

    `known` are of `spec_definitions`, `copies` its own definitions of directives of specifications and of GraphQL."""
    of_graphql = [node for node in copies if node.name.value in STANDARD]
    of_specs = {(True, node.name.value): node for node in copies if node.name.value not in STANDARD}
    known = {**known, **of_specs}
    missing_query = () if QUERY in shapes else parse(_PLACEHOLDER).definitions
    definitions = [
        schema_node,
        *directives.values(),
        *(shape.node for shape in shapes.values()),
        *missing_query,
        *(node for (is_directive, known_name), node in known.items() if is_directive or known_name not in shapes),
    ]
    return Subgraph(
        name=name,
        url=url,
        version=links.implied_version,
        links=links.names,
        local_names=links.local_names,
        schema_node=schema_node,
        types=shapes,
        directives=directives,
        schema=_valid_schema(name, definitions, of_graphql),
        usage=field_usage(shapes, links.local_names),
        hints=links.hints,
    )


def _valid_schema(
    subgraph: str, definitions: Sequence[DefinitionNode], of_graphql: Sequence[DefinitionNode]
) -> GraphQLSchema:
    """The subgraph as graphql-core has it, with its specifications' definitions. Raises `CompositionError`.

    Both GraphQL's definitions of its directives and the subgraph's own must allow what it writes."""
    document = DocumentNode(definitions=tuple(definitions))
    documents = [document, DocumentNode(definitions=(*definitions, *of_graphql))] if of_graphql else [document]
    refuse_any(graphql_issue(subgraph, error) for each in documents for error in validate_sdl(each))
    try:
        schema = build_ast_schema(document, assume_valid=True, assume_valid_sdl=True)
        refuse_any(graphql_issue(subgraph, error) for error in schema_errors(schema))
    except (GraphQLError, TypeError) as error:
        raise CompositionError([graphql_issue(subgraph, error)]) from error
    return schema


def graphql_issue(subgraph: str, error: Exception) -> Issue:
    """What graphql-core says of a subgraph, at the first line it names of the subgraph's own text."""
    told = error.__cause__ if isinstance(error.__cause__, GraphQLError) else error
    lines = [location.line for location in getattr(told, "locations", None) or ()]
    source = getattr(told, "source", None)
    line = lines[0] if lines and source is not None and source.name == subgraph else None
    message = getattr(told, "message", str(told)).rstrip()
    message = message if message.endswith((".", "?")) else f"{message}."
    return Issue("INVALID_GRAPHQL", message, None, (Place(subgraph, line),))
