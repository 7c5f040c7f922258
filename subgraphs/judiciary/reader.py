"""What one request reads from the Judiciary: batched by key, masked for the one who asks.

Every path to a case goes through here, so that nothing unmasked can reach the schema. Free text is masked with the
case's parties at hand, those of the main file for a *cuaderno* too, since a clerk may have written their names in it.
"""

from collections.abc import Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from aiodataloader import DataLoader
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from subgraphs.judiciary import records
from subgraphs.judiciary.masking import SeenParty, Sight, mask_act, mask_case, mask_party, sight_of
from subgraphs.judiciary.records import ActRecord, CaseRecord, HearingRecord, Key, PartyRecord

_K = TypeVar("_K")
_V = TypeVar("_V")


@dataclass(frozen=True, slots=True)
class SeenCase:
    """A case whose free text has not been asked for yet: `record` alone is never shown whole."""

    record: CaseRecord


class JudiciaryReader:
    """Lives for one request: its loaders remember, and its sight is that of one identity."""

    def __init__(self, engine: AsyncEngine, roles: Collection[str], today: date) -> None:
        self.sight: Sight = sight_of(roles)
        self._engine = engine
        self._today = today
        self._cases: DataLoader[str, CaseRecord | None] = DataLoader(self._load_cases)
        self._incidents: DataLoader[int, list[CaseRecord]] = DataLoader(self._many(records.incidents))
        self._parties: DataLoader[Key, list[PartyRecord]] = DataLoader(self._many(records.parties_of))
        self._acts: DataLoader[Key, list[ActRecord]] = DataLoader(self._many(records.acts_of))
        self._hearings: DataLoader[Key, list[HearingRecord]] = DataLoader(self._many(records.hearings_of))

    async def case(self, number: str) -> SeenCase | None:
        found = await self._cases.load(number)
        return None if found is None else SeenCase(found)

    async def incidents(self, case: SeenCase) -> list[SeenCase]:
        unique, incident = case.record.key
        return [] if incident else [SeenCase(found) for found in await self._incidents.load(unique)]

    async def summary(self, case: SeenCase) -> str | None:
        return mask_case(case.record, await self._people(case.record), self.sight, self._today).summary

    async def parties(self, case: SeenCase) -> list[SeenParty]:
        found = await self._parties.load(case.record.key)
        return [mask_party(case.record, party, self.sight, self._today) for party in found]

    async def acts(self, case: SeenCase) -> list[ActRecord]:
        people = await self._people(case.record)
        found = await self._acts.load(case.record.key)
        return [mask_act(act, case.record, people, self.sight, self._today) for act in found]

    async def hearings(self, case: SeenCase) -> list[HearingRecord]:
        return await self._hearings.load(case.record.key)

    async def _people(self, case: CaseRecord) -> list[PartyRecord]:
        keys = dict.fromkeys((case.key, (case.key[0], 0)))
        return [party for found in await self._parties.load_many([*keys]) for party in found]

    async def _load_cases(self, numbers: Sequence[str]) -> list[CaseRecord | None]:
        async with self._engine.connect() as connection:
            found = await records.by_numbers(connection, numbers)
        return [found.get(number) for number in numbers]

    def _many(
        self, read: Callable[[AsyncConnection, Sequence[_K]], Coroutine[Any, Any, dict[_K, list[_V]]]]
    ) -> Callable[[list[_K]], Coroutine[Any, Any, list[list[_V]]]]:
        async def load(keys: list[_K]) -> list[list[_V]]:
            async with self._engine.connect() as connection:
                found = await read(connection, keys)
            return [found.get(key, []) for key in keys]

        return load
