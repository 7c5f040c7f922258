"""What one request reads from the Court: batched by key, masked for the one who asks.

Every path to a proceeding goes through here, so that nothing unmasked can reach the schema.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date

from aiodataloader import DataLoader
from sqlalchemy.ext.asyncio import AsyncEngine

from subgraphs.constitutional_court import records
from subgraphs.constitutional_court.accredited import assigned_to
from subgraphs.constitutional_court.masking import Sight, mask, sight_of
from subgraphs.constitutional_court.records import Position, ProceedingFilter, ProceedingRecord


class CourtReader:
    """Lives for one request: its loaders remember, and its sight is that of one identity. `exists` says whether the
    reader's agreement lets a proceeding exist for them."""

    def __init__(
        self,
        engine: AsyncEngine,
        roles: Collection[str],
        today: date,
        exists: Callable[[ProceedingRecord], bool] = lambda record: True,
        documents: bool = True,
        claims: Collection[tuple[str, str]] = (),
    ) -> None:
        sight = sight_of(roles)
        self.sight: Sight = replace(sight, documents=sight.documents and documents)
        self._exists = exists
        self._claims = frozenset(claims)
        self._engine = engine
        self._today = today
        self._by_number: DataLoader[str, ProceedingRecord | None] = DataLoader(self._load_numbers)
        self._assigned: DataLoader[int, list[tuple[str, str]]] = DataLoader(self._load_assigned)
        self._by_case: DataLoader[str, list[ProceedingRecord]] = DataLoader(self._load_cases)

    async def proceeding(self, number: str) -> ProceedingRecord | None:
        found = await self._by_number.load(number)
        return found if found is not None and self._exists(found) else None

    async def proceedings_of(self, case: str) -> list[ProceedingRecord]:
        return [record for record in await self._by_case.load(case) if self._exists(record)]

    async def is_assigned(self, record: ProceedingRecord) -> bool:
        """Whether this reader works on the proceeding, or came with it."""
        return not self._claims.isdisjoint(await self._assigned.load(record.row_id))

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

    async def _load_assigned(self, ids: Sequence[int]) -> list[list[tuple[str, str]]]:
        async with self._engine.connect() as connection:
            found = await assigned_to(connection, ids)
        return [found.get(each, []) for each in ids]

    def _visible(self, wanted: ProceedingFilter) -> ProceedingFilter:
        return replace(wanted, include_reserved=self.sight.reserved)

    def _mask(self, record: ProceedingRecord) -> ProceedingRecord:
        return mask(record, self.sight, self._today)
