"""What one request reads from the prosecutors: batched by key, masked for the one who asks.

Every path to a file goes through here, so that nothing unmasked can reach the schema. Free text is masked with all the
file's parties at hand, so a file's summary is told by `summary` and never from its record.
"""

from collections.abc import Callable, Collection, Coroutine, Hashable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, TypeVar

from aiodataloader import DataLoader
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from subgraphs.prosecution import records
from subgraphs.prosecution.accredited import accredited_of
from subgraphs.prosecution.masking import mask_party, mask_text, tells_people
from subgraphs.prosecution.numbers import file_key
from subgraphs.prosecution.records import FileFilter, Position
from subgraphs.prosecution.reserve import Claims, Sight, sight_of
from subgraphs.prosecution.rows import (
    DispositionRecord,
    FileRecord,
    OffenceRecord,
    OpinionRecord,
    PartyRecord,
    ProsecutorRecord,
)

MOST_KEYS = 10_000  # a statement has room for some 32,000
_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V")


class ProsecutionReader:
    """Lives for one request: its loaders remember, and its sight is that of one identity on one day. `exists` says
    whether the reader's agreement lets a file exist for them."""

    def __init__(
        self,
        engine: AsyncEngine,
        roles: Collection[str],
        today: date,
        exists: Callable[[FileRecord], bool] = lambda file: True,
        documents: bool = True,
        claims: Claims = (),
    ) -> None:
        sight = sight_of(roles, today, claims)
        self.sight: Sight = replace(sight, documents=sight.documents and documents)
        self._exists = exists
        self._claims = frozenset(claims)
        self._engine = engine
        self._numbers = self._loader(partial(records.by_numbers, sight=self.sight))
        self._cases = self._loader(partial(records.by_cases, sight=self.sight))
        self._parties = self._loader(partial(records.parties_of, sight=self.sight))
        self._dispositions = self._loader(partial(records.dispositions_of, sight=self.sight))
        self._offences = self._loader(records.offences_of)
        self._opinions = self._loader(records.opinions_of)
        self._accredited = self._loader(accredited_of)
        self._prosecutors: DataLoader[str, ProsecutorRecord | None] = DataLoader(self._load_prosecutors)

    async def files(self, number: str) -> list[FileRecord]:
        """Those that this reader may know by the number in any spelling; more than one where it stands twice."""
        return [file for file in await self._numbers.load(file_key(number)) if self._exists(file)]

    async def files_of(self, case: str) -> list[FileRecord]:
        return [file for file in await self._cases.load(case) if self._exists(file)]

    async def page(self, wanted: FileFilter, first: int, after: Position | None) -> list[FileRecord]:
        async with self._engine.connect() as connection:
            return await records.page(connection, wanted, first, after, self.sight)

    async def count(self, wanted: FileFilter) -> int:
        async with self._engine.connect() as connection:
            return await records.count(connection, wanted, self.sight)

    async def summary(self, file: FileRecord) -> str | None:
        return mask_text(file.summary, file, await self._parties.load(file.id), self.sight)

    async def parties(self, file: FileRecord) -> list[PartyRecord] | None:
        """None where this reader is not told who they are."""
        found = await self._parties.load(file.id)
        if not tells_people(file, self.sight):
            return None
        return [mask_party(file, party, self.sight) for party in found if not party.deleted]

    async def offences(self, file: FileRecord) -> list[OffenceRecord] | None:
        """None where this reader is not told them."""
        found = await self._offences.load(file.id)
        return found if tells_people(file, self.sight) else None

    async def dispositions(self, file: FileRecord) -> list[DispositionRecord]:
        people = await self._parties.load(file.id)
        found = await self._dispositions.load(file.id)
        return [replace(act, summary=mask_text(act.summary, file, people, self.sight)) for act in found]

    async def opinions(self, file: FileRecord) -> list[OpinionRecord]:
        people = await self._parties.load(file.id)
        found = await self._opinions.load(file.id)
        return [replace(given, opinion=mask_text(given.opinion, file, people, self.sight)) for given in found]

    async def is_assigned(self, file: FileRecord) -> bool:
        """Whether this reader is the file's prosecutor, or accredited in it."""
        if ("magistrate", file.prosecutor) in self._claims:
            return True
        return not self._claims.isdisjoint(await self._accredited.load(file.id))

    async def prosecutor(self, code: str) -> ProsecutorRecord | None:
        return await self._prosecutors.load(code)

    async def _load_prosecutors(self, codes: Sequence[str]) -> list[ProsecutorRecord | None]:
        async with self._engine.connect() as connection:
            found = await records.prosecutors_by_code(connection, codes)
        return [found.get(code) for code in codes]

    def _loader(
        self, read: Callable[[AsyncConnection, Sequence[_K]], Coroutine[Any, Any, dict[_K, list[_V]]]]
    ) -> DataLoader[_K, list[_V]]:
        async def load(keys: list[_K]) -> list[list[_V]]:
            async with self._engine.connect() as connection:
                found = await read(connection, keys)
            return [found.get(key, []) for key in keys]

        return DataLoader(load, max_batch_size=MOST_KEYS)
