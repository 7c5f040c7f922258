"""Subgraph SDL -> `Subgraph`: parse, read links, gather each type's blocks, complete with Federation's definitions,
validate as GraphQL.

The syntax tree is the basis throughout: a subgraph may extend types that it does not define, and the applied
directives are what composition is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    build_ast_schema,
    parse,
    specified_directives,
    specified_scalar_types,
    validate_schema,
)
from graphql import Source as GraphQLSource
from graphql.language import DirectiveDefinitionNode, Node, SchemaDefinitionNode, TypeDefinitionNode, TypeExtensionNode
from graphql.validation.validate import validate_sdl

from gateway.federation.composition.definition_rules import wrong_definitions
from gateway.federation.composition.errors import CompositionError, Issue, Place, refuse_any
from gateway.federation.composition.federation_spec import Version, directives_of, types_of
from gateway.federation.composition.links import Links, read_links
from gateway.federation.composition.progress import OnProgress, tracked, unheard
from gateway.federation.composition.roots import rename_roots, schema_definition
from gateway.federation.composition.shapes import read_shapes, without_entry_points
from gateway.federation.composition.subgraph import Source, Subgraph, TypeShape
from gateway.federation.composition.usage import field_usage
from gateway.federation.supergraph.directives import LinkNames

_LINK_DEFINITIONS = """
directive @{link}(url: String, as: String, for: {Purpose}, import: [{Import}]) repeatable on SCHEMA
enum {Purpose} {{ SECURITY EXECUTION }}
scalar {Import}
"""
_PLACEHOLDER = "type Query { _service: _Service! } type _Service { sdl: String }"


def read_subgraphs(sources: Iterable[Source], on_progress: OnProgress = unheard) -> tuple[list[Subgraph], list[Issue]]:
    """The subgraphs that can be read, in the order of their names, and why the others cannot."""
    subgraphs: list[Subgraph] = []
    ordered = sorted(sources, key=lambda source: (source.name, source.sdl, source.url))
    issues = list(_wrong_names(ordered))
    for source in tracked(on_progress, "read", ordered):
        try:
            subgraphs.append(_read(source))
        except CompositionError as error:
            issues += error.issues
    return subgraphs, issues


def _wrong_names(ordered: list[Source]) -> Iterator[Issue]:
    if not ordered:
        yield Issue("NO_QUERIES", "There is no subgraph to compose: give at least one.", None, ())
    names = [source.name for source in ordered]
    for name in dict.fromkeys(names):
        if name in ("", "_"):
            yield Issue("INVALID_SUBGRAPH_NAME", f"{name!r} cannot name a subgraph: choose another.", None, ())
        if names.count(name) > 1:
            message = f"{names.count(name)} subgraphs are called {name}: give each a name of its own."
            yield Issue("INVALID_SUBGRAPH_NAME", message, None, (Place(name),))


def _read(source: Source) -> Subgraph:
    try:
        document = parse(GraphQLSource(source.sdl, source.name))
    except GraphQLError as error:
        raise CompositionError([_graphql_issue(source.name, error)]) from error
    links = read_links(source.name, document)
    document = rename_roots(source.name, document)
    refuse_any(wrong_definitions(source.name, document, links))
    own = [node for node in document.definitions if not _is_machinery(node, links.names)]
    shapes = without_entry_points(read_shapes(source.name, own, links))
    directives = {node.name.value: node for node in own if isinstance(node, DirectiveDefinitionNode)}
    schema_node = schema_definition(document, shapes)
    return Subgraph(
        name=source.name,
        url=source.url,
        version=links.version,
        links=links.names,
        local_names=links.local_names,
        schema_node=schema_node,
        types=shapes,
        directives=directives,
        schema=_valid_schema(source.name, schema_node, shapes, directives, links),
        usage=field_usage(shapes, links.local_names),
    )


def _is_machinery(node: Node, names: LinkNames) -> bool:
    if isinstance(node, TypeDefinitionNode | TypeExtensionNode):
        return names.is_machinery_type(node.name.value) or node.name.value in specified_scalar_types
    if isinstance(node, DirectiveDefinitionNode):
        standard = {directive.name for directive in specified_directives}
        return names.is_machinery_directive(node.name.value) or node.name.value in standard
    return False


def _valid_schema(
    subgraph: str,
    schema_node: SchemaDefinitionNode,
    shapes: dict[str, TypeShape],
    directives: dict[str, DirectiveDefinitionNode],
    links: Links,
) -> GraphQLSchema:
    """The subgraph as graphql-core has it, with Federation's definitions. Raises `CompositionError`."""
    missing_query = () if "Query" in shapes else parse(_PLACEHOLDER).definitions
    definitions = [
        schema_node,
        *directives.values(),
        *(shape.node for shape in shapes.values()),
        *missing_query,
        *parse(_spec_definitions(links)).definitions,
    ]
    document = DocumentNode(definitions=tuple(definitions))
    refuse_any(_graphql_issue(subgraph, error) for error in validate_sdl(document))
    try:
        schema = build_ast_schema(document, assume_valid_sdl=True)
    except (GraphQLError, TypeError) as error:
        raise CompositionError([_graphql_issue(subgraph, error)]) from error
    refuse_any(_graphql_issue(subgraph, error) for error in validate_schema(schema))
    return schema


def _spec_definitions(links: Links) -> str:
    return "\n".join(
        [
            _LINK_DEFINITIONS.format(
                link=links.names.link_directive,
                Purpose=_link_type(links, "Purpose"),
                Import=_link_type(links, "Import"),
            ),
            *_federation_definitions(links.version, links),
        ]
    )


def _link_type(links: Links, name: str) -> str:
    return links.names.type_name("link", name) or f"link__{name}"


def _federation_definitions(version: Version, links: Links) -> Iterator[str]:
    """Federation's scalars and directives under the names that a subgraph gives them."""
    types = {name: links.names.type_name("federation", name) for name in types_of(version)}
    for name in types.values():
        yield f"scalar {name}"
    for spec in directives_of(version).values():
        yield f"directive @{links.local_names[spec.name]}{spec.definition.format(**types)}"


def _graphql_issue(subgraph: str, error: Exception) -> Issue:
    """What graphql-core says of a subgraph, at the first line it names of the subgraph's own text."""
    lines = [location.line for location in getattr(error, "locations", None) or ()]
    source = getattr(error, "source", None)
    line = lines[0] if lines and source is not None and source.name == subgraph else None
    return Issue("INVALID_GRAPHQL", getattr(error, "message", str(error)), None, (Place(subgraph, line),))
