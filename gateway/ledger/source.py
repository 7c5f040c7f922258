"""The ledger that a gateway exports while it writes to it: a reader of its own for each export."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from gateway.ledger.checkpoint import Checkpoint, parse
from gateway.ledger.errors import LedgerUnavailableError
from gateway.ledger.export import export
from gateway.ledger.opened import open_reader
from gateway.ledger.store import Reader


@dataclass(frozen=True, slots=True)
class LedgerSource:
    """`url`: a file, or postgresql://…"""

    url: str = field(repr=False)

    async def checkpoint(self) -> str:
        """The last signed head. Raises `LedgerError`."""
        async with open_reader(self.url) as reader:
            return str(await last_checkpoint(reader))

    async def lines(self, start: int, limit: int) -> AsyncIterator[bytes]:
        """An export of at most so many records under the last head; none if it has no such position. Raises
        `LedgerError`."""
        async with open_reader(self.url) as reader:
            checkpoint = await last_checkpoint(reader)
            stop = max(start, min(start + limit, checkpoint.head.size))
            async for line in export(reader, checkpoint, start, stop):
                yield line


async def last_checkpoint(reader: Reader) -> Checkpoint:
    """The last signed head, not checked. Raises `LedgerError`, also if there is none yet."""
    note = await reader.last_head()
    if note is None:
        raise LedgerUnavailableError("the ledger has no signed head yet: a gateway signs the first when it starts.")
    return parse(note)
