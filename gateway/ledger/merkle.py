"""The Merkle tree of RFC 9162, section 2.1: hashes of leaves and nodes, which subtrees a proof is made of, and the
checks of proofs. Everything here is arithmetic on values; nothing is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

EMPTY_ROOT = hashlib.sha256().digest()
Range = tuple[int, int]
"""Leaves from the first position up to, and without, the second."""


def leaf_hash(record: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over leaves, or over complete subtrees of one height, by their hashes (section 2.1.1)."""
    if len(hashes) < 2:
        return hashes[0] if hashes else EMPTY_ROOT
    middle = _split(len(hashes))
    return node_hash(root_of(hashes[:middle]), root_of(hashes[middle:]))


def join(subtrees: Sequence[bytes]) -> bytes:
    """The hash over complete subtrees that stand side by side, the largest at the left."""
    found = subtrees[-1]
    for left in reversed(subtrees[:-1]):
        found = node_hash(left, found)
    return found


def complete_subtrees(leaves: Range) -> list[tuple[int, int]]:
    """The complete subtrees that make up a subtree of a proof, as (height, index at that height), left to right."""
    start, stop = leaves
    found = []
    while start < stop:
        height = (stop - start).bit_length() - 1
        found.append((height, start >> height))
        start += 1 << height
    return found


def inclusion_ranges(position: int, size: int) -> list[Range]:
    """The subtrees whose hashes prove the leaf, from its neighbour to the root (section 2.1.3.1)."""
    if not 0 <= position < size:
        raise ValueError(f"there is no position {position} in a tree of {size}")
    start, stop = 0, size
    found = []
    while stop - start > 1:
        middle = start + _split(stop - start)
        if position < middle:
            found.append((middle, stop))
            stop = middle
        else:
            found.append((start, middle))
            start = middle
    return found[::-1]


def consistency_ranges(old: int, size: int) -> list[Range]:
    """The subtrees whose hashes prove that the tree of `old` leaves begins that of `size` (section 2.1.4.1)."""
    if not 0 <= old <= size:
        raise ValueError(f"a tree of {old} cannot begin one of {size}")
    start, stop = 0, size
    found = []
    while old and stop != old:
        middle = start + _split(stop - start)
        if old <= middle:
            found.append((middle, stop))
            stop = middle
        else:
            found.append((start, middle))
            start = middle
    if start:
        found.append((start, stop))
    return found[::-1]


def proves_inclusion(leaf: bytes, position: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from the leaf's hash to the root (section 2.1.3.2)."""
    if not 0 <= position < size:
        return False
    place, last, found = position, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def proves_consistency(old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows the tree of `old` leaves to begin that of `size` (section 2.1.4.2). The empty tree begins
    every tree."""
    if not 0 <= old <= size:
        return False
    if old == 0 or old == size:
        return not proof and (old_root == root if old else old_root == EMPTY_ROOT)
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    return bool(path) and _climbs(old - 1, size - 1, path) == (old_root, root)


def _climbs(place: int, last: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """The roots of both trees that the path leads to; None if its length fits no such trees."""
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        place, last = place >> 1, last >> 1
    return (old, new) if last == 0 else None


def _split(size: int) -> int:
    """The largest power of two below the size."""
    return 1 << (size - 1).bit_length() - 1
