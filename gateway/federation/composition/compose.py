"""Subgraph SDLs -> supergraph SDL: the order of work, one module or package each.

`read` (parse, links, shapes), `upgrade` (Federation 1 to 2), `validation` (each subgraph by itself), `merging` (a
merge a kind of type), `checks` (what only shows between subgraphs), `printing` (the join specification's text),
`satisfiability` (every query can be answered). Each stage finds all the mistakes it can; the next is reached only
without any.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gateway.federation.composition.checks.check import check
from gateway.federation.composition.checks.merged_schema import broken_api_schema
from gateway.federation.composition.collecting import without_collecting
from gateway.federation.composition.errors import Issue, refuse_any
from gateway.federation.composition.merging.merge import merge
from gateway.federation.composition.printing.print import print_supergraph
from gateway.federation.composition.progress import OnProgress, tracked, unheard, whole
from gateway.federation.composition.read import read_subgraphs
from gateway.federation.composition.satisfiability.satisfy import unsatisfiable
from gateway.federation.composition.subgraph import Source
from gateway.federation.composition.upgrade.upgrade import upgrade
from gateway.federation.composition.validation.validate import validate
from gateway.federation.supergraph.read import read_supergraph


@dataclass(frozen=True, slots=True)
class Composed:
    """A supergraph's SDL, and what its subgraphs' authors may want to know."""

    sdl: str
    hints: tuple[Issue, ...]


def compose(sources: Iterable[Source], on_progress: OnProgress | None = None) -> Composed:
    """The supergraph of the subgraphs, the same text in whatever order they come.

    Raises `CompositionError` with every issue that could be seen. `on_progress` is told how far it is, if given.
    """
    with without_collecting():
        return _compose(sources, on_progress or unheard)


def _compose(sources: Iterable[Source], tell: OnProgress) -> Composed:
    subgraphs, unread = upgrade(*read_subgraphs(sources, tell))
    refuse_any([*unread, *validate(tracked(tell, "validate", subgraphs))])
    with whole(tell, "merge"):
        merged = merge(subgraphs)
    hints = tuple(dict.fromkeys(merged.merging.hints))
    with whole(tell, "check"):
        refuse_any([*merged.merging.issues, *check(merged)], hints)
    with whole(tell, "print"):
        sdl = print_supergraph(merged)
        supergraph = read_supergraph(sdl)
    refuse_any(broken_api_schema(supergraph), hints)
    found = list(unsatisfiable(supergraph, tell))
    hints += tuple({issue.coordinate: issue for issue in reversed(found) if issue.level != "error"}.values())
    refuse_any((issue for issue in found if issue.level == "error"), hints)
    return Composed(sdl, hints)
