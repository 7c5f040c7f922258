"""What one request reads from the ledger: records by position, lists, and the accesses of many cases at once."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from aiodataloader import DataLoader
from sqlalchemy.ext.asyncio import AsyncEngine

from subgraphs.ledger import records
from subgraphs.ledger.entries import Entry
from subgraphs.ledger.records import Found, Wanted

_TOGETHER = 100  # parts of one statement


class CaseList(NamedTuple):
    """A case's number, the size of the page, and the position that it goes on from."""

    number: str
    first: int
    before: int | None


class LedgerReader:
    """Lives for one request."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._entries: DataLoader[int, Entry | None] = DataLoader(self._load_entries)
        self._accesses: DataLoader[CaseList, list[Entry]] = DataLoader(self._load_accesses)

    async def entry(self, position: int) -> Entry | None:
        return await self._entries.load(position)

    async def accesses(self, asked: CaseList) -> list[Entry]:
        """Newest first, and one more than a page if there are others."""
        return await self._accesses.load(asked)

    async def count_of_case(self, case: str) -> int:
        return await self.count(Wanted(mentions=(("Case", case),)))

    async def page(self, wanted: Wanted, first: int, after: int | None) -> Found:
        async with self._engine.connect() as connection:
            return await records.page(connection, wanted, first, after)

    async def count(self, wanted: Wanted) -> int:
        async with self._engine.connect() as connection:
            return await records.count(connection, wanted)

    async def _load_entries(self, positions: Sequence[int]) -> list[Entry | None]:
        async with self._engine.connect() as connection:
            found = await records.entries_at(connection, positions)
        return [found.get(position) for position in positions]

    async def _load_accesses(self, asked: Sequence[CaseList]) -> list[list[Entry]]:
        sizes: defaultdict[int, list[CaseList]] = defaultdict(list)
        for each in asked:
            sizes[each.first].append(each)
        found: dict[CaseList, list[Entry]] = {}
        async with self._engine.connect() as connection:
            for first, lists in sizes.items():
                for start in range(0, len(lists), _TOGETHER):
                    part = lists[start : start + _TOGETHER]
                    cases = [(("Case", each.number), each.before) for each in part]
                    found.update(zip(part, await records.newest(connection, cases, first), strict=True))
        return [found[each] for each in asked]
