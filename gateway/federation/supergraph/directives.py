"""Directives of a supergraph document: which name each specification's element has here, and what was applied.

Names are resolved through `@link` (https://specs.apollo.dev/link/v1.0) and its predecessor `@core`, so a directive
renamed on import (`{name: "@authenticated", as: "@login"}`) is still what it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from graphql import DirectiveLocation, DocumentNode, ValueNode
from graphql.language import (
    ConstDirectiveNode,
    EnumValueNode,
    ListValueNode,
    ObjectValueNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
)
from graphql.language.ast import NullValueNode
from graphql.utilities import value_from_ast_untyped

EXECUTABLE = (
    DirectiveLocation.QUERY,
    DirectiveLocation.MUTATION,
    DirectiveLocation.SUBSCRIPTION,
    DirectiveLocation.FIELD,
    DirectiveLocation.FRAGMENT_DEFINITION,
    DirectiveLocation.FRAGMENT_SPREAD,
    DirectiveLocation.INLINE_FRAGMENT,
    DirectiveLocation.VARIABLE_DEFINITION,
)
"""Where in operations a directive can stand, in the order of GraphQL's specification."""
SPEC_HOST = "https://specs.apollo.dev/"
KNOWN_SPECS = frozenset(
    {
        "link", "core", "join", "tag", "inaccessible", "authenticated", "requiresScopes", "policy", "cost", "context",
        "federation", "connect", "cacheTag",
    }
)  # fmt: skip


class HasDirectives(Protocol):
    """Any node that directives can be applied to."""

    @property
    def directives(self) -> Sequence[ConstDirectiveNode] | None: ...


@dataclass(frozen=True, slots=True)
class Link:
    """One linked specification: `name` and `version` from its URL, `prefix` here, and `imports` (theirs -> ours)."""

    name: str
    version: str
    prefix: str
    imports: Mapping[str, str]
    purpose: str | None
    is_apollo: bool
    base: str = ""
    """Its URL, less the version."""

    def has_type(self, name: str) -> bool:
        """Is this one of its types, by the name that it has here?"""
        return name.startswith(self.prefix + "__") or name in self.imports.values()

    def has_directive(self, name: str) -> bool:
        """Is this one of its directives, by the name that it has here, without the @?"""
        return name == self.prefix or name.startswith(self.prefix + "__") or "@" + name in self.imports.values()


@dataclass(frozen=True, slots=True)
class LinkNames:
    """All links of a supergraph."""

    links: Mapping[str, Link]
    link_directive: str

    def version(self, spec: str) -> str | None:
        """The linked version of a specification, or None."""
        link = self.links.get(spec)
        return link.version if link else None

    def directive(self, spec: str, name: str) -> str:
        """What the specification's directive is called in this document, without the @; "" where it is not linked."""
        link = self.links.get(spec)
        if link is None:
            return ""
        if imported := link.imports.get("@" + name):
            return imported.removeprefix("@")
        return link.prefix if name == spec else f"{link.prefix}__{name}"

    def type_name(self, spec: str, name: str) -> str:
        """What the specification's type is called in this document; "" where it is not linked."""
        link = self.links.get(spec)
        return "" if link is None else link.imports.get(name) or f"{link.prefix}__{name}"

    def unknown_required(self) -> list[str]:
        """Specifications that must be understood (`for: EXECUTION` or `SECURITY`) and are not."""
        return sorted(
            f"{link.name}/{link.version}"
            for link in self.links.values()
            if link.purpose is not None and not (link.is_apollo and link.name in KNOWN_SPECS)
        )

    def is_machinery_type(self, name: str) -> bool:
        """Is this type part of a linked Apollo specification, rather than of the schema?"""
        return any(link.is_apollo and link.has_type(name) for link in self.links.values())

    def is_machinery_directive(self, name: str) -> bool:
        """Is this directive part of a linked Apollo specification, rather than of the schema?"""
        return name == self.link_directive or any(
            link.is_apollo and link.has_directive(name) for link in self.links.values()
        )

    def is_linked_directive(self, name: str) -> bool:
        """Is this directive part of any linked specification? Clients see none of those."""
        return name == self.link_directive or any(link.has_directive(name) for link in self.links.values())


def read_links(document: DocumentNode) -> LinkNames:
    """Reads the `@link` or `@core` applications of the schema. Raises `ValueError` where a specification is linked
    twice, for then one of its names here would go unseen."""
    nodes = [node for node in document.definitions if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode)]
    applied = [directive for node in nodes for directive in node.directives or ()]
    link_directive = next(filter(None, map(_links_itself, applied)), "link")
    found: dict[str, Link] = {}
    for arguments in (arguments_of(directive) for directive in applied if directive.name.value == link_directive):
        link = read_link(_url(arguments), arguments)
        identity = link.name if link.is_apollo else _url(arguments)
        if identity in found:
            raise ValueError(f"it links {link.name} twice")
        found[identity] = link
    return LinkNames(found, link_directive)


def _links_itself(directive: ConstDirectiveNode) -> str | None:
    """The directive's name, if it is the one that links: that says so of itself."""
    arguments = arguments_of(directive)
    for name in ("link", "core"):
        own_name = arguments.get("as") or name
        if _url(arguments).startswith(f"{SPEC_HOST}{name}/") and directive.name.value == own_name:
            return directive.name.value
    return None


def _url(arguments: Mapping[str, Any]) -> str:
    return str(arguments.get("url") or arguments.get("feature"))


def read_link(url: str, arguments: Mapping[str, Any]) -> Link:
    """One application of `@link`: its URL ends in name and version, its imports are well formed."""
    base, _, version = url.rstrip("/").rpartition("/")
    name = base.rpartition("/")[2]
    imports: dict[str, str] = {}
    for entry in arguments.get("import") or ():
        if isinstance(entry, str):
            imports[entry] = entry
        else:
            imports[str(entry["name"])] = str(entry.get("as") or entry["name"])
    prefix = str(arguments.get("as") or name)
    purpose = arguments.get("for")
    return Link(name, version, prefix, imports, purpose, url.startswith(SPEC_HOST), base)


def applications(node: HasDirectives, name: str) -> Iterator[Mapping[str, Any]]:
    """The arguments of each application of a directive to a node, enum values as strings."""
    if not name:
        return
    for directive in node.directives or ():
        if directive.name.value == name:
            yield arguments_of(directive)


def arguments_of(directive: ConstDirectiveNode) -> dict[str, Any]:
    """The arguments that are written, as plain Python."""
    return {argument.name.value: value_of(argument.value) for argument in directive.arguments or ()}


def value_of(node: ValueNode) -> Any:
    """A constant as plain Python, enum values as their names."""
    if isinstance(node, EnumValueNode):
        return node.value
    if isinstance(node, NullValueNode):
        return None
    if isinstance(node, ListValueNode):
        return [value_of(item) for item in node.values]
    if isinstance(node, ObjectValueNode):
        return {entry.name.value: value_of(entry.value) for entry in node.fields}
    return value_from_ast_untyped(node)


def listed(value: Any) -> list[Any]:
    """The value of a list argument: GraphQL lets the brackets be left out where there is but one item."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
