"""`@composeDirective`: which directives of which linked specifications a subgraph exports to the supergraph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from graphql.language import ConstDirectiveNode
from graphql.pyutils import did_you_mean, suggestion_list

from gateway.federation.composition.errors import Issue
from gateway.federation.composition.hints import hint
from gateway.federation.composition.subgraph import Subgraph
from gateway.federation.supergraph.directives import SPEC_HOST, Link, value_of

_CODE = "DIRECTIVE_COMPOSITION_ERROR"
_ALWAYS_COMPOSED = ("tag", "inaccessible", "authenticated", "requiresScopes", "policy", "context")
"""Those of Federation's own that need no export. The others mean nothing outside of their subgraph, or are combined."""
_OF_SUPERGRAPHS = ("link", "join")
ALWAYS_CLASHING = ("tag", "inaccessible")
"""Those whose name in one subgraph no other may give to a directive that it exports."""


@dataclass(frozen=True, eq=False)
class Export:
    """A directive that a subgraph exports: its name there, its name in its specification, and that specification."""

    subgraph: Subgraph
    local_name: str
    element: str
    link: Link
    node: ConstDirectiveNode

    @property
    def identity(self) -> str:
        """The specification's address, less the version."""
        return self.link.base

    @property
    def version(self) -> tuple[int, ...]:
        return version_of(self.link)


def is_federations_own(link: Link) -> bool:
    """Is it one of the two specifications that every subgraph has?"""
    return link.base in (f"{SPEC_HOST}federation", f"{SPEC_HOST}link")


def link_of(subgraph: Subgraph, identity: str) -> Link | None:
    """A subgraph's link of a specification."""
    return next((link for link in subgraph.links.links.values() if link.base == identity), None)


def version_of(link: Link) -> tuple[int, ...]:
    """`v1.2` as numbers."""
    return tuple(map(int, link.version.removeprefix("v").split(".")))


def element_of(link: Link, local_name: str) -> str | None:
    """What a directive of a subgraph is called in the specification that it is linked from; None if it is not from
    this one."""
    for element, alias in link.imports.items():
        if alias == f"@{local_name}":
            return element.removeprefix("@")
    if local_name == link.prefix:
        return link.name
    return local_name.removeprefix(f"{link.prefix}__") if local_name.startswith(f"{link.prefix}__") else None


def imported_name(link: Link, element: str) -> str | None:
    """The name under which a directive is imported; None if it is not."""
    alias = link.imports.get(f"@{element}")
    return alias.removeprefix("@") if alias else None


def local_name_of(link: Link, element: str) -> str:
    """What a directive of a specification is called where it is linked so."""
    return imported_name(link, element) or (link.prefix if element == link.name else f"{link.prefix}__{element}")


def read_exports(subgraphs: Sequence[Subgraph]) -> tuple[list[Export], list[Issue]]:
    """Every export that can be made, and what is wrong or needless with the others: DIRECTIVE_COMPOSITION_ERROR and
    DIRECTIVE_COMPOSITION_INFO."""
    exports: list[Export] = []
    issues: list[Issue] = []
    for subgraph in subgraphs:
        local = subgraph.local_names.get("composeDirective")
        for node in subgraph.schema_node.directives or ():
            if node.name.value == local:
                found = _read(subgraph, node)
                if isinstance(found, Export):
                    exports.append(found)
                else:
                    issues.append(found)
    return exports, [*issues, *(issue for export in exports for issue in _clashes(export, subgraphs))]


def _read(subgraph: Subgraph, node: ConstDirectiveNode) -> Export | Issue:
    written: Any = next((value_of(argument.value) for argument in node.arguments or ()), None)

    def wrong(message: str) -> Issue:
        return subgraph.issue(_CODE, message, None, node)

    if not isinstance(written, str) or not written:
        return wrong('@composeDirective names no directive: write @composeDirective(name: "@name").')
    if not written.startswith("@"):
        return wrong(f'{written} lacks the @ of a directive: write "@{written}".')
    name = written.removeprefix("@")
    known = [directive.name for directive in subgraph.schema.directives]
    if name not in known:
        near = did_you_mean(suggestion_list(written, [f"@{other}" for other in known]))
        return wrong(f"This subgraph defines no directive {written}: define it, or mend the name.{near}")
    return _read_known(subgraph, node, name)


def _read_known(subgraph: Subgraph, node: ConstDirectiveNode, name: str) -> Export | Issue:
    if name == subgraph.links.link_directive:
        return subgraph.issue(_CODE, f"@{name} is what links specifications, and stays here: remove this.", None, node)
    for link in subgraph.links.links.values():
        if (element := element_of(link, name)) is None:
            continue
        if is_federations_own(link) or (link.is_apollo and subgraph.local_names.get(element) == name):
            return _of_federation(subgraph, node, name, element, link)
        imported = imported_name(link, element)
        if imported not in (None, name):
            message = f"@{element} of {link.base} is imported here as @{imported}: export that name."
            return subgraph.issue(_CODE, message, None, node)
        return Export(subgraph, name, element, link, node)
    message = (
        f"@{name} is of no specification that this subgraph links, so nobody else could know it: link and import it."
    )
    return subgraph.issue(_CODE, message, None, node)


def _of_federation(subgraph: Subgraph, node: ConstDirectiveNode, name: str, element: str, link: Link) -> Issue:
    if link.name == "federation" and element in _ALWAYS_COMPOSED:
        message = f"@{name} is Federation's own, and composed anyway: remove this @composeDirective."
        return hint("DIRECTIVE_COMPOSITION_INFO", message, None, (subgraph.place(node),))
    message = f"@{name} is Federation's own, and what of it reaches the supergraph is not for export: remove this."
    return subgraph.issue(_CODE, message, None, node)


def _clashes(export: Export, subgraphs: Sequence[Subgraph]) -> Iterator[Issue]:
    if (prefix := export.local_name.partition("__")[0]) in _OF_SUPERGRAPHS:
        message = (
            f"@{export.local_name} would be taken for a name of the {prefix} specification, which every supergraph "
            "links: import it under another name."
        )
        yield export.subgraph.issue("INVALID_LINK_DIRECTIVE_USAGE", message, None, export.node)
    for element in ALWAYS_CLASHING:
        holders = [subgraph for subgraph in subgraphs if subgraph.local_names.get(element) == export.local_name]
        if holders:
            names = ", ".join(subgraph.name for subgraph in holders)
            message = (
                f"@{export.local_name} is Federation's @{element} in {names}, which is composed too: import one "
                "of them under another name."
            )
            yield export.subgraph.issue(_CODE, message, None, export.node)
