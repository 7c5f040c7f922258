"""The directives of an element that the supergraph keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from graphql import print_ast
from graphql.language import ConstDirectiveNode

from gateway.federation.composition.merging.applied_exports import merge_exported
from gateway.federation.composition.merging.context import Directives, Merging, Sourced
from gateway.federation.composition.merging.nodes import directive
from gateway.federation.composition.subgraph import Subgraph
from gateway.federation.supergraph.directives import HasDirectives

STANDARD = ("deprecated", "specifiedBy")
"""GraphQL's own directives that say something of an element."""


def merge_applied(merging: Merging, coordinate: str | None, sources: Sequence[Sourced]) -> Directives:
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
    return (*found, *merge_exported(merging, coordinate, sources))


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
