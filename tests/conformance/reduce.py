"""The smallest subgraphs on which two composers still differ as they do on a random set:

    PYTHONPATH=tests python -m tests.conformance.reduce SEED…

It prints each as a case file, with what differs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from conformance_kit import Verdict, ours, reference
from graphql import parse, print_ast

from gateway.federation.composition.subgraph import Source

from .loose import Loose, frozen, lists_in, thawed
from .random_sets import subgraph_set

Sources = tuple[Source, ...]


@dataclass(frozen=True)
class Difference:
    """What only ours and only the other says; `supergraphs`: both compose, to what is not the same."""

    ours: frozenset[str]
    others: frozenset[str]
    supergraphs: bool = False

    def __str__(self) -> str:
        told = f"only ours: {sorted(self.ours)}, only the field's: {sorted(self.others)}"
        return "the supergraphs differ" if self.supergraphs else told


def difference(one: Verdict, other: Verdict, hints: bool = True) -> Difference | None:
    """None where the verdicts are the same."""
    if one.errors != other.errors:
        return Difference(one.errors - other.errors, other.errors - one.errors)
    if one.definitions != other.definitions:
        return Difference(frozenset(), frozenset(), supergraphs=True)
    if hints and one.hints != other.hints:
        return Difference(one.hints - other.hints, other.hints - one.hints)
    return None


def reduced(sources: Sources) -> tuple[Sources, Difference | None]:
    """The smallest that was found, and what differs; the sources themselves where nothing does."""
    wanted = _differences([sources])[0]
    if wanted is None:
        return sources, None
    while kept := _smaller(sources, wanted):
        sources = kept
    return sources, wanted


def _smaller(sources: Sources, wanted: Difference) -> Sources | None:
    """Less of the sources, with the same difference: as much less as goes at once."""
    cuts = list(_cuts(sources))
    found = _differences([_without(sources, [cut]) for cut in cuts])
    good = [cut for cut, differs in zip(cuts, found, strict=True) if differs == wanted]
    while good:
        less = _without(sources, good)
        if len(good) == 1 or _differences([less]) == [wanted]:
            return less
        good = good[: len(good) // 2]
    return None


Cut = tuple[int, int | None, int]
"""A subgraph, or of its lists one, and of that an item."""


def _cuts(sources: Sources) -> Iterator[Cut]:
    for number, source in enumerate(sources):
        if len(sources) > 1:
            yield number, None, 0
        for place, (items, _) in enumerate(lists_in(thawed(parse(source.sdl)))):
            yield from ((number, place, item) for item in range(len(items)))


def _without(sources: Sources, cuts: Sequence[Cut]) -> Sources:
    kept = []
    for number, source in enumerate(sources):
        mine = [cut for cut in cuts if cut[0] == number]
        if (number, None, 0) in mine:
            continue
        document = thawed(parse(source.sdl))
        lists = [items for items, _ in lists_in(document)]
        for _, place, item in sorted(mine, key=lambda cut: -cut[2]):
            if place is not None:
                del lists[place][item]
        kept.append(Source(source.name, _printed(document), source.url))
    return tuple(kept)


def _printed(document: Loose) -> str:
    return print_ast(frozen(document))


def _differences(sets: Sequence[Sources]) -> list[Difference | None]:
    readable = {str(number): each for number, each in enumerate(sets) if all(map(_is_graphql, each)) and each}
    others = reference(readable)
    return [
        difference(own(each), others[str(number)]) if str(number) in readable else None
        for number, each in enumerate(sets)
    ]


def own(sources: Sources) -> Verdict:
    """Our verdict; where composing broke down, the name of the exception."""
    try:
        return ours(sources)
    except Exception as error:  # it is what is looked for
        return Verdict(frozenset({type(error).__name__}))


def _is_graphql(source: Source) -> bool:
    """What is empty by now need not be tried."""
    try:
        parse(source.sdl)
    except Exception:  # whatever it is, such text is no case
        return False
    return True


def case_text(sources: Sources) -> str:
    return "\n".join(f"# --- subgraph {each.name} {each.url}\n{each.sdl.rstrip()}\n" for each in sources)


def main() -> None:
    for seed in map(int, sys.argv[1:]):
        sources, differs = reduced(subgraph_set(seed))
        sys.stdout.write(f"# {seed}: {differs}\n{case_text(sources)}\n")


if __name__ == "__main__":
    main()
