"""Verifies a whole ledger, in one pass and in flat memory.

Three things must agree: the records, the tiles of the tree, and the heads that the log signed. At every signed head the
root is computed twice, from the records and from the tiles' lowest hashes. If the records' root is the signed one,
what differs is the tree; if the tiles' is, each record that differs is named; if neither is, both were altered since
the head before, and that is said. Heads that were kept elsewhere judge like the log's own.
"""

from __future__ import annotations

import heapq
from collections.abc import AsyncIterator, Sequence

from gateway.ledger.alignment import Pair, Placed, align, tell
from gateway.ledger.checkpoint import CheckpointError, Head, PublicKey, trusted
from gateway.ledger.findings import MAX_FINDINGS, Kind, Report
from gateway.ledger.merkle import leaf_hash
from gateway.ledger.store import Reader
from gateway.ledger.tiles import BYTES, WIDTH, Edge, grow, hashes

_PART = WIDTH**3
"""Records that are looked at in one go."""
_AHEAD = 64
_MISSING = bytes(BYTES)
_FAR = 2**62


async def verify(reader: Reader, keys: Sequence[PublicKey], kept: Sequence[Head] = ()) -> Report:
    """What is wrong with the ledger. `keys`: of the log, trusted; `kept`: heads that somebody else kept, already
    checked to be signed by it. Raises `LedgerError` if it cannot be read."""
    report = Report()
    report.stop = size = await reader.size()
    heads = _Heads(reader, keys, kept, report)
    await heads.advance()
    judge, records = _Judge(report, reader, heads), _Records(reader, size)
    start, carried = 0, list[Placed]()
    while start < size or carried or records.ahead or not records.ended:
        await records.fill(len(carried) + _PART + _AHEAD)
        stop = min(size, start + _PART)
        expected = carried + await _expected(reader, start, stop)
        part = align(expected, records.ahead, last=stop == size)
        await judge.hear([hash_ for _, hash_ in expected[: part.expected]], part.hashes, part.pairs)
        records.use(part.found)
        start, carried = stop, expected[part.expected :]
    await judge.end()
    await _beyond(reader, size, report)
    return report


class _Records:
    """The positions and hashes of the records of the tree, some ahead of what is looked at."""

    def __init__(self, reader: Reader, size: int) -> None:
        self._parts: AsyncIterator[list[tuple[int, bytes]]] = reader.records(-_FAR, size)
        self.ahead: list[Placed] = []
        self.ended = False

    async def fill(self, count: int) -> None:
        while len(self.ahead) < count and not self.ended:
            part = await anext(self._parts, None)
            self.ended = part is None
            self.ahead += [(position, leaf_hash(record)) for position, record in part or ()]

    def use(self, count: int) -> None:
        del self.ahead[:count]


class _Heads:
    """The heads to judge by, one after the other by size: the log's own, and those kept elsewhere."""

    def __init__(self, reader: Reader, keys: Sequence[PublicKey], kept: Sequence[Head], report: Report) -> None:
        self._notes, self._keys, self._report = reader.heads(), keys, report
        self._waiting = [(head.size, head.root) for head in kept]
        heapq.heapify(self._waiting)
        self._ended = False
        self.next: tuple[int, bytes] | None = None
        """Size and root."""

    async def advance(self) -> None:
        """The next one takes its place, None after the last."""
        own = None
        while own is None and not self._ended:
            own = await self._own()
        if own is not None:
            heapq.heappush(self._waiting, own)
        self.next = heapq.heappop(self._waiting) if self._waiting else None

    async def _own(self) -> tuple[int, bytes] | None:
        note = await anext(self._notes, None)
        if note is None:
            self._ended = True
            return None
        try:
            head = trusted(note, self._keys).head
        except CheckpointError as error:
            self._report.add(Kind.HEAD, None, f"a stored head cannot be trusted: {error}")
            return None
        return head.size, head.root


class _Judge:
    """Follows the tree by its records and by its tiles, and compares both with each signed head."""

    def __init__(self, report: Report, reader: Reader, heads: _Heads) -> None:
        self._report, self._reader, self._heads = report, reader, heads
        self._by_records = self._by_tiles = Edge()
        self._pending: list[Pair] = []
        self._settled: list[Pair] = []
        self._lost = False

    async def hear(self, expected: list[bytes], found: list[bytes], pairs: list[Pair]) -> None:
        """The next hashes, by the tiles and by the records, and where they differ."""
        self._pending += pairs[: max(0, 2 * MAX_FINDINGS - len(self._pending) - len(self._settled))]
        await self._meet()
        while expected:
            room = self._heads.next[0] - self._by_tiles.size if self._heads.next else len(expected)
            await self._grow(expected[:room], found[:room])
            expected, found = expected[room:], found[room:]
            await self._meet()

    async def end(self) -> None:
        """Tells what differs, and which heads are of more records than there are."""
        await self._meet()
        while self._heads.next:
            size = self._by_tiles.size
            message = f"a head of {self._heads.next[0]} records was signed, and the tree has {size}."
            self._report.add(Kind.ROLLED_BACK, size, message)
            await self._heads.advance()
        if self._report.size is None and self._report.sound:
            self._report.add(Kind.HEAD, None, "there is no signed head: nobody vouches for these records.")
        tell(self._settled + self._pending, self._report)

    async def _grow(self, expected: list[bytes], found: list[bytes]) -> None:
        self._by_tiles, by_tiles = grow(self._by_tiles, expected)
        self._by_records, by_records = grow(self._by_records, found)
        upper = [tile for tile in by_records if tile[0] > 0]  # the lowest are what `expected` was read from
        stored = await self._reader.tiles(upper) if upper else {}
        for tile in upper:
            given = stored.get(tile, b"")  # it may have grown since
            if not given.startswith((by_records[tile], by_tiles[tile])):
                self._tell_tile(*tile)

    async def _meet(self) -> None:
        """Judges by the heads of this very size."""
        while self._heads.next and self._heads.next[0] == self._by_tiles.size:
            if not self._lost:
                self._judge(*self._heads.next)
            await self._heads.advance()

    def _judge(self, size: int, root: bytes) -> None:
        pairs = [pair for pair in self._pending if _position(pair) < size]
        self._pending = [pair for pair in self._pending if _position(pair) >= size]
        if self._by_records.root == root:
            for place in {expected[0] // WIDTH for expected, found in pairs if expected and _differs(expected, found)}:
                self._tell_tile(0, place)
            self._by_tiles = self._by_records
            pairs = [(expected, found) for expected, found in pairs if not _differs(expected, found)]
        elif self._by_tiles.root == root:
            self._by_records = self._by_tiles
        else:
            self._lost = True
            message = (
                f"other records than these were signed: from position {self._report.size or 0} to {size - 1} the tree"
            )
            self._report.add(Kind.FORKED, None, f"{message} was altered with them, or the log signed two trees.")
        self._settled += pairs
        if not self._lost:
            self._report.size = size

    def _tell_tile(self, level: int, place: int) -> None:
        first = place * WIDTH ** (level + 1)
        message = f"tile {place} of level {level} of the tree is missing, or is not that of the records."
        self._report.add(Kind.TREE, first, message)


def _differs(expected: Placed | None, found: Placed | None) -> bool:
    """Whether another record stands in one's place."""
    return expected is not None and found is not None and expected[1] != found[1]


def _position(pair: Pair) -> int:
    return next(placed[0] for placed in pair if placed)


async def _beyond(reader: Reader, size: int, report: Report) -> None:
    """Names records after the tree's end; the tree may have grown meanwhile, and always before they can be read."""
    async for part in reader.records(size, _FAR):
        now = await reader.size()
        for position, _ in part:
            if position >= now:
                report.add(Kind.INSERTED, position, "a record stands here, after the end of the tree.")


async def _expected(reader: Reader, start: int, stop: int) -> list[Placed]:
    """The hashes of the tree's lowest tiles, by position; nought where one is missing."""
    places = range(start // WIDTH, -(-stop // WIDTH))
    tiles = await reader.tiles((0, place) for place in places) if places else {}
    known = [
        (place * WIDTH + at, hash_)
        for place in places
        for at, hash_ in enumerate([*hashes(tiles.get((0, place), b"")), *[_MISSING] * WIDTH][:WIDTH])
    ]
    return [(position, hash_) for position, hash_ in known if start <= position < stop]
