"""What one request reads from the Academy, batched by the magistrate's code."""

from collections.abc import Sequence

from aiodataloader import DataLoader
from sqlalchemy.ext.asyncio import AsyncEngine

from subgraphs.academy import records
from subgraphs.academy.records import MagistrateRecord, TrainingRecord


class AcademyReader:
    """Lives for one request. There is nothing here to mask: magistrates' trainings are public, grades are not read."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._magistrates: DataLoader[str, MagistrateRecord | None] = DataLoader(self._load_magistrates)
        self._trainings: DataLoader[str, list[TrainingRecord]] = DataLoader(self._load_trainings)

    async def magistrate(self, code: str) -> MagistrateRecord | None:
        return await self._magistrates.load(code)

    async def trainings(self, code: str) -> list[TrainingRecord]:
        return await self._trainings.load(code)

    async def _load_magistrates(self, codes: Sequence[str]) -> list[MagistrateRecord | None]:
        async with self._engine.connect() as connection:
            found = await records.magistrates_by_code(connection, codes)
        return [found.get(code) for code in codes]

    async def _load_trainings(self, codes: Sequence[str]) -> list[list[TrainingRecord]]:
        async with self._engine.connect() as connection:
            found = await records.trainings_by_code(connection, codes)
        return [found.get(code, []) for code in codes]
