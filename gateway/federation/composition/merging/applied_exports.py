"""The directives that subgraphs export, as they are applied: each form of a repeatable one, of others the commonest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from graphql import print_ast
from graphql.language import ConstDirectiveNode

from gateway.federation.composition.merging.composed_directives import ComposedDirective
from gateway.federation.composition.merging.context import Merging, Sourced
from gateway.federation.composition.subgraph import Subgraph
from gateway.federation.composition.wording import grouped
from gateway.federation.supergraph.directives import arguments_of, value_of


def merge_exported(
    merging: Merging, coordinate: str | None, sources: Sequence[Sourced]
) -> Iterator[ConstDirectiveNode]:
    """The exported directives of an element."""
    for composed in merging.composed:
        yield from _merge(merging, coordinate, composed, sources)


def _merge(
    merging: Merging, coordinate: str | None, composed: ComposedDirective, sources: Sequence[Sourced]
) -> Iterator[ConstDirectiveNode]:
    written = composed.applied(sources)
    forms = [_form(subgraph, applied) for subgraph, applied in written]
    distinct = dict(zip(reversed(forms), (applied for _, applied in reversed(written)), strict=True))
    if composed.definition.repeatable or len(distinct) < 2:
        yield from (distinct[form] for form in dict.fromkeys(forms))
        return
    told = grouped([(subgraph, print_ast(applied)) for subgraph, applied in written])
    message = f"@{composed.name} is applied differently: {told}. The supergraph has the commonest, of equals the first."
    merging.hint("INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS", message, coordinate, written)
    yield distinct[Counter(forms).most_common(1)[0][0]]


def _form(subgraph: Subgraph, applied: ConstDirectiveNode) -> str:
    """What an application says, as its subgraph defines the directive."""
    declared = {argument.name.value: argument for argument in subgraph.directives[applied.name.value].arguments or ()}
    defaults = {name: value_of(a.default_value) if a.default_value else None for name, a in declared.items()}
    given = arguments_of(applied)
    return repr(sorted((defaults | given).items()))
