"""Signs tree heads: one process at a time, each head kept durably before anybody sees it, and none that contradicts
another.

The last head is also kept in a file beside the keys, apart from the records: whoever brings back older records does not
bring back that file. A head is signed, and a gateway starts, only on a tree that continues it.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from gateway.ledger.checkpoint import Checkpoint, CheckpointError, Head, sign, trusted
from gateway.ledger.durable_file import write_durably
from gateway.ledger.errors import LedgerDamagedError, LedgerUnavailableError
from gateway.ledger.keys import PUBLIC_FILE, read_public, signing_keys
from gateway.ledger.rollback import continues, root_at
from gateway.ledger.store import Store

HEAD_FILE = "last-head"


class Signer:
    """`folder` holds the keys and the last head; `origin` is the log's name."""

    def __init__(self, store: Store, folder: Path, origin: str) -> None:
        self._store, self._folder, self._origin = store, folder, origin
        self._published: Checkpoint | None = None

    @property
    def head(self) -> str | None:
        """The last head that was published here."""
        return None if self._published is None else str(self._published)

    async def start(self) -> None:
        """Takes up the head of the file. Raises `LedgerError` if the tree does not continue it."""
        self._published = await asyncio.to_thread(self._kept)
        await self.sign()

    async def sign(self) -> None:
        """Publishes a head of the tree as it is now, by whoever signs it. Raises `LedgerError`."""
        if self._published is not None:
            await continues(self._store, self._published.head)
        async with self._store.signing() as mine:
            last = await self._last()
            size = await self._store.size()
            if mine and (last is None or last.head.size < size):
                head = Head(self._origin, size, await root_at(self._store, size))
                note = await asyncio.to_thread(self._signed, head)
                await self._store.add_head(size, note)
                last = await self._last()
        if last is not None and (self._published is None or last.head.size > self._published.head.size):
            await asyncio.to_thread(self._keep, last)
            self._published = last

    async def _last(self) -> Checkpoint | None:
        """The last head of all, which the tree continues."""
        note = await self._store.last_head()
        if note is None:
            return None
        checkpoint = await asyncio.to_thread(self._trusted, note)
        await continues(self._store, checkpoint.head)
        return checkpoint

    def _signed(self, head: Head) -> str:
        try:
            return str(sign(head, signing_keys(self._folder, self._origin)))
        except (OSError, ValueError) as error:
            raise LedgerUnavailableError(f"the ledger's keys in {self._folder} cannot be used: {error}") from error

    def _trusted(self, note: str) -> Checkpoint:
        path = self._folder / PUBLIC_FILE
        try:
            return trusted(note, read_public(path))
        except OSError as error:
            raise LedgerUnavailableError(f"{path} cannot be read: {error.strerror}.") from error
        except CheckpointError as error:
            raise LedgerDamagedError(f"a head of the ledger cannot be trusted by {path}: {error}") from error

    def _kept(self) -> Checkpoint | None:
        path = self._folder / HEAD_FILE
        try:
            return self._trusted(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise LedgerUnavailableError(f"{path} cannot be read: {error}") from error

    def _keep(self, checkpoint: Checkpoint) -> None:
        path = self._folder / HEAD_FILE
        try:
            write_durably(path, str(checkpoint).encode())
        except OSError as error:
            raise LedgerUnavailableError(f"{path} cannot be written: {error.strerror}.") from error
