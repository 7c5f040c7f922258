"""The directives that subgraphs export, in the supergraph: one definition, one name and one link for all.

DIRECTIVE_COMPOSITION_ERROR and LINK_IMPORT_NAME_MISMATCH where the subgraphs that export them do not agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from graphql.language import ConstDirectiveNode, DirectiveDefinitionNode

from gateway.federation.composition.errors import Issue, Place
from gateway.federation.composition.hints import hint
from gateway.federation.composition.merging.exports import (
    Export,
    imported_name,
    is_federations_own,
    link_of,
    local_name_of,
    read_exports,
    version_of,
)
from gateway.federation.composition.subgraph import Subgraph
from gateway.federation.composition.wording import listed
from gateway.federation.supergraph.directives import Link

_CODE = "DIRECTIVE_COMPOSITION_ERROR"


@dataclass(frozen=True, eq=False)
class ComposedDirective:
    """A directive that the supergraph keeps because `exporters` export it; `definition` is that of `defined_in`."""

    name: str
    element: str
    exporters: frozenset[str]
    defined_in: Subgraph
    definition: DirectiveDefinitionNode

    def applied(self, sources: Sequence[tuple[Subgraph, Any]]) -> list[tuple[Subgraph, ConstDirectiveNode]]:
        """The applications to one element. Where one that exports it applies it, what bears its name elsewhere counts
        too, as it does with the field's own composer."""
        found = [
            (subgraph, applied)
            for subgraph, node in sources
            for applied in node.directives or ()
            if applied.name.value == self.name and self.name in subgraph.directives
        ]
        return found if any(subgraph.name in self.exporters for subgraph, _ in found) else []


@dataclass(frozen=True, slots=True)
class ComposedSpec:
    """A specification that the supergraph links for the directives that subgraphs export."""

    name: str
    url: str
    directives: tuple[ComposedDirective, ...]


@dataclass(frozen=True, slots=True)
class Composed:
    """All of what is exported."""

    specs: tuple[ComposedSpec, ...]
    issues: tuple[Issue, ...]
    hints: tuple[Issue, ...]

    @property
    def directives(self) -> tuple[ComposedDirective, ...]:
        return tuple(directive for spec in self.specs for directive in spec.directives)


def read_composed(subgraphs: Sequence[Subgraph]) -> Composed:
    """What the subgraphs export."""
    exports, issues = read_exports(subgraphs)
    issues += _names_of_several(exports)
    specs: list[ComposedSpec] = []
    for identity in dict.fromkeys(export.identity for export in exports):
        of_spec = [export for export in exports if export.identity == identity]
        if wrong := [*_other_majors(identity, of_spec), *_other_names(of_spec)]:
            issues += wrong
            continue
        newest = max(of_spec, key=lambda export: export.version)
        found = [_directive(subgraphs, newest, name, of_spec) for name in dict.fromkeys(e.local_name for e in of_spec)]
        issues += [each for each in found if isinstance(each, Issue)]
        directives = tuple(each for each in found if isinstance(each, ComposedDirective))
        specs.append(ComposedSpec(newest.link.name, f"{identity}/{newest.link.version}", directives))
    told = [*issues, *_hints(subgraphs, exports)]
    errors = tuple(issue for issue in told if issue.level == "error")
    return Composed(tuple(specs), errors, tuple(issue for issue in told if issue.level != "error"))


def names_taken(composed: Composed, kept: Iterable[str]) -> Iterator[Issue]:
    """INVALID_LINK_DIRECTIVE_USAGE: exported directives that are called like one of Federation's that the supergraph
    keeps too."""
    for directive in composed.directives:
        if directive.name in kept:
            message = (
                f"@{directive.name} is exported, and the name of one of Federation's directives elsewhere, which is "
                "composed too: import one of them under another name."
            )
            places = tuple(map(Place, sorted(directive.exporters)))
            yield Issue("INVALID_LINK_DIRECTIVE_USAGE", message, None, places)


def _names_of_several(exports: Sequence[Export]) -> Iterator[Issue]:
    for name in dict.fromkeys(export.local_name for export in exports):
        named = [export for export in exports if export.local_name == name]
        if len({export.identity for export in named}) > 1:
            written = ", ".join(f"{export.identity} in {export.subgraph.name}" for export in named)
            message = f"@{name} is of several specifications: {written}. Import one of them under another name."
            yield _issue(_CODE, message, named)


def _other_majors(identity: str, exports: Sequence[Export]) -> Iterator[Issue]:
    if len({export.version[0] for export in exports}) > 1:
        written = ", ".join(f"{export.link.version} in {export.subgraph.name}" for export in exports)
        message = (
            f"Directives of {identity} are exported in versions that do not go together: {written}. Link one major."
        )
        yield _issue(_CODE, message, exports)


def _other_names(exports: Sequence[Export]) -> Iterator[Issue]:
    for element in dict.fromkeys(export.element for export in exports):
        named = [export for export in exports if export.element == element]
        if len({export.local_name for export in named}) > 1:
            written = ", ".join(f"@{export.local_name} in {export.subgraph.name}" for export in named)
            message = f"@{element} is exported under several names: {written}. Import it under one."
            yield _issue("LINK_IMPORT_NAME_MISMATCH", message, named)


def _issue(code: str, message: str, exports: Sequence[Export]) -> Issue:
    return Issue(code, message, None, tuple(export.subgraph.place(export.node) for export in exports))


def _directive(
    subgraphs: Sequence[Subgraph], newest: Export, name: str, exports: Sequence[Export]
) -> ComposedDirective | Issue:
    """The directive as the newest exported version defines it, wherever that is linked; of equals the last."""
    exporting = [export for export in exports if export.local_name == name]
    element = exporting[0].element
    for subgraph in reversed(subgraphs):
        link = link_of(subgraph, newest.identity)
        if link is not None and link.version == newest.link.version:
            definition = subgraph.directives.get(local_name_of(link, element))
            if definition is not None:
                exporters = frozenset(export.subgraph.name for export in exporting)
                return ComposedDirective(name, element, exporters, subgraph, definition)
    message = f"@{element} is exported, and {newest.identity} is linked in {newest.link.version}, which lacks it: "
    message += f"define it where {newest.link.version} is linked."
    return _issue(_CODE, message, [newest, *exporting])


def _hints(subgraphs: Sequence[Subgraph], exports: Sequence[Export]) -> Iterator[Issue]:
    yield from _hints_at_majors(subgraphs)
    for identity, element in dict.fromkeys((export.identity, export.element) for export in exports):
        named = [export for export in exports if (export.identity, export.element) == (identity, element)]
        exporters, name = {export.subgraph.name for export in named}, named[0].local_name
        others = [
            (subgraph, imported)
            for subgraph in subgraphs
            if subgraph.name not in exporters
            and (link := link_of(subgraph, identity)) is not None
            and (imported := imported_name(link, element)) not in (None, name)
        ]
        if others:
            written = listed(f"@{imported} in {subgraph.name}" for subgraph, imported in others)
            message = f"@{name}, as it is exported, is {written}: call it so, or it cannot be exported there too."
            places = (*(export.subgraph.place(export.node) for export in named), *(s.place(None) for s, _ in others))
            yield hint("DIRECTIVE_COMPOSITION_WARN", message, None, places)


def _hints_at_majors(subgraphs: Sequence[Subgraph]) -> Iterator[Issue]:
    """A specification that is linked in several majors, where what is exported is of one."""
    linked: dict[str, list[tuple[Subgraph, Link]]] = {}
    for subgraph in subgraphs:
        for link in subgraph.links.links.values():
            if not is_federations_own(link):
                linked.setdefault(link.base, []).append((subgraph, link))
    for identity, links in linked.items():
        if len({version_of(link)[0] for _, link in links}) == 1:
            continue
        written = ", ".join(f"{link.version} in {subgraph.name}" for subgraph, link in links)
        message = f"{identity} is linked in several majors: {written}. Link one, if its directives are to be exported."
        yield hint("DIRECTIVE_COMPOSITION_INFO", message, None, tuple(subgraph.place(None) for subgraph, _ in links))
