"""Which records are not those of the tree: how two sequences of hashes differ, told part by part in flat memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from gateway.ledger.findings import Kind, Report

Placed = tuple[int, bytes]
"""A position, and the hash of the record there."""
Pair = tuple[Placed | None, Placed | None]
"""What the tree has, and what stands in its place; None where nothing does."""
_MOST_UNMATCHED = 512


@dataclass(frozen=True, slots=True)
class Aligned:
    """`hashes`: of the records, one for each of the `expected` that were used up (of a missing one, as expected);
    `found`: how many of the records were used up."""

    expected: int
    found: int
    hashes: list[bytes]
    pairs: list[Pair]


def align(expected: Sequence[Placed], found: Sequence[Placed], last: bool) -> Aligned:
    """How they differ, up to their last agreement: what follows it may agree with what comes later, unless this is the
    `last` part, or there is too much of it."""
    count = len(expected)
    if found[:count] == expected and not (last and len(found) > count):
        return Aligned(count, count, [hash_ for _, hash_ in expected], [])
    matcher = SequenceMatcher(None, [hash_ for _, hash_ in expected], [hash_ for _, hash_ in found], autojunk=False)
    hashes, pairs, at = list[bytes](), list[Pair](), (0, 0)
    for start, stop, size in matcher.get_matching_blocks():
        if size or last:
            _unmatched(expected[at[0] : start], found[at[1] : stop], hashes, pairs)
            pairs += _moved(expected[start : start + size], found[stop : stop + size])
            hashes += [hash_ for _, hash_ in found[stop : stop + size]]
            at = start + size, stop + size
        elif count - at[0] > _MOST_UNMATCHED:
            _unmatched(expected[at[0] :], found[at[1] : at[1] + count - at[0]], hashes, pairs)
            at = count, min(len(found), at[1] + count - at[0])
    return Aligned(*at, hashes, pairs)


def tell(pairs: Sequence[Pair], report: Report) -> None:
    """Names each difference. What the tree has at another position was reordered, unless all moved up or down because
    something before was removed or inserted."""
    belongs = {expected[1]: expected[0] for expected, found in pairs if expected and expected != found}
    stands = {found[1] for _, found in pairs if found}
    shifted = False
    for expected, found in pairs:
        if expected and found and expected[1] == found[1]:
            if not shifted:
                report.add(Kind.REORDERED, found[0], f"its record belongs at position {expected[0]}.")
            continue
        if found and found[1] in belongs:
            if belongs[found[1]] != found[0]:
                report.add(Kind.REORDERED, found[0], f"its record belongs at position {belongs[found[1]]}.")
        elif found and expected and expected[1] not in stands:
            report.add(Kind.CHANGED, expected[0], "its record is not the one that was recorded.")
            continue
        elif found:
            report.add(Kind.INSERTED, found[0], "a record stands here that the tree does not have.")
            shifted = True
        if expected and expected[1] not in stands:
            report.add(Kind.REMOVED, expected[0], "its record was removed.")
            shifted = True


def _unmatched(expected: Sequence[Placed], found: Sequence[Placed], hashes: list[bytes], pairs: list[Pair]) -> None:
    """Pairs them in order; what is left over on one side is alone."""
    for place in range(max(len(expected), len(found))):
        wanted = expected[place] if place < len(expected) else None
        given = found[place] if place < len(found) else None
        pairs.append((wanted, given))
        if wanted:
            hashes.append((given or wanted)[1])


def _moved(expected: Sequence[Placed], found: Sequence[Placed]) -> list[Pair]:
    """The first of a run of records that stand at other positions than the tree has them."""
    return [(expected[0], found[0])] if expected and expected[0] != found[0] else []
