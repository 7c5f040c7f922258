"""A subgraph's own copies of Federation's definitions may only be narrower than the specification's.

Frameworks print them into SDLs. A copy that agrees is put aside for the specification's own.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import DocumentNode, parse
from graphql.language import (
    DirectiveDefinitionNode,
    NonNullTypeNode,
    ScalarTypeDefinitionNode,
    TypeDefinitionNode,
)

from gateway.federation.composition.errors import Issue, Place
from gateway.federation.composition.federation_spec import directives_of, types_of
from gateway.federation.composition.links import Links


def wrong_definitions(subgraph: str, document: DocumentNode, links: Links) -> Iterator[Issue]:
    """DIRECTIVE_DEFINITION_INVALID and TYPE_DEFINITION_INVALID."""
    specs = directives_of(links.version)
    by_local_name = {local: specs[name] for name, local in links.local_names.items() if name in specs}
    scalars = {links.names.type_name("federation", name) for name in types_of(links.version)}
    for node in document.definitions:
        line = node.loc.start_token.line if node.loc else None
        if isinstance(node, DirectiveDefinitionNode) and (spec := by_local_name.get(node.name.value)):
            known = parse(f"directive @{spec.name}{spec.definition.format_map(_AnyName())}").definitions[0]
            assert isinstance(known, DirectiveDefinitionNode)  # noqa: S101 - our own text
            for what in _differences(node, known):
                message = f"The definition of @{node.name.value} {what}: remove it, the specification's is known."
                yield Issue("DIRECTIVE_DEFINITION_INVALID", message, f"@{node.name.value}", (Place(subgraph, line),))
        is_type = isinstance(node, TypeDefinitionNode) and not isinstance(node, ScalarTypeDefinitionNode)
        if is_type and node.name.value in scalars:  # type: ignore[attr-defined]
            message = "This name is a scalar of the Federation specification: rename the type, or remove it."
            yield Issue("TYPE_DEFINITION_INVALID", message, node.name.value, (Place(subgraph, line),))  # type: ignore[attr-defined]


class _AnyName(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return key


def _differences(node: DirectiveDefinitionNode, known: DirectiveDefinitionNode) -> Iterator[str]:
    arguments = {argument.name.value: argument for argument in known.arguments or ()}
    written = {argument.name.value for argument in node.arguments or ()}
    for name in sorted(written - set(arguments)):
        yield f"has an argument {name} that the specification lacks"
    for name, argument in arguments.items():
        if name not in written and isinstance(argument.type, NonNullTypeNode) and argument.default_value is None:
            yield f"lacks the argument {name}"
    locations = {location.value for location in node.locations} - {location.value for location in known.locations}
    if locations:
        yield f"is for {', '.join(sorted(locations))} too"
    if node.repeatable and not known.repeatable:
        yield "is repeatable"
