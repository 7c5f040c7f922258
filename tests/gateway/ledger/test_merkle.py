"""The Merkle tree: published vectors, and its algebra."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_kit import VECTORS

from gateway.ledger.merkle import (
    EMPTY_ROOT,
    consistency_ranges,
    inclusion_ranges,
    leaf_hash,
    proves_consistency,
    proves_inclusion,
    root_of,
)
from gateway.ledger.tiles import Edge, TileId, edge_tiles, grow, proof, proof_tiles, read_edge

LEAVES = [leaf_hash(bytes.fromhex(leaf)) for leaf in VECTORS["leaves"]]
ROOTS = [bytes.fromhex(root) for root in VECTORS["roots"]]
SIZES = st.integers(1, 700)


def grown(size: int, step: int = 1_000) -> tuple[Edge, dict[TileId, bytes], list[bytes]]:
    """A tree of so many leaves, made in steps: its edge, its tiles and its leaves' hashes."""
    leaves = [leaf_hash(str(place).encode()) for place in range(size)]
    edge, tiles = Edge(), dict[TileId, bytes]()
    for start in range(0, size, step):
        edge, written = grow(edge, leaves[start : start + step])
        tiles |= written
    return edge, tiles, leaves


def read_proof(ranges: list[tuple[int, int]], tiles: dict[TileId, bytes]) -> list[bytes]:
    """The proof, from the tiles that it is said to need alone."""
    return proof(ranges, {tile: tiles[tile] for tile in proof_tiles(ranges)})


def damaged(hashes: list[bytes]) -> list[list[bytes]]:
    """The proof with one hash altered, dropped, doubled or added, and two swapped."""
    wrong = hashlib.sha256(b"wrong").digest()
    found = [[*hashes, wrong], [wrong, *hashes]]
    for place, one in enumerate(hashes):
        found += [
            [*hashes[:place], wrong, *hashes[place + 1 :]],
            [*hashes[:place], *hashes[place + 1 :]],
            [*hashes[:place], one, *hashes[place:]],
        ]
    if len(set(hashes)) > 1:
        found.append([hashes[1], hashes[0], *hashes[2:]])
    return found


def test_the_empty_tree_has_the_published_root() -> None:
    assert root_of([]) == Edge().root == EMPTY_ROOT == hashlib.sha256(b"").digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_the_published_ones(size: int) -> None:
    assert root_of(LEAVES[:size]) == grow(Edge(), LEAVES[:size])[0].root == ROOTS[size - 1]


@pytest.mark.parametrize("vector", VECTORS["inclusion"])
def test_inclusion_proofs_are_the_published_ones(vector: dict[str, object]) -> None:
    position, size = int(str(vector["position"])), int(str(vector["size"]))
    found = read_proof(inclusion_ranges(position, size), grow(Edge(), LEAVES[:size])[1])
    assert [one.hex() for one in found] == vector["proof"]
    assert proves_inclusion(LEAVES[position], position, size, found, ROOTS[size - 1])


@pytest.mark.parametrize("vector", VECTORS["consistency"])
def test_consistency_proofs_are_the_published_ones(vector: dict[str, object]) -> None:
    old, size = int(str(vector["old"])), int(str(vector["size"]))
    found = read_proof(consistency_ranges(old, size), grow(Edge(), LEAVES[:size])[1])
    assert [one.hex() for one in found] == vector["proof"]
    assert proves_consistency(old, ROOTS[old - 1], size, ROOTS[size - 1], found)


@given(SIZES, st.integers(1, 300))
def test_a_tree_grown_in_steps_is_the_tree_over_all_leaves(size: int, step: int) -> None:
    edge, tiles, leaves = grown(size, step)
    assert edge.root == root_of(leaves)
    assert tiles == grown(size)[1]


@given(SIZES, st.data())
def test_the_edge_of_any_earlier_size_can_be_read(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(0, size))
    _, tiles, leaves = grown(size)
    edge = read_edge(old, {tile: tiles[tile] for tile in edge_tiles(old)})
    assert edge.root == root_of(leaves[:old])
    assert grow(edge, leaves[old:])[0].root == root_of(leaves)


@given(SIZES, st.data())
def test_a_proof_of_inclusion_proves_that_leaf_at_that_position_and_nothing_else(
    size: int, data: st.DataObject
) -> None:
    position = data.draw(st.integers(0, size - 1))
    edge, tiles, leaves = grown(size)
    leaf, hashes = leaves[position], read_proof(inclusion_ranges(position, size), tiles)
    assert proves_inclusion(leaf, position, size, hashes, edge.root)
    assert len(hashes) <= size.bit_length()
    assert not any(proves_inclusion(leaf, position, size, wrong, edge.root) for wrong in damaged(hashes))
    assert not any(proves_inclusion(leaf, place, size, hashes, edge.root) for place in (position - 1, position + 1))
    assert not proves_inclusion(leaves[position - 1] if size > 1 else EMPTY_ROOT, position, size, hashes, edge.root)


@given(SIZES, st.data())
def test_a_proof_of_consistency_proves_that_one_tree_begins_the_other_and_nothing_else(
    size: int, data: st.DataObject
) -> None:
    old = data.draw(st.integers(0, size))
    edge, tiles, leaves = grown(size)
    before, hashes = root_of(leaves[:old]), read_proof(consistency_ranges(old, size), tiles)
    assert proves_consistency(old, before, size, edge.root, hashes)
    assert len(hashes) <= size.bit_length() + 1
    assert not any(proves_consistency(old, before, size, edge.root, wrong) for wrong in damaged(hashes))
    assert not proves_consistency(old, leaf_hash(b"other"), size, edge.root, hashes)
    if old:
        assert not proves_consistency(old, before, size, leaf_hash(b"other"), hashes)


def test_no_tree_begins_a_shorter_one() -> None:
    assert not proves_consistency(2, ROOTS[1], 1, ROOTS[0], [])


@given(st.integers(1, 2**40), st.data())
def test_a_proof_reads_a_number_of_tiles_that_grows_with_the_logarithm(size: int, data: st.DataObject) -> None:
    levels = -(-size.bit_length() // 4)
    position, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    assert len(proof_tiles(inclusion_ranges(position, size))) <= 2 * levels
    assert len(proof_tiles(consistency_ranges(old, size))) <= 2 * levels
    assert len(edge_tiles(size)) <= levels
