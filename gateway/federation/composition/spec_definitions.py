"""The definitions of the specifications that a subgraph links, under the names that it gives them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from graphql import parse
from graphql.language import DirectiveDefinitionNode, TypeDefinitionNode

from gateway.federation.composition.federation_spec import (
    FIRST_FORMS,
    OTHER_SPECS,
    SpecDirective,
    directives_of,
    types_of,
)
from gateway.federation.composition.links import Links, other_specs

_LINK_DEFINITIONS = """
directive @{link}(url: String, as: String, for: {Purpose}, import: [{Import}]) repeatable on SCHEMA
enum {Purpose} {{ SECURITY EXECUTION }}
scalar {Import}
"""
Definition = DirectiveDefinitionNode | TypeDefinitionNode


def spec_definitions(links: Links) -> dict[tuple[bool, str], Any]:
    """Every directive (True) and type (False) of the linked specifications by its local name."""
    text = "\n".join([*_of_link(links), *_of_federation(links), *_of_other_specs(links)])
    nodes = parse(text, no_location=True).definitions
    return {(isinstance(node, DirectiveDefinitionNode), node.name.value): node for node in nodes}  # type: ignore[attr-defined]


def types_of_other_specs(links: Links) -> list[str]:
    """The local names of the types of specifications that are linked besides Federation, and have its directives. The
    supergraph has them like types of the subgraph's own."""
    shared = ((name, OTHER_SPECS[name]) for name in other_specs(links.names))
    return [links.names.type_name(name, own) for name, spec in shared if not spec.definitions for own in spec.types]


def _of_link(links: Links) -> Iterator[str]:
    if links.has_link:
        prefix = links.names.link_directive
        yield _LINK_DEFINITIONS.format(
            link=prefix,
            Purpose=links.names.type_name("link", "Purpose") or f"{prefix}__Purpose",
            Import=links.names.type_name("link", "Import") or f"{prefix}__Import",
        )


def _of_federation(links: Links) -> Iterator[str]:
    types = {name: links.names.type_name("federation", name) for name in types_of(links.version)}
    yield from (f"scalar {name}" for name in types.values())
    elsewhere = {name for spec in other_specs(links.names) for name in OTHER_SPECS[spec].directives}
    for spec in directives_of(links.version).values():
        if spec.name not in elsewhere:
            yield _directive(links, spec, types)


def _of_other_specs(links: Links) -> Iterator[str]:
    for name, version in other_specs(links.names).items():
        spec = OTHER_SPECS[name]
        types = {type_name: links.names.type_name(name, type_name) for type_name in spec.types}
        if spec.definitions:
            yield spec.definitions.format(**types, **{known: links.local_names[known] for known in spec.directives})
            continue
        yield from (f"scalar {type_name}" for type_name in types.values())
        for directive in spec.directives:
            form = directives_of(version)[directive]
            is_first = links.names.version(name) == "v0.1" and name in FIRST_FORMS
            yield _directive(links, replace(form, definition=FIRST_FORMS[name]) if is_first else form, types)


def _directive(links: Links, spec: SpecDirective, types: dict[str, str]) -> str:
    return f"directive @{links.local_names[spec.name]}{spec.definition.format(**types)}"
