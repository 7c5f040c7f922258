"""The directives of an element that the supergraph keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from graphql import print_ast
from graphql.language import ConstDirectiveNode

from gateway.federation.composition.merging.applied_exports import merge_exported
from gateway.federation.composition.merging.context import Directives, Merging, Sourced
from gateway.federation.composition.merging.kept_directives import ACCESS, KEPT, OF_GRAPHQL, KeptDirective
from gateway.federation.composition.merging.nodes import directive, literal
from gateway.federation.composition.subgraph import Subgraph
from gateway.federation.composition.wording import grouped
from gateway.federation.supergraph.directives import HasDirectives, arguments_of

Written = Sequence[tuple[Subgraph, ConstDirectiveNode]]
"""A directive as the subgraphs apply it to one element."""


def merge_applied(
    merging: Merging, coordinate: str | None, sources: Sequence[Sourced], flowing: Sequence[Sourced] = ()
) -> Directives:
    """The directives that the supergraph keeps of an element. `flowing` are other elements whose demands on who may
    see them hold for this one too."""
    rows = (kept for kept in KEPT if kept.name in merging.applied)
    merged = (
        applied
        for kept in rows
        for applied in _merge(merging, coordinate, kept, [*sources, *flowing] if kept.flows else sources)
    )
    return (*merged, *merge_exported(merging, coordinate, sources))


def merge_access(merging: Merging, coordinate: str, sources: Sequence[Sourced]) -> Directives:
    """What the sources demand of those who may see an element."""
    return tuple(applied for kept in ACCESS for applied in _merge(merging, coordinate, kept, sources))


def applied_to_external(subgraph: Subgraph, node: HasDirectives) -> ConstDirectiveNode | None:
    """A directive on an external field that would be merged into the supergraph, were the field resolved here."""
    return next((applied for kept in KEPT for applied in _applications(subgraph, node, kept)), None)


def _applications(subgraph: Subgraph, node: HasDirectives, kept: KeptDirective) -> Iterator[ConstDirectiveNode]:
    local = subgraph.local_names.get(kept.name, kept.name if kept in OF_GRAPHQL else "")
    return (applied for applied in node.directives or () if applied.name.value == local)


def _merge(
    merging: Merging, coordinate: str | None, kept: KeptDirective, sources: Sequence[Sourced]
) -> Iterator[ConstDirectiveNode]:
    written = [(subgraph, applied) for subgraph, node in sources for applied in _applications(subgraph, node, kept)]
    forms = [_form(kept, applied) for _, applied in written]
    local = merging.local_names.get(kept.name, kept.name)
    distinct = dict(zip(reversed(forms), (applied for _, applied in reversed(written)), strict=True))
    if len(distinct) > 1 and kept.strategies:
        yield directive(local, **_combined(merging, coordinate, kept, written))
        return
    wanted = list(dict.fromkeys(forms))
    if len(distinct) > 1 and not kept.is_repeatable:
        wanted = [Counter(forms).most_common(1)[0][0]]
        _hint_at_others(merging, coordinate, kept, written)
    for form in wanted:
        yield directive(local, **{given.name.value: given.value for given in distinct[form].arguments or ()})


def _arguments(kept: KeptDirective, applied: ConstDirectiveNode) -> dict[str, Any]:
    return {**kept.defaults, **arguments_of(applied)}


def _form(kept: KeptDirective, applied: ConstDirectiveNode) -> str:
    return repr(sorted(_arguments(kept, applied).items()))


def _combined(merging: Merging, coordinate: str | None, kept: KeptDirective, written: Written) -> dict[str, Any]:
    given = [_arguments(kept, applied) for _, applied in written]
    values = {name: combine([arguments.get(name) for arguments in given]) for name, combine in kept.strategies.items()}
    nodes = {name: literal(value) for name, value in values.items() if value is not None}
    result = print_ast(directive(kept.name, **nodes))
    message = f"@{kept.name} is applied differently: {_told(written)}. The supergraph has {result}, which is all of it."
    merging.hint("MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS", message, coordinate, written)
    return nodes


def _hint_at_others(merging: Merging, coordinate: str | None, kept: KeptDirective, written: Written) -> None:
    message = (
        f"@{kept.name} is applied differently: {_told(written)}. The supergraph has what most have, or else the first; "
        "write the same everywhere."
    )
    merging.hint("INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS", message, coordinate, written)


def _told(written: Written) -> str:
    return grouped([(subgraph, print_ast(applied)) for subgraph, applied in written])
