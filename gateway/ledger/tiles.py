"""The tree as it is stored: tiles of sixteen hashes.

Tile (level, index) holds the hashes of complete subtrees of height 4 * level, from the one at 16 * index on, 32 bytes
each; heights in between are computed. A tile that is full never changes. So the unfinished tiles of a tree, its `Edge`,
are the digits of its size in base sixteen; the edge that the tree had at any earlier size can still be read, and so can
every proof, from a number of tiles that grows with the logarithm of the size.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gateway.ledger.merkle import EMPTY_ROOT, Range, complete_subtrees, join, root_of

HEIGHT = 4
WIDTH = 1 << HEIGHT
BYTES = 32
TileId = tuple[int, int]
"""Level and index."""


@dataclass(frozen=True, slots=True)
class Edge:
    """The right edge of a tree of `size` leaves: by level, the hashes in its unfinished tile."""

    size: int = 0
    digits: tuple[tuple[bytes, ...], ...] = ()

    @property
    def root(self) -> bytes:
        """The root of the tree (RFC 9162, section 2.1.1)."""
        subtrees = [
            root_of(hashes[index << height : (index + 1) << height])
            for hashes in reversed(self.digits)
            for height, index in complete_subtrees((0, len(hashes)))
        ]
        return join(subtrees) if subtrees else EMPTY_ROOT


def grow(edge: Edge, leaves: Iterable[bytes]) -> tuple[Edge, dict[TileId, bytes]]:
    """The edge after these hashes of leaves, and the tiles that changed."""
    written: dict[TileId, bytes] = {}
    digits: list[tuple[bytes, ...]] = []
    fresh = list(leaves)
    size = edge.size + len(fresh)
    while fresh or len(digits) < len(edge.digits):
        level = len(digits)
        held = list(edge.digits[level]) if level < len(edge.digits) else []
        first = ((edge.size >> HEIGHT * level) - len(held)) // WIDTH
        held, fresh, changed = held + fresh, [], bool(fresh)
        tiles = [held[start : start + WIDTH] for start in range(0, len(held), WIDTH)]
        if changed:
            written |= {(level, first + place): b"".join(tile) for place, tile in enumerate(tiles)}
            fresh = [root_of(tile) for tile in tiles if len(tile) == WIDTH]
        digits.append(tuple(tiles[-1]) if tiles and len(tiles[-1]) < WIDTH else ())
    return Edge(size, tuple(digits)), written


def edge_tiles(size: int) -> list[TileId]:
    """The tiles that hold the edge of the tree when it had that size."""
    levels = range(-(-size.bit_length() // HEIGHT))
    return [(level, size >> HEIGHT * (level + 1)) for level in levels if _digit(size, level)]


def read_edge(size: int, tiles: Mapping[TileId, bytes]) -> Edge:
    """The edge of the tree when it had that size. Raises KeyError if a tile is missing or too short."""
    levels = range(-(-size.bit_length() // HEIGHT))
    return Edge(
        size,
        tuple(
            tuple(_hash(tiles, (level, size >> HEIGHT * (level + 1)), place) for place in range(_digit(size, level)))
            for level in levels
        ),
    )


def proof_tiles(ranges: Iterable[Range]) -> set[TileId]:
    """The tiles from which `proof` is read."""
    return {_place(height, index)[0] for leaves in ranges for height, index in complete_subtrees(leaves)}


def proof(ranges: Iterable[Range], tiles: Mapping[TileId, bytes]) -> list[bytes]:
    """The hashes of these subtrees. Raises KeyError if a tile is missing or too short."""
    return [join([_subtree(tiles, height, index) for height, index in complete_subtrees(leaves)]) for leaves in ranges]


def hashes(tile: bytes) -> list[bytes]:
    """A tile's hashes."""
    return [tile[start : start + BYTES] for start in range(0, len(tile), BYTES)]


def _subtree(tiles: Mapping[TileId, bytes], height: int, index: int) -> bytes:
    tile, first = _place(height, index)
    return root_of([_hash(tiles, tile, first + place) for place in range(1 << height % HEIGHT)])


def _place(height: int, index: int) -> tuple[TileId, int]:
    """The tile of a complete subtree, and where in it the hashes begin that it is made of."""
    level, within = divmod(height, HEIGHT)
    place, first = divmod(index << within, WIDTH)
    return (level, place), first


def _hash(tiles: Mapping[TileId, bytes], tile: TileId, place: int) -> bytes:
    found = tiles[tile][place * BYTES : (place + 1) * BYTES]
    if len(found) < BYTES:
        raise KeyError(tile)
    return found


def _digit(size: int, level: int) -> int:
    return size >> HEIGHT * level & WIDTH - 1
