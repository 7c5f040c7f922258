"""Proofs, read from the tree's tiles: a few for each, however long the ledger."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence

from gateway.ledger.errors import LedgerDamagedError
from gateway.ledger.merkle import Range, consistency_ranges, inclusion_ranges
from gateway.ledger.store import Reader
from gateway.ledger.tiles import TileId, proof, proof_tiles

_KEPT = 4_096


class Prover:
    """Proofs of one ledger against a tree of `size` records. Tiles that were read are kept, some thousands: those of
    that size never change."""

    def __init__(self, reader: Reader, size: int) -> None:
        self._reader, self._size = reader, size
        self._tiles: OrderedDict[TileId, bytes] = OrderedDict()

    async def inclusion(self, start: int, stop: int) -> list[list[bytes]]:
        """For each of these positions, the proof that its record is there (RFC 9162, section 2.1.3.1)."""
        ranges = [inclusion_ranges(position, self._size) for position in range(start, stop)]
        return await self._proofs(ranges)

    async def consistency(self, old: int) -> list[bytes]:
        """The proof that the tree begins with that of `old` records (section 2.1.4.1)."""
        return (await self._proofs([consistency_ranges(old, self._size)]))[0]

    async def _proofs(self, wanted: Sequence[list[Range]]) -> list[list[bytes]]:
        """Neighbours' proofs have most subtrees in common: each is read and hashed once."""
        distinct = list({subtree for ranges in wanted for subtree in ranges})
        await self._read(proof_tiles(distinct))
        try:
            known = dict(zip(distinct, proof(distinct, self._tiles), strict=True))
            return [[known[subtree] for subtree in ranges] for ranges in wanted]
        except KeyError as error:
            raise LedgerDamagedError(
                f"the ledger lacks tile {error.args[0]} of its tree. Run `quipu ledger verify`."
            ) from error

    async def _read(self, needed: Iterable[TileId]) -> None:
        missing = []
        for tile in needed:
            if tile in self._tiles:
                self._tiles.move_to_end(tile)
            else:
                missing.append(tile)
        if missing:
            self._tiles |= await self._reader.tiles(missing)
        while len(self._tiles) > max(_KEPT, len(missing)):
            self._tiles.popitem(last=False)
