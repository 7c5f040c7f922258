"""Which specifications a subgraph links, and what their directives and types are called there.

`@link` (https://specs.apollo.dev/link/v1.0) says both: an imported element has its alias, any other is prefixed
(`@federation__key`), and a directive named like its specification is the prefix alone (`@tag`). Nothing is ever
recognised by how it is spelt; but a subgraph without a link to Federation 2 is one of Federation 1, whose names are
what they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from graphql import DocumentNode
from graphql.language import SchemaDefinitionNode, SchemaExtensionNode

from gateway.federation.composition.errors import Issue, refuse_any
from gateway.federation.composition.federation_spec import FEDERATION_1, OTHER_SPECS, Version, directives_of
from gateway.federation.composition.hints import hint
from gateway.federation.composition.link_rules import wrong_link, wrong_links_of_federation_1, wrong_set
from gateway.federation.composition.written_links import WrittenLink, read_version, written_link
from gateway.federation.supergraph.directives import SPEC_HOST, Link, LinkNames, read_link


@dataclass(frozen=True, slots=True)
class Links:
    """`names` resolves names; `version` is Federation's; `local_names` has each directive's name here, without @."""

    names: LinkNames
    version: Version
    local_names: Mapping[str, str]
    has_link: bool = True
    """Is `@link` here the directive that links, rather than whatever the subgraph means by it?"""
    implied_version: Version = FEDERATION_1
    """The version of Federation that all the links together ask for."""
    hints: tuple[Issue, ...] = ()


def read_links(subgraph: str, document: DocumentNode) -> Links:
    """Reads the links of a subgraph's schema. Raises `CompositionError`."""
    nodes = [node for node in document.definitions if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode)]
    applied = [written_link(subgraph, directive) for node in nodes for directive in node.directives or ()]
    link_directive = next((link.directive for link in applied if link.names_itself), "link")
    written = [link for link in applied if link.directive == link_directive]
    if not any(link.is_of_federation for link in written):
        refuse_any(wrong_links_of_federation_1(applied))
        return links_of_federation_1(FEDERATION_1, has_link=any(written))
    refuse_any(issue for link in written for issue in wrong_link(link, document))
    links = [(link, read_link(f"{link.base}/{link.version}", link.arguments)) for link in written]
    refuse_any(wrong_set(links))
    return _links_of_federation_2(LinkNames(dict(_by_name(links)), link_directive), written)


def links_of_federation_1(version: Version, has_link: bool = True) -> Links:
    """The names of Federation 1, which has no prefixes; also for what `version` adds to it."""
    imports = {f"@{name}": f"@{name}" for name in directives_of(version)} | {"FieldSet": "_FieldSet"}
    federation = Link("federation", "v1.0", "federation", imports, None, is_apollo=True)
    names = LinkNames({"federation": federation}, "link")
    return Links(names, version, dict(_local_names(names, version)), has_link, version)


def other_specs(names: LinkNames) -> dict[str, Version]:
    """The specifications that are linked besides Federation, and known: each with the Federation version whose form
    of the directives it has."""
    linked = [(name, spec, names.version(name) or "") for name, spec in OTHER_SPECS.items()]
    return {name: spec.versions[version] for name, spec, version in linked if version in spec.versions}


def _links_of_federation_2(names: LinkNames, written: Sequence[WrittenLink]) -> Links:
    version = read_version(names.links["federation"].version) or FEDERATION_1
    implying = {since: name for name, since in other_specs(names).items() if OTHER_SPECS[name].is_implying}
    implied = max([version, *implying])
    hints = []
    if implied > version:
        by = next(link for link in written if link.base == SPEC_HOST + implying[implied])
        wanted = f"v{implied[0]}.{implied[1]}"
        message = (
            f"{by.url} is of Federation {wanted}, so the subgraph counts as of that, although it links "
            f"v{version[0]}.{version[1]}: link federation/{wanted}."
        )
        hints.append(hint("IMPLICITLY_UPGRADED_FEDERATION_VERSION", message, None, (by.place,)))
    return Links(names, version, dict(_local_names(names, version)), True, implied, tuple(hints))


def _by_name(links: Sequence[tuple[WrittenLink, Link]]) -> Iterator[tuple[str, Link]]:
    """Apollo's specifications by name, all others by address."""
    for written, link in links:
        yield (link.name if written.base == SPEC_HOST + link.name else written.base), link


def _local_names(names: LinkNames, version: Version) -> Iterator[tuple[str, str]]:
    for name in directives_of(version):
        yield name, names.directive("federation", name)
    for spec in other_specs(names):
        for name in OTHER_SPECS[spec].directives:
            yield name, names.directive(spec, name)
