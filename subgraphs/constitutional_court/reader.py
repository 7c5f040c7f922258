"""What one request reads from the Court: batched by key, masked for the one who asks.

Every path to a proceeding goes through here, so that nothing unmasked can reach the schema.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from aiodataloader import DataLoader
from sqlalchemy.ext.asyncio import AsyncEngine

from subgraphs.constitutional_court import records
from subgraphs.constitutional_court.masking import Sight, mask, sight_of
from subgraphs.constitutional_court.records import Position, ProceedingFilter, ProceedingRecord


class CourtReader:
    """Lives for one request: its loaders remember, and its sight is that of one identity."""

    def __init__(self, engine: AsyncEngine, roles: Collection[str], today: date) -> None:
        self.sight: Sight = sight_of(roles)
        self._engine = engine
        self._today = today
        self._by_number: DataLoader[str, ProceedingRecord | None] = DataLoader(self._load_numbers)
        self._by_case: DataLoader[str, list[ProceedingRecord]] = DataLoader(self._load_cases)

    async def proceeding(self, number: str) -> ProceedingRecord | None:
        return await self._by_number.load(number)

    async def proceedings_of(self, case: str) -> list[ProceedingRecord]:
        return await self._by_case.load(case)

    async def page(self, wanted: ProceedingFilter, first: int, after: Position | None) -> list[ProceedingRecord]:
        async with self._engine.connect() as connection:
            found = await records.page(connection, self._visible(wanted), first, after)
        return [self._mask(record) for record in found]

    async def count(self, wanted: ProceedingFilter) -> int:
        async with self._engine.connect() as connection:
            return await records.count(connection, self._visible(wanted))

    async def _load_numbers(self, numbers: Sequence[str]) -> list[ProceedingRecord | None]:
        async with self._engine.connect() as connection:
            found = await records.by_numbers(connection, numbers)
        return [self._mask(found[number]) if number in found else None for number in numbers]

    async def _load_cases(self, cases: Sequence[str]) -> list[list[ProceedingRecord]]:
        async with self._engine.connect() as connection:
            found = await records.by_cases(connection, cases)
        return [[self._mask(record) for record in found.get(case, ())] for case in cases]

    def _visible(self, wanted: ProceedingFilter) -> ProceedingFilter:
        return replace(wanted, include_reserved=self.sight.reserved)

    def _mask(self, record: ProceedingRecord) -> ProceedingRecord:
        return mask(record, self.sight, self._today)
