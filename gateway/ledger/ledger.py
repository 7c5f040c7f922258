"""The ledger as a gateway uses it: `append` returns once the records are durable, and not before.

Whatever comes while a commit is under way goes into the next one together, so that a record waits for two flushes at
most. If a commit fails, or its outcome is not known, all that waited for it is refused: a record may then stand for an
answer that never left, never the opposite. Nothing waits beyond the queue's bounds and the deadline, and the next
records are tried as soon as they come, so that a ledger that could not be written recovers by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from gateway.ledger.errors import LedgerError, LedgerRolledBackError, LedgerUnavailableError
from gateway.ledger.leaf import MAX_RECORD, Leaf
from gateway.ledger.person_keys import PersonKeys
from gateway.ledger.queue import Entry, Queue
from gateway.ledger.settings import LedgerSettings
from gateway.ledger.signer import Signer
from gateway.ledger.store import POSTGRESQL, Store
from gateway.ledger.store_postgresql import PostgresStore
from gateway.ledger.store_sqlite import SqliteStore

_log = logging.getLogger(__name__)


class Ledger:
    """Made by `open_ledger`. `names`: how records name people."""

    def __init__(self, store: Store, signer: Signer, names: PersonKeys, settings: LedgerSettings) -> None:
        self.names = names
        self.failing: LedgerError | None = None
        """Why the last commit or head failed; None if it did not."""
        self._store, self._signer, self._settings = store, signer, settings
        self._queue = Queue(settings.queue_records, settings.queue_bytes)
        self._broken: LedgerRolledBackError | None = None

    @property
    def waiting(self) -> int:
        """Records that are not durable yet."""
        return self._queue.records

    def head(self) -> str | None:
        """The last signed tree head, a C2SP checkpoint."""
        return self._signer.head

    async def append(self, leaves: Sequence[Leaf]) -> range:
        """Adds the records at the end, side by side, and returns their positions once they are durable. Raises
        `LedgerError` if they may not be: then nothing that depends on them may leave."""
        if self._broken is not None:
            raise self._broken
        if not leaves or any(len(leaf.record) > MAX_RECORD for leaf in leaves):
            raise ValueError(f"one record at least, and none above {MAX_RECORD} bytes")
        entry = self._queue.add(leaves)
        outcome = await self._settled(entry)
        if isinstance(outcome, LedgerError):
            raise outcome
        return outcome

    async def _settled(self, entry: Entry) -> range | LedgerError:
        try:
            async with asyncio.timeout(self._settings.deadline):
                return await asyncio.shield(entry.settled)
        except TimeoutError:
            self._queue.drop(entry)
            return LedgerUnavailableError(f"the ledger took longer than {self._settings.deadline} s to write a record.")

    async def write(self) -> None:
        """Writes what comes, for ever."""
        while True:
            entries = await self._queue.take(self._settings.batch_records, self._settings.batch_bytes)
            outcome = await self._commit([leaf for entry in entries for leaf in entry.leaves])
            self._queue.finish(entries)
            start = outcome.start if isinstance(outcome, range) else 0
            for entry in entries:
                stop = start + len(entry.leaves)
                entry.settle(range(start, stop) if isinstance(outcome, range) else outcome)
                start = stop

    async def _commit(self, leaves: Sequence[Leaf]) -> range | LedgerError:
        try:
            first = await self._store.append(leaves)
        except LedgerError as error:
            return self._failed(error)
        except Exception as error:  # whatever it is, those who wait are told, and the next are tried
            _log.exception("The ledger's store failed.")
            return self._failed(LedgerUnavailableError(f"the ledger's store failed: {type(error).__name__}."))
        self.failing = None
        return range(first, first + len(leaves))

    async def sign(self) -> None:
        """Signs heads as records come, for ever."""
        while True:
            await asyncio.sleep(self._settings.sign_every)
            try:
                await self._signer.sign()
            except LedgerError as error:
                self._failed(error)

    def _failed(self, error: LedgerError) -> LedgerError:
        if self.failing is None or str(self.failing) != str(error):
            _log.error("%s: %s", error.code, error)
        self.failing = error
        if isinstance(error, LedgerRolledBackError):
            self._broken = error
        return error

    async def drain(self) -> None:
        """Waits for what was taken on, as long as the deadline, and signs the last head."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._settings.deadline):
                await self._queue.emptied()
        try:
            await self._signer.sign()
        except LedgerError as error:
            self._failed(error)


@asynccontextmanager
async def open_ledger(settings: LedgerSettings) -> AsyncIterator[Ledger]:
    """The ledger of the settings, until the block ends. Raises `LedgerError` if it cannot be used: another process has
    it, it was rolled back, it is damaged, or its database does not answer."""
    if settings.url is None or settings.keys is None:
        raise ValueError("a ledger needs a url and a folder of keys")
    store = _store(settings.url, settings.origin)
    try:
        await store.open()
        signer = Signer(store, settings.keys, settings.origin)
        await signer.start()
        ledger = Ledger(store, signer, PersonKeys(settings.keys, settings.digested), settings)
        tasks = [asyncio.create_task(ledger.write()), asyncio.create_task(ledger.sign())]
        try:
            yield ledger
        finally:
            await ledger.drain()
            await _end(tasks)
    finally:
        await store.close()


def _store(url: str, origin: str) -> Store:
    return PostgresStore(url, origin) if url.startswith(POSTGRESQL) else SqliteStore(Path(url), origin)


async def _end(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
