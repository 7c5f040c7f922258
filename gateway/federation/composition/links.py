"""Which specifications a subgraph links, and what their directives and types are called there.

`@link` (https://specs.apollo.dev/link/v1.0) says both: an imported element has its alias, any other is prefixed
(`@federation__key`), and a directive named like its specification is the prefix alone (`@tag`). Nothing is ever
recognised by how it is spelt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import DocumentNode
from graphql.language import ConstDirectiveNode, Node, SchemaDefinitionNode, SchemaExtensionNode

from gateway.federation.composition.errors import Issue, Place, refuse_any
from gateway.federation.composition.federation_spec import LATEST, OTHER_SPECS, Version, directives_of, types_of
from gateway.federation.supergraph.directives import SPEC_HOST, Link, LinkNames, read_link, value_of

_VERSION = re.compile(r"v(\d+)\.(\d+)")
_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")


@dataclass(frozen=True, slots=True)
class Links:
    """`names` resolves names; `version` is Federation's; `local_names` has each directive's name here, without @."""

    names: LinkNames
    version: Version
    local_names: Mapping[str, str]


def read_links(subgraph: str, document: DocumentNode) -> Links:
    """Reads the links of a subgraph's schema. Raises `CompositionError`."""
    nodes = [node for node in document.definitions if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode)]
    applied = [directive for node in nodes for directive in node.directives or ()]
    link_directive = _link_directive(applied)
    written = [(directive, _arguments(directive)) for directive in applied if directive.name.value == link_directive]
    report = _Report(subgraph)
    refuse_any(issue for directive, arguments in written for issue in report.wrong_link(directive, arguments))
    links = [(directive, read_link(str(arguments["url"]), arguments)) for directive, arguments in written]
    refuse_any(report.wrong_set(links))
    by_name = {link.name if link.is_apollo else link.base: link for _, link in links}
    names = LinkNames(by_name, link_directive)
    version = _version(by_name["federation"].version)
    return Links(names, version, dict(_local_names(names, version)))


def _link_directive(applied: list[ConstDirectiveNode]) -> str:
    """What `@link` itself is called: it may link its own specification under another name."""
    for directive in applied:
        arguments = _arguments(directive)
        own_name = arguments.get("as") or "link"
        if str(arguments.get("url")).startswith(f"{SPEC_HOST}link/") and directive.name.value == own_name:
            return str(own_name)
    return "link"


def _arguments(directive: ConstDirectiveNode) -> dict[str, Any]:
    return {argument.name.value: value_of(argument.value) for argument in directive.arguments or ()}


def _version(text: str) -> Version:
    matched = _VERSION.fullmatch(text)
    return (int(matched[1]), int(matched[2])) if matched else (0, 0)


def _local_names(names: LinkNames, version: Version) -> Iterator[tuple[str, str]]:
    for name in directives_of(version):
        yield name, names.directive("federation", name)
    for spec in OTHER_SPECS:
        if spec in names.links:
            yield spec, names.directive(spec, spec)


@dataclass(frozen=True, slots=True)
class _Report:
    subgraph: str

    def issue(self, code: str, message: str, node: Node) -> Issue:
        line = node.loc.start_token.line if node.loc else None
        return Issue(code, message, None, (Place(self.subgraph, line),))

    def wrong_link(self, node: ConstDirectiveNode, arguments: Mapping[str, Any]) -> Iterator[Issue]:
        """What is wrong with one link, read by itself."""
        url, alias = arguments.get("url"), arguments.get("as")
        if not isinstance(url, str):
            yield self.issue("INVALID_LINK_DIRECTIVE_USAGE", "A link has no url: name the specification's.", node)
            return
        base, _, version = url.rstrip("/").rpartition("/")
        if not _VERSION.fullmatch(version) or not base.rpartition("/")[2]:
            message = f"{url} names no specification and version: write it as https://host/name/v1.0."
            yield self.issue("INVALID_LINK_IDENTIFIER", message, node)
            return
        if alias is not None and (not isinstance(alias, str) or "__" in alias or not _NAME.fullmatch(alias)):
            message = f"{url} cannot be linked as {alias!r}: give it a GraphQL name without two underscores together."
            yield self.issue("INVALID_LINK_DIRECTIVE_USAGE", message, node)
        if unsupported := _unsupported(base, arguments.get("for")):
            yield self.issue("UNSUPPORTED_FEATURE", unsupported, node)
        yield from self.wrong_version(node, base, version)
        yield from self.wrong_imports(node, base, version, arguments.get("import") or ())

    def wrong_version(self, node: ConstDirectiveNode, base: str, version: str) -> Iterator[Issue]:
        if base == f"{SPEC_HOST}federation" and not (2, 0) <= _version(version) <= LATEST:
            known = f"v2.0 to v{LATEST[0]}.{LATEST[1]}"
            yield self.issue(
                "UNKNOWN_FEDERATION_LINK_VERSION", f"Federation {version} is not known here: link {known}.", node
            )
        name = base.removeprefix(SPEC_HOST)
        known_versions = {"link": ["v1.0"], **{spec: list(versions) for spec, versions in OTHER_SPECS.items()}}
        if base.startswith(SPEC_HOST) and version not in known_versions.get(name, [version]):
            message = f"{name} {version} is not known here: link {' or '.join(known_versions[name])}."
            yield self.issue("UNKNOWN_LINK_VERSION", message, node)

    def wrong_imports(self, node: ConstDirectiveNode, base: str, version: str, imports: Any) -> Iterator[Issue]:
        entries = [imports] if isinstance(imports, str | dict) else imports
        for entry in entries:
            if message := _wrong_import(entry):
                yield self.issue("INVALID_LINK_DIRECTIVE_USAGE", message, node)
                continue
            imported = entry if isinstance(entry, str) else entry["name"]
            offered = _offered(base, _version(version))
            if offered is not None and imported not in offered:
                message = f"{base}/{version} has no {imported}: remove the import, or link a version that has it."
                yield self.issue("INVALID_LINK_DIRECTIVE_USAGE", message, node)

    def wrong_set(self, links: list[tuple[ConstDirectiveNode, Link]]) -> Iterator[Issue]:
        """What is wrong with links that are each right."""
        identities: set[str] = set()
        owners: dict[str, str] = {}
        for node, link in links:
            if link.base in identities:
                message = f"{link.name} is linked twice: keep one link."
                yield self.issue("INVALID_LINK_DIRECTIVE_USAGE", message, node)
                continue
            identities.add(link.base)
            for local in {link.prefix, *link.imports.values()}:
                if owners.setdefault(local, link.base) != link.base:
                    message = f"{local} would come from {owners[local]} and from {link.base}: rename one with `as`."
                    yield self.issue("INVALID_LINK_DIRECTIVE_USAGE", message, node)
        if f"{SPEC_HOST}federation" not in identities:
            yield Issue(
                "UNSUPPORTED_FEATURE",
                "This subgraph links no Federation 2, so it is of Federation 1, which is not composed yet: add "
                f'`extend schema @link(url: "{SPEC_HOST}federation/v2.0", import: [...])` with the directives it uses.',
                None,
                (Place(self.subgraph),),
            )


def _unsupported(base: str, purpose: Any) -> str | None:
    """A specification that changes what its subgraph means, and that this composer does not know."""
    own = {f"{SPEC_HOST}{name}" for name in ("link", "federation", *OTHER_SPECS)}
    if base not in own and (purpose is not None or base.startswith(SPEC_HOST)):
        return f"{base} must be understood to compose this subgraph, and is not yet: remove what uses it."
    return None


def _wrong_import(entry: Any) -> str | None:
    if isinstance(entry, str):
        return None
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str) or set(entry) - {"name", "as"}:
        return f'{entry!r} is no import: write "@name", or {{name: "@name", as: "@other"}}.'
    name, alias = entry["name"], entry.get("as", entry["name"])
    if not isinstance(alias, str) or name.startswith("@") != alias.startswith("@"):
        return f"{name} cannot be imported as {alias}: the name of a directive starts with @, and no other does."
    return None


def _offered(base: str, version: Version) -> set[str] | None:
    """What can be imported from a specification; None where that is not known here."""
    name = base.removeprefix(SPEC_HOST)
    if name == "federation":
        return {f"@{directive}" for directive in directives_of(version)} | set(types_of(version))
    if name == "link":
        return {"@link", "Import", "Purpose"}
    return {f"@{name}"} if name in OTHER_SPECS else None
