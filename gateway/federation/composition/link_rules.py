"""What may be wrong with links: INVALID_LINK_IDENTIFIER, UNKNOWN_FEDERATION_LINK_VERSION, UNKNOWN_LINK_VERSION,
INVALID_LINK_DIRECTIVE_USAGE."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graphql import DocumentNode
from graphql.language import DirectiveDefinitionNode

from gateway.federation.composition.errors import Issue
from gateway.federation.composition.federation_spec import LATEST, OTHER_SPECS, directives_of, types_of
from gateway.federation.composition.written_links import FEDERATION, LINK, WrittenLink, read_version
from gateway.federation.supergraph.directives import SPEC_HOST, Link

_USAGE = "INVALID_LINK_DIRECTIVE_USAGE"
_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")
_PREFIX = re.compile(r"[_A-Za-z]\S*")
_LINK_ELEMENTS = {"@link", "Import", "Purpose"}


def wrong_links_of_federation_1(applied: Sequence[WrittenLink]) -> Iterator[Issue]:
    """A subgraph of Federation 1 may link what it likes: the links are not looked at, but for that of `@link`."""
    for link in applied:
        if link.base == LINK:
            if link.version != "v1.0":
                yield link.issue("UNKNOWN_LINK_VERSION", f"link {link.version} is not known here: link v1.0.")
            yield from _wrong_imports(link)
        if link.directive == "core" and str(link.arguments.get("feature")).startswith(f"{SPEC_HOST}core/"):
            message = f"@core is not read any more: link {LINK}/v1.0 with @link."
            yield link.issue("INVALID_GRAPHQL", message)


def wrong_link(link: WrittenLink, document: DocumentNode) -> Iterator[Issue]:
    """What is wrong with one link of a subgraph of Federation 2, read by itself."""
    if not isinstance(link.url, str):
        yield link.issue(_USAGE, "A link has no url: name the specification's.")
        return
    if read_version(link.version) is None or "://" not in link.base.rpartition("/")[0]:
        message = f"{link.url} names no specification and version: write it as https://host/name/v1.0."
        yield link.issue("INVALID_LINK_IDENTIFIER", message)
        return
    yield from _wrong_version(link)
    yield from _wrong_prefix(link)
    yield from _wrong_name_of_link(link, document)
    yield from _wrong_imports(link)


def _wrong_version(link: WrittenLink) -> Iterator[Issue]:
    if link.base == FEDERATION and not (2, 0) <= (read_version(link.version) or (0, 0)) <= LATEST:
        message = f"Federation {link.version} is not known here: link v2.0 to v{LATEST[0]}.{LATEST[1]}."
        yield link.issue("UNKNOWN_FEDERATION_LINK_VERSION", message)
    if link.base == LINK and link.version != "v1.0":
        yield link.issue(_USAGE, f"link {link.version} is not known here: link v1.0, or leave the link out.")


def _wrong_prefix(link: WrittenLink) -> Iterator[Issue]:
    alias = link.arguments.get("as")
    prefix = link.spec if alias is None else alias
    form = _NAME if _is_known(link) else _PREFIX
    if not isinstance(prefix, str) or not form.fullmatch(prefix) or "__" in prefix or prefix.endswith("_"):
        message = (
            f'{link.url} cannot be linked as {prefix!r}: give it, with "as", a GraphQL name that does not end in an '
            "underscore, nor has two together."
        )
        yield link.issue(_USAGE, message)


def _is_known(link: WrittenLink) -> bool:
    return link.base in (LINK, FEDERATION) or link.base.removeprefix(SPEC_HOST) in OTHER_SPECS


def _wrong_name_of_link(link: WrittenLink, document: DocumentNode) -> Iterator[Issue]:
    own_name = link.arguments.get("as") or "link"
    if link.base != LINK or own_name == "link":
        return
    defined = {node.name.value for node in document.definitions if isinstance(node, DirectiveDefinitionNode)}
    if link.directive != own_name:
        message = f"Here @link is called @{own_name}, and this is written @{link.directive}: write @{own_name}."
        yield link.issue("INVALID_GRAPHQL", message)
    elif own_name not in defined:
        message = f"@{own_name} is not defined: a subgraph that gives @link another name defines it itself."
        yield link.issue("INVALID_GRAPHQL", message)


def _wrong_imports(link: WrittenLink) -> Iterator[Issue]:
    imports = link.arguments.get("import") or ()
    if not isinstance(imports, list | tuple):
        yield link.issue(_USAGE, f"The import of {link.url} is no list: write it in brackets.")
        return
    offered = _offered(link)
    for entry in imports:
        if wrong := _wrong_import(entry):
            yield link.issue(_USAGE, wrong)
            continue
        imported = entry if isinstance(entry, str) else entry["name"]
        if offered is not None and imported not in offered:
            message = f"{link.url} has no {imported}: remove the import, or link a version that has it."
            yield link.issue(_USAGE, message)


def _wrong_import(entry: Any) -> str | None:
    if isinstance(entry, str):
        return None
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str) or set(entry) - {"name", "as"}:
        return f'{entry!r} is no import: write "@name", or {{name: "@name", as: "@other"}}.'
    name = entry["name"]
    alias = entry.get("as", name)
    if not isinstance(alias, str) or name.startswith("@") != alias.startswith("@"):
        return f"{name} cannot be imported as {alias}: the name of a directive starts with @, and no other does."
    if alias != name and not _NAME.fullmatch(alias.removeprefix("@")):
        return f"{name} cannot be imported as {alias!r}: that is no name in GraphQL."
    return None


def _offered(link: WrittenLink) -> set[str] | None:
    """What can be imported from a specification; None where that is not known here."""
    if link.base == LINK:
        return _LINK_ELEMENTS
    if link.base == FEDERATION:
        version = read_version(link.version) or LATEST
        return {f"@{directive}" for directive in directives_of(version)} | set(types_of(version))
    spec = OTHER_SPECS.get(link.base.removeprefix(SPEC_HOST))
    if spec is None or link.version not in spec.versions:
        return None
    return {f"@{directive}" for directive in spec.directives} | set(spec.types)


def wrong_set(links: Sequence[tuple[WrittenLink, Link]]) -> Iterator[Issue]:
    """What is wrong with links that are each right."""
    prefixes = {"link": LINK} if not any(written.base == LINK for written, _ in links) else {}
    linked: set[str] = set()
    for written, link in links:
        if written.base in linked:
            yield written.issue(_USAGE, f"{written.base} is linked twice: keep one link.")
        elif prefixes.setdefault(link.prefix, written.base) != written.base:
            message = f"{link.prefix} is the name of {prefixes[link.prefix]} too: give one of them another with `as`."
            yield written.issue(_USAGE, message)
        linked.add(written.base)
    yield from _clashes(links, prefixes)


def _clashes(links: Sequence[tuple[WrittenLink, Link]], prefixes: Mapping[str, str]) -> Iterator[Issue]:
    """Imports whose name here would be another element's."""
    owners: dict[str, tuple[str, str]] = {}
    for written, _ in links:
        names: dict[str, str] = {}
        for entry in written.arguments.get("import") or ():
            name, local = (
                (entry, entry) if isinstance(entry, str) else (entry["name"], entry.get("as") or entry["name"])
            )
            owner = owners.setdefault(local, (written.base, name))
            if names.setdefault(name, local) != local:
                yield written.issue(_USAGE, f"{name} is imported as {names[name]} and as {local}: keep one import.")
            elif owner != (written.base, name):
                message = (
                    f"{local} would be {owner[1]} of {owner[0]}, and {name} of {written.base}: rename one with `as`."
                )
                yield written.issue(_USAGE, message)
            elif holder := _prefix_of(name, local, written, prefixes):
                message = f"{local} would be taken for a name of {holder}: import {name} under another with `as`."
                yield written.issue(_USAGE, message)


def _prefix_of(name: str, local: str, written: WrittenLink, prefixes: Mapping[str, str]) -> str | None:
    """The specification whose names, written with its prefix, an import looks like."""
    plain = local.removeprefix("@")
    if holder := prefixes.get(plain.partition("__")[0]):
        if "__" in plain:
            return holder
        is_its_own = holder == written.base and name == f"@{written.spec}"
        return holder if local.startswith("@") and not is_its_own else None
    return None
