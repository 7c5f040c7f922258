"""Whether a tree is still the one that was signed, or was made durable, before."""

from __future__ import annotations

from gateway.ledger.checkpoint import Head
from gateway.ledger.errors import LedgerDamagedError, LedgerRolledBackError
from gateway.ledger.store import Reader, edge_at


async def root_at(reader: Reader, size: int) -> bytes:
    """The root that the tree had at that size. Raises `LedgerError`."""
    try:
        return (await edge_at(reader, size)).root
    except KeyError as error:
        raise LedgerDamagedError(
            f"the ledger lacks tile {error.args[0]} of its tree. Run `quipu ledger verify`, and restore a sound copy."
        ) from error


async def continues(reader: Reader, head: Head) -> None:
    """Raises `LedgerRolledBackError` if the tree is not that head's, or that head's with more records."""
    size = await reader.size()
    if size < head.size:
        raise rolled_back(f"it has {size} records, and a head of {head.size} was signed")
    if await root_at(reader, head.size) != head.root:
        raise rolled_back(f"its first {head.size} records are not those of the head that was signed")


def rolled_back(why: str) -> LedgerRolledBackError:
    return LedgerRolledBackError(
        f"the ledger was rolled back or replaced: {why}. Restore a copy that holds at least those records. If there is "
        "none, keep what is left and the heads that institutions cosigned as evidence, tell them, and begin a new "
        "ledger under another name, in another database and with another folder of keys."
    )
