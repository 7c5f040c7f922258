"""Subgraph SDL -> `Subgraph`: parse, read links, gather each type's blocks, and assemble.

The syntax tree is the basis throughout: a subgraph may extend types that it does not define, and the applied
directives are what composition is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from graphql import DocumentNode, GraphQLError, introspection_types, parse, specified_scalar_types
from graphql import Source as GraphQLSource
from graphql.language import DirectiveDefinitionNode, Node, TypeDefinitionNode, TypeExtensionNode

from gateway.federation.composition.assemble import STANDARD, assemble, graphql_issue
from gateway.federation.composition.definition_rules import wrong_definitions
from gateway.federation.composition.document_rules import wrong_document
from gateway.federation.composition.errors import CompositionError, Issue, Place, refuse_any
from gateway.federation.composition.links import read_links
from gateway.federation.composition.progress import OnProgress, tracked, unheard
from gateway.federation.composition.roots import rename_roots, schema_definition
from gateway.federation.composition.shapes import read_shapes, without_entry_points
from gateway.federation.composition.spec_definitions import spec_definitions, types_of_other_specs
from gateway.federation.composition.subgraph import Source, Subgraph


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
        raise CompositionError([graphql_issue(source.name, error)]) from error
    links = read_links(source.name, document)
    document = rename_roots(source.name, document)
    known = spec_definitions(links)
    refuse_any(wrong_document(source.name, document, known))
    refuse_any(wrong_definitions(source.name, document.definitions, known))
    own, copies = _divided(document, known, types_of_other_specs(links))
    shapes = without_entry_points(read_shapes(source.name, own, links))
    directives = {node.name.value: node for node in own if isinstance(node, DirectiveDefinitionNode)}
    objects = {name for name, shape in shapes.items() if shape.kind == "object"}
    schema_node = schema_definition(document, objects)
    return assemble(source.name, source.url, links, known, schema_node, shapes, directives, copies)


def _divided(
    document: DocumentNode, known: Mapping[tuple[bool, str], Any], shared: Sequence[str]
) -> tuple[list[Node], list[Any]]:
    """What a subgraph defines of its own, and its copies of specifications' directives. The types `shared`, of
    specifications that it links besides Federation, count as its own."""
    own: list[Node] = []
    copies: list[Any] = []
    foreign = {key: node for key, node in known.items() if key not in {(False, name) for name in shared}}
    for node in document.definitions:
        if isinstance(node, DirectiveDefinitionNode) and _is_copy(node, known):
            copies.append(node)
        elif not _is_known(node, foreign):
            own.append(node)
    written = {node.name.value for node in own if isinstance(node, TypeDefinitionNode)}
    own += (known[False, name] for name in shared if name not in written)
    return own, copies


def _is_copy(node: DirectiveDefinitionNode, known: Mapping[tuple[bool, str], Any]) -> bool:
    return (True, node.name.value) in known or node.name.value in STANDARD


def _is_known(node: Node, known: Mapping[tuple[bool, str], Any]) -> bool:
    if not isinstance(node, TypeDefinitionNode | TypeExtensionNode):
        return False
    name = node.name.value
    return (False, name) in known or name in specified_scalar_types or name in introspection_types
