"""Verifies what was exported, or proved, with the log's public key alone.

A file has parts, each of a head and records with their proofs against it. Within a part every proof leads to the head's
root, and positions go on by one to the end that the part names. A later part goes on under a head that continues the
one before: it says so by a proof, or the records of both parts, taken together from the first on, do.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from gateway.ledger.canonical import encode
from gateway.ledger.checkpoint import Checkpoint, CheckpointError, Head, PublicKey, trusted
from gateway.ledger.findings import Kind, Report
from gateway.ledger.merkle import leaf_hash, proves_consistency, proves_inclusion
from gateway.ledger.tiles import Edge, grow

_MOST_WRONG = 200
_SHA256 = 32
_PART = b'{"checkpoint"'


class _PartLine(msgspec.Struct, forbid_unknown_fields=True):
    checkpoint: str
    start: int
    stop: int
    since: str | None = None
    consistency: list[str] = []


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    position: int
    proof: list[str]
    record: dict[str, Any] | None = None
    leafHash: str | None = None  # noqa: N815 - as it is written


@dataclass(slots=True)
class _Wrong:
    """A line whose proof fails: it may be the record of another position."""

    position: int
    leaf: bytes
    proof: list[bytes]
    head: Head


def verify_export(lines: Iterable[bytes], keys: Sequence[PublicKey], kept: Sequence[Head] = ()) -> Report:
    """What is wrong with these lines. `kept`: heads that must be shown to begin the last one."""
    reading = _Reading(keys, list(kept))
    for number, line in enumerate(lines, 1):
        if line.strip():
            reading.read(number, line)
    return reading.end()


@dataclass(slots=True)
class _Reading:
    keys: Sequence[PublicKey]
    kept: list[Head]
    report: Report = field(default_factory=Report)
    _part: _PartLine | None = None
    _head: Head | None = None
    _next: int = 0
    _edge: Edge | None = None
    """The tree so far, while the records are whole from the first on."""
    _before: list[Head] = field(default_factory=list)
    """Heads that later ones are not shown yet to continue."""
    _missing: list[range] = field(default_factory=list)
    _wrong: list[_Wrong] = field(default_factory=list)

    def read(self, number: int, line: bytes) -> None:
        try:
            if line.startswith(_PART):
                self._begin(msgspec.json.decode(line, type=_PartLine))
            else:
                self._record(msgspec.json.decode(line, type=_Line))
        except (msgspec.DecodeError, CheckpointError, ValueError) as error:
            self.report.add(Kind.MALFORMED, None, f"line {number} cannot be trusted: {error}")

    def end(self) -> Report:
        self._finish_part()
        if self._head is None:
            self.report.add(Kind.HEAD, None, "it has no signed head: nobody vouches for what it says.")
        else:
            self._show_kept(self._head)
            self.report.size = self._head.size
        self.report.stop = self._next
        self._tell_missing()
        self._tell_wrong()
        return self.report

    def _begin(self, part: _PartLine) -> None:
        if part.start != self._next:  # a part that broke off is whole if the next goes on where it ended
            self._finish_part()
        head = trusted(part.checkpoint, self.keys).head
        if self._part is None:
            self._next = self.report.start = part.start
            self._edge = Edge() if part.start == 0 else None
        elif part.start != self._next:
            self._misplaced(part.start)
            self._next = part.start
        if self._head is not None:
            self._before.append(self._head)
            self._show_by_records()
        self._part, self._head = part, head
        if part.since is not None:
            self._continues(trusted(part.since, self.keys), head, part.consistency)

    def _continues(self, since: Checkpoint, head: Head, consistency: list[str]) -> None:
        """The head continues the earlier one, by the proof, and with it all of the same size and root."""
        proof = [_decoded(hash_) for hash_ in consistency]
        old = since.head
        if not proves_consistency(old.size, old.root, head.size, head.root, proof):
            self.report.add(Kind.FORKED, None, f"the head of {head.size} is not proved to continue that of {old.size}.")
        self.kept = [one for one in self.kept if (one.size, one.root) != (old.size, old.root)]
        self._before = [one for one in self._before if (one.size, one.root) != (old.size, old.root)]

    def _record(self, line: _Line) -> None:
        if self._head is None or self._part is None:
            raise ValueError("it comes before any signed head.")
        if line.position != self._next:
            self._misplaced(line.position)
        leaf, proof = _leaf(line), [_decoded(hash_) for hash_ in line.proof]
        if not proves_inclusion(leaf, line.position, self._head.size, proof, self._head.root):
            if len(self._wrong) < _MOST_WRONG:
                self._wrong.append(_Wrong(line.position, leaf, proof, self._head))
            else:
                self.report.more += 1
            self._edge = None
        if self._edge is not None:
            self._edge, _ = grow(self._edge, [leaf])
            self._show_by_records()
        self._next = max(self._next, line.position + 1)

    def _misplaced(self, position: int) -> None:
        """Another position comes than was to come: some are missing, or this one comes late, or it came before."""
        self._edge = None
        if position > self._next:
            self._missing.append(range(self._next, position))
            return
        gap = next((gap for gap in self._missing if position in gap), None)
        if gap is None:
            self.report.add(Kind.INSERTED, position, f"a line of this position comes where {self._next} was to come.")
        else:
            self._missing.remove(gap)
            self._missing += [part for part in (range(gap.start, position), range(position + 1, gap.stop)) if part]
            self.report.add(Kind.REORDERED, position, f"it comes where position {self._next} was to come.")

    def _tell_missing(self) -> None:
        for gap in sorted(self._missing, key=lambda gap: gap.start):
            last = "" if len(gap) == 1 else f", and all up to position {gap.stop - 1}"
            self.report.add(Kind.REMOVED, gap.start, f"its record is missing{last}.")

    def _finish_part(self) -> None:
        if self._part is not None and self._next < self._part.stop:
            self._misplaced(self._part.stop)
            self._next = self._part.stop
        elif self._part is not None and self._next > max(self._part.stop, self._part.start):
            self.report.add(Kind.INSERTED, self._part.stop, "records follow that its part does not announce.")

    def _show_by_records(self) -> None:
        """Heads of the very size that the records have come to are shown by them."""
        edge = self._edge
        if edge is None or not any(head.size == edge.size for head in (*self.kept, *self._before)):
            return
        for heads in (self.kept, self._before):
            for head in [one for one in heads if one.size == edge.size]:
                heads.remove(head)
                if head.root != edge.root:
                    self.report.add(Kind.FORKED, head.size - 1, f"the head of {head.size} is not of these records.")

    def _show_kept(self, last: Head) -> None:
        for head in [*self.kept, *self._before]:
            if head.size > last.size:
                message = f"a head of {head.size} records was kept, and this one has {last.size}."
                self.report.add(Kind.ROLLED_BACK, last.size, message)
            elif head.size == last.size and head.root != last.root:
                self.report.add(Kind.FORKED, None, f"two heads of {head.size} records were signed that differ.")
            elif 0 < head.size < last.size:
                self.report.add(
                    Kind.HEAD,
                    None,
                    f"it is not shown that the head of {last.size} continues that of {head.size}: "
                    "ask for `quipu ledger prove --since` with it.",
                )

    def _tell_wrong(self) -> None:
        """Names the lines whose proof fails; of two that prove each other's record, that they were swapped."""
        for wrong in self._wrong:
            home = next((other for other in self._wrong if other is not wrong and _proves(other, wrong.leaf)), None)
            if home is None:
                message = "its record or its proof is not the one of the signed head."
                self.report.add(Kind.CHANGED, wrong.position, message)
            else:
                self.report.add(Kind.REORDERED, wrong.position, f"its record belongs at position {home.position}.")


def _proves(wrong: _Wrong, leaf: bytes) -> bool:
    return proves_inclusion(leaf, wrong.position, wrong.head.size, wrong.proof, wrong.head.root)


def _leaf(line: _Line) -> bytes:
    """The hash of its record, which is canonical, or what is given in a record's place."""
    if (line.record is None) == (line.leafHash is None):
        raise ValueError("it has a record or a leafHash, and one of them alone.")
    if line.record is None:
        return _decoded(line.leafHash or "")
    return leaf_hash(encode(line.record))


def _decoded(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"a hash is no base64: {error}") from error
    if len(raw) != _SHA256:
        raise ValueError("a hash has not 32 bytes.")
    return raw
