"""The smallest subgraphs on which two composers still differ as they do on a random set:

    PYTHONPATH=tests python -m tests.conformance.reduce SEED…

It prints each as a case file, with what differs.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from itertools import combinations, groupby

from conformance_kit import asked
from graphql import parse, print_ast

from gateway.federation.composition.subgraph import Source

from .compare import Difference, Sources, difference
from .loose import Loose, frozen, lists_in, name_of, thawed
from .random_sets import subgraph_set


def reduced(sources: Sources) -> tuple[Sources, Difference | None]:
    """The smallest that was found, and what differs; the sources themselves where nothing does."""
    wanted = _differences([sources])[0]
    if wanted is None:
        return sources, None
    sizes = iter(CUTS)
    cuts = next(sizes)
    while True:
        smaller = _smaller(sources, wanted, list(cuts(sources)))
        if smaller:
            sources = smaller
        elif (larger := next(sizes, None)) is None:
            return sources, wanted
        else:
            cuts = larger


def _smaller(sources: Sources, wanted: Difference, cuts: list[frozenset[Spot]]) -> Sources | None:
    """The sources without some of the cuts, with the same difference: as much less as goes at once."""
    found = _differences([_without(sources, cut) for cut in cuts])
    good = [cut for cut, differs in zip(cuts, found, strict=True) if differs == wanted]
    while good:
        less = _without(sources, frozenset().union(*good))
        if len(good) == 1 or _differences([less]) == [wanted]:
            return less
        good = good[: (len(good) + 1) // 2]
    return None


Spot = tuple[int, int, int]
"""A subgraph, of its lists one, of that an item; list -1 is the subgraph as a whole."""


def _large(sources: Sources) -> Iterator[frozenset[Spot]]:
    """Subgraphs, definitions, and all that have one name."""
    if len(sources) > 1:
        yield from (frozenset({(number, -1, 0)}) for number in range(len(sources)))
    named: dict[str, set[Spot]] = {}
    for spot, item, owner in _spots(sources):
        if owner.kind == "document":
            yield frozenset({spot})
        if hasattr(item, "name") and isinstance(item.name, Loose):
            named.setdefault(name_of(item), set()).add(spot)
    yield from (frozenset(spots) for spots in named.values() if len(spots) > 1)


def _single(sources: Sources) -> Iterator[frozenset[Spot]]:
    yield from (frozenset({spot}) for spot, _, _ in _spots(sources))


def _bundles(sources: Sources) -> Iterator[frozenset[Spot]]:
    """What needs external fields, with these; and any two parts of one thing."""
    spots = list(_spots(sources))
    for spot, item, _ in spots:
        words = {word for text in _field_sets(item) for word in re.findall(r"\w+", text)}
        needed = {
            other
            for other, part, _ in spots
            if other[0] == spot[0] and part.kind == "field_definition" and name_of(part) in words
            if any(name_of(directive).endswith("xternal") for directive in part.directives)
        }
        if needed:
            yield frozenset({spot, *needed})
    for _, together in groupby((spot for spot, _, _ in spots), key=lambda spot: spot[:2]):
        yield from map(frozenset, combinations(together, 2))


def _field_sets(item: Loose) -> Iterator[str]:
    for directive in getattr(item, "directives", ()):
        yield from (
            each.value.value
            for each in directive.arguments
            if name_of(each) == "fields" and each.value.kind == "string_value"
        )


CUTS = (_large, _single, _bundles)


def _spots(sources: Sources) -> Iterator[tuple[Spot, Loose, Loose]]:
    """Each with its item and what that is a part of."""
    for number, source in enumerate(sources):
        for place, (items, owner) in enumerate(lists_in(thawed(parse(source.sdl)))):
            yield from (((number, place, index), item, owner) for index, item in enumerate(items))


def _without(sources: Sources, cut: frozenset[Spot]) -> Sources:
    kept = []
    for number, source in enumerate(sources):
        mine = sorted((place, -item) for at, place, item in cut if at == number)
        if mine and mine[0][0] < 0:
            continue
        document = thawed(parse(source.sdl))
        lists = [items for items, _ in lists_in(document)]
        for place, item in mine:
            del lists[place][-item]
        kept.append(Source(source.name, print_ast(frozen(document)), source.url))
    return tuple(kept)


def _differences(sets: Sequence[Sources]) -> list[Difference | None]:
    readable = {str(number): each for number, each in enumerate(sets) if all(map(_is_graphql, each)) and each}
    answers = asked(readable)
    return [
        difference(each, answers[str(number)]) if str(number) in readable else None for number, each in enumerate(sets)
    ]


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
