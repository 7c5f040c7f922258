"""What an outsider can take away and verify: JSON Lines.

The first line has the head that all proofs are against, and which records follow; each line after it one record, its
position, and its proof. A line is whole in itself, so an export that broke off goes on at any position, under a head of
its own: a later part begins with a line of the same form, which proves that its head continues the one before.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Iterable, Sequence

import msgspec
import orjson

from gateway.ledger.checkpoint import Checkpoint
from gateway.ledger.errors import LedgerDamagedError
from gateway.ledger.prove import Prover
from gateway.ledger.store import Reader


class _Any(msgspec.Struct):
    checkpoint: str | None = None
    start: int = 0
    position: int = -1


async def export(
    reader: Reader, checkpoint: Checkpoint, start: int, stop: int, since: Checkpoint | None = None
) -> AsyncIterator[bytes]:
    """Lines without their ends. `checkpoint`: a head of the ledger; `stop` is at most its size. `since`: an earlier
    head, with a proof that this one continues it. Raises `LedgerError`."""
    prover = Prover(reader, checkpoint.head.size)
    yield await _first_line(prover, checkpoint, start, stop, since)
    at = start
    async for part in reader.records(start, stop):
        proofs = await prover.inclusion(at, at + len(part))
        for (position, record), proof in zip(part, proofs, strict=True):
            if position != at:
                raise LedgerDamagedError(f"the record of position {at} is missing. Run `quipu ledger verify`.")
            yield record_line(position, record, proof)
            at += 1
    if at < stop:
        raise LedgerDamagedError(f"the record of position {at} is missing. Run `quipu ledger verify`.")


def ends_at(lines: Iterable[bytes]) -> tuple[int, str | None, int]:
    """Where an export is to be taken up: the position after its last, the note of its last head, and how many of its
    bytes are whole lines. Raises ValueError if it is no export."""
    position, note, whole = 0, None, 0
    for line in lines:
        if not line.endswith(b"\n"):
            break
        read = msgspec.json.decode(line, type=_Any)
        if read.checkpoint is not None:
            position, note = read.start, read.checkpoint
        else:
            position = read.position + 1
        whole += len(line)
    return position, note, whole


def record_line(position: int, record: bytes, proof: Sequence[bytes]) -> bytes:
    """One record, with the proof that it is at that position."""
    return b'{"position":%d,"record":%b,"proof":%b}' % (position, record, _hashes(proof))


async def _first_line(prover: Prover, checkpoint: Checkpoint, start: int, stop: int, since: Checkpoint | None) -> bytes:
    line = {"checkpoint": str(checkpoint), "start": start, "stop": stop}
    if since is None:
        return orjson.dumps(line)
    consistency = await prover.consistency(since.head.size)
    return orjson.dumps({**line, "since": str(since), "consistency": orjson.Fragment(_hashes(consistency))})


def _hashes(proof: Sequence[bytes]) -> bytes:
    return orjson.dumps([base64.b64encode(hash_).decode() for hash_ in proof])
