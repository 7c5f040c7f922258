"""The directives of an element that the supergraph keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from graphql import print_ast
from graphql.language import ConstDirectiveNode

from gateway.federation.composition.merging.composed_directives import ComposedDirective
from gateway.federation.composition.merging.context import Directives, Merging, Sourced
from gateway.federation.composition.merging.nodes import directive
from gateway.federation.composition.subgraph import Subgraph
from gateway.federation.supergraph.directives import HasDirectives, value_of

STANDARD = ("deprecated", "specifiedBy")
"""GraphQL's own directives that say something of an element."""


def merge_applied(merging: Merging, sources: Sequence[Sourced]) -> Directives:
    """The directives that the supergraph keeps: every `@tag` once, `@inaccessible` if anyone says so, and of
    `@deprecated` and `@specifiedBy` the commonest form, of equals the first."""
    found: list[ConstDirectiveNode] = []
    for spec in ("tag", "inaccessible"):
        written = [applied for subgraph, node in sources for applied in _applied(subgraph, node, spec)]
        local = merging.local_names[spec]
        distinct = {print_ast(applied).partition("(")[2]: applied for applied in reversed(written)}
        kept = list(reversed(distinct.values()))
        found += [directive(local, **{a.name.value: a.value for a in applied.arguments or ()}) for applied in kept]
    for standard in STANDARD:
        forms = [print_ast(applied) for _, node in sources for applied in _named(node, standard)]
        nodes = {print_ast(applied): applied for _, node in sources for applied in _named(node, standard)}
        if forms:
            found.append(nodes[Counter(forms).most_common(1)[0][0]])
    for composed in merging.composed:
        found += _merge_exported(composed, sources)
    return tuple(found)


def _merge_exported(composed: ComposedDirective, sources: Sequence[Sourced]) -> list[ConstDirectiveNode]:
    exporting = [node for subgraph, node in sources if subgraph.name in composed.exporters]
    written = [applied for node in exporting for applied in _named(node, composed.name)]
    defaults = {a.name.value: value_of(a.default_value) for a in composed.definition.arguments or () if a.default_value}
    forms = [
        repr(
            sorted((defaults | {given.name.value: value_of(given.value) for given in applied.arguments or ()}).items())
        )
        for applied in written
    ]
    distinct = dict(zip(reversed(forms), reversed(written), strict=True))
    wanted = (
        dict.fromkeys(forms) if composed.definition.repeatable else [form for form, _ in Counter(forms).most_common(1)]
    )
    return [distinct[form] for form in wanted]


def applied_to_external(subgraph: Subgraph, node: HasDirectives) -> ConstDirectiveNode | None:
    """A directive on an external field that would be merged into the supergraph, were the field resolved here."""
    merged = [
        *(applied for spec in ("tag", "inaccessible") for applied in _applied(subgraph, node, spec)),
        *(applied for standard in STANDARD for applied in _named(node, standard)),
    ]
    return merged[0] if merged else None


def _applied(subgraph: Subgraph, node: HasDirectives, spec: str) -> Iterator[ConstDirectiveNode]:
    return _named(node, subgraph.local_names[spec])


def _named(node: HasDirectives, local: str) -> Iterator[ConstDirectiveNode]:
    return (applied for applied in node.directives or () if applied.name.value == local)
