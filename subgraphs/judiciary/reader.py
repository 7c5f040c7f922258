"""What one request reads from the Judiciary: batched by key, masked for the one who asks.

Every path to a case goes through here, so that nothing unmasked can reach the schema. Free text is masked with
everyone of the case at hand, in its main file and its *cuadernos*, since a clerk may have written their names in it.
"""

from collections.abc import Callable, Collection, Coroutine, Hashable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from aiodataloader import DataLoader
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from subgraphs.judiciary import list_records, part_records, people_records, records
from subgraphs.judiciary.accredited import accredited_of
from subgraphs.judiciary.list_records import CaseQuery, Position, Scope
from subgraphs.judiciary.masking import (
    SeenCase,
    SeenParty,
    Sight,
    is_listed,
    mask_act,
    mask_case,
    mask_hearing,
    mask_notice,
    mask_party,
    mask_text,
    minors_born_after,
    sight_of,
)
from subgraphs.judiciary.part_records import ActRecord, AppealRecord, CassationRecord, HearingRecord, NoticeRecord
from subgraphs.judiciary.people_records import JudgeRecord, PartyRecord
from subgraphs.judiciary.records import MOST_RELATED, CaseRecord, Key

_MOST_IN_A_STATEMENT = 1000
Claims = Collection[tuple[str, str]]
"""What is said of the reader beside roles, by name: `("magistrate", "M99058")`."""
_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V")
_Read = Callable[[AsyncConnection, Sequence[_K]], Coroutine[Any, Any, dict[_K, _V]]]


class JudiciaryReader:
    """Lives for one request: its loaders remember, and its sight is that of one identity. `exists` says whether the
    reader's agreement lets a case exist for them."""

    def __init__(
        self,
        engine: AsyncEngine,
        roles: Collection[str],
        today: date,
        exists: Callable[[SeenCase], bool] = lambda seen: True,
        documents: bool = True,
        claims: Claims = (),
    ) -> None:
        sight = sight_of(roles)
        self.sight: Sight = replace(sight, documents=sight.documents and documents)
        self._exists = exists
        self._claims = frozenset(claims)
        self._engine = engine
        self._today = today
        codes = frozenset(code for name, code in claims if name == "magistrate")
        self._scope = Scope(self.sight.reserved, minors_born_after(today), codes)
        self._cases: DataLoader[str, CaseRecord | None] = self._loader(records.by_numbers, None)
        self._main_files: DataLoader[int, CaseRecord | None] = self._loader(records.main_files, None)
        self._incidents: DataLoader[int, list[CaseRecord]] = self._loader(records.incidents, [])
        self._related: DataLoader[int, list[CaseRecord]] = self._loader(records.related, [])
        self._people: DataLoader[int, list[PartyRecord]] = self._loader(people_records.parties_of, [])
        self._acts: DataLoader[Key, list[ActRecord]] = self._loader(part_records.acts_of, [])
        self._hearings: DataLoader[Key, list[HearingRecord]] = self._loader(part_records.hearings_of, [])
        self._appeals: DataLoader[Key, list[AppealRecord]] = self._loader(part_records.appeals_of, [])
        self._notices: DataLoader[Key, list[NoticeRecord]] = self._loader(part_records.notices_of, [])
        self._cassations: DataLoader[int, list[CassationRecord]] = self._loader(part_records.cassations_of, [])
        self._accredited: DataLoader[int, list[tuple[str, str]]] = self._loader(accredited_of, [])
        self._judges: DataLoader[str, JudgeRecord | None] = self._loader(people_records.judges_by_code, None)

    async def case(self, number: str) -> SeenCase | None:
        found = await self._cases.load(number)
        return None if found is None else self._known(found)

    async def main_file(self, case: SeenCase) -> SeenCase | None:
        """The file that a *cuaderno* hangs on; the case itself if it is the main file."""
        unique, incident = case.record.key
        if not incident:
            return case
        found = await self._main_files.load(unique)
        return None if found is None else self._known(found)

    async def incidents(self, case: SeenCase) -> list[SeenCase]:
        unique, incident = case.record.key
        return [] if incident else self._listed(await self._incidents.load(unique))

    async def related(self, case: SeenCase) -> list[SeenCase]:
        unique, incident = case.record.key
        return [] if incident else self._listed(await self._related.load(unique))[:MOST_RELATED]

    async def page(self, wanted: CaseQuery, first: int, after: Position | None) -> list[SeenCase]:
        async with self._engine.connect() as connection:
            found = await list_records.page(connection, wanted, self._scope, first, after)
        return [self._seen(record) for record in found]

    async def count(self, wanted: CaseQuery) -> int:
        async with self._engine.connect() as connection:
            return await list_records.count(connection, wanted, self._scope)

    async def summary(self, case: SeenCase) -> str | None:
        raw = await self._cases.load(case.record.number)
        people = await self._people.load(case.record.key[0])
        return mask_text(None if raw is None else raw.summary, case.record, people, self.sight, self._today)

    async def parties(self, case: SeenCase) -> list[SeenParty]:
        found = await self._people.load(case.record.key[0])
        own = (party for party in found if party.key == case.record.key and party.active)
        return [mask_party(party, self.sight, self._today) for party in own]

    async def acts(self, case: SeenCase) -> list[ActRecord]:
        found = await self._acts.load(case.record.key)
        people = await self._people.load(case.record.key[0])
        return [mask_act(act, case.record, people, self.sight, self._today) for act in found]

    async def hearings(self, case: SeenCase) -> list[HearingRecord]:
        return [mask_hearing(each, case.record, self.sight) for each in await self._hearings.load(case.record.key)]

    async def appeals(self, case: SeenCase) -> list[AppealRecord]:
        return await self._appeals.load(case.record.key)

    async def notices(self, case: SeenCase) -> list[NoticeRecord]:
        return [mask_notice(notice, self.sight) for notice in await self._notices.load(case.record.key)]

    async def cassations(self, case: SeenCase) -> list[CassationRecord]:
        unique, incident = case.record.key
        return [] if incident else await self._cassations.load(unique)

    async def is_assigned(self, case: SeenCase) -> bool:
        """Whether this reader is the case's judge, or accredited in it."""
        if ("magistrate", case.record.judge_code) in self._claims:
            return True
        return not self._claims.isdisjoint(await self._accredited.load(case.record.key[0]))

    async def judge(self, code: str) -> JudgeRecord | None:
        return await self._judges.load(code)

    def _listed(self, found: Sequence[CaseRecord]) -> list[SeenCase]:
        listed = (self._known(record) for record in found if is_listed(record, self.sight))
        return [seen for seen in listed if seen is not None]

    def _known(self, record: CaseRecord) -> SeenCase | None:
        seen = self._seen(record)
        return seen if self._exists(seen) else None

    def _seen(self, record: CaseRecord) -> SeenCase:
        self._cases.prime(record.number, record)
        return mask_case(record, self.sight)

    def _loader(self, read: _Read[_K, Any], missing: _V) -> "DataLoader[_K, Any]":
        async def load(keys: list[_K]) -> list[Any]:
            async with self._engine.connect() as connection:
                found = await read(connection, keys)
            return [found.get(key, missing) for key in keys]

        return DataLoader(load, max_batch_size=_MOST_IN_A_STATEMENT)
