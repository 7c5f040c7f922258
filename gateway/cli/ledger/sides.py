"""The two sides of a reconciliation, read: the ledger's records, and an institution's rows with their chain."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec

from gateway.cli.errors import CommandError
from gateway.cli.ledger.comparison import Caller, Request
from gateway.ledger.record import bounded
from gateway.ledger.store import Reader

_SQLITE = b"SQLite format 3\x00"
_FIRST = "0" * 64
_WHOLE = ("OK", "REFUSED")
"""The outcomes of operations to which every institution answered that was asked: REFUSED is what agreements withheld
from an answer."""
_Aware = Annotated[datetime, msgspec.Meta(tz=True)]


class _Record(msgspec.Struct):
    """What of the ledger's record is compared. Records of other kinds have no sources."""

    kind: str
    at: _Aware
    subject: str | None = None
    institution: str | None = None
    roles: list[str] = []
    purpose: str | None = None
    reference: str | None = None
    exceptional: str | None = None
    outcome: str = ""
    sources: list[tuple[str, str]] = []
    part: int = 1


class _Line(msgspec.Struct):
    id: int
    record: str
    hash: str


class _Row(msgspec.Struct):
    request: str
    at: _Aware
    subject: str
    institution: str
    roles: list[str]
    purpose: str | None
    reference: str | None
    exceptional: str | None


@dataclass(frozen=True, slots=True)
class ServedRow:
    """`number`: its own; `follows`: whether its hash follows from the row before and what it records."""

    number: int
    follows: bool
    request: Request


async def asked(reader: Reader) -> AsyncIterator[tuple[Request, bool]]:
    """What the ledger says that subgraphs were asked, each with whether the operation was given all that it asked for.
    Raises `LedgerError`, and `CommandError` for a record that is none."""
    decoder = msgspec.json.Decoder(_Record)
    roles: list[str] = []
    async for chunk in reader.records(0, await reader.size()):
        for position, text in chunk:
            record = _record(decoder, position, text)
            # A record's later parts follow at once, and have of the roles only what did not fit before.
            roles = record.roles if record.part == 1 else roles + record.roles
            for subgraph, request in record.sources:
                yield Request(subgraph, request, record.at, _caller(record, roles)), record.outcome in _WHOLE


def _record(decoder: msgspec.json.Decoder[_Record], position: int, text: bytes) -> _Record:
    try:
        return decoder.decode(text)
    except ValueError as error:
        raise CommandError(f"the ledger's position {position} is no record: run `quipu ledger verify`.") from error


def served(subgraph: str, path: Path) -> Iterator[ServedRow]:
    """What an institution says that it served, in a record's database or what `quipu ledger served` printed of it.
    Raises `CommandError`, with the line's number if it is malformed."""
    from subgraphs.common.served import chained

    previous = _FIRST
    for number, text in enumerate(_lines(path), 1):
        try:
            line = msgspec.json.decode(text, type=_Line)
            row = msgspec.json.decode(line.record, type=_Row)
        except ValueError as error:
            raise CommandError(f"{path}, line {number}: this is no row of what was served ({error}).") from error
        request = Request(subgraph, row.request, row.at, _caller(row, row.roles))
        yield ServedRow(line.id, chained(previous, line.record) == line.hash, request)
        previous = line.hash


def _lines(path: Path) -> Iterator[str | bytes]:
    import sqlite3

    from subgraphs.common.served import served_lines

    try:
        with path.open("rb") as file:
            is_database = file.read(len(_SQLITE)) == _SQLITE
            file.seek(0)
            yield from served_lines(path) if is_database else file
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except sqlite3.Error as error:
        raise CommandError(f"{path} cannot be read as a record of what was served: {error}.") from error


def _caller(told: _Record | _Row, roles: Iterable[str]) -> Caller:
    return Caller(
        subject=bounded(told.subject or ""),
        institution=bounded(told.institution or ""),
        roles=tuple(sorted(map(bounded, roles))),
        purpose=bounded(told.purpose or ""),
        reference=bounded(told.reference or ""),
        exceptional=bounded(told.exceptional or ""),
    )
