"""What is recorded, as canonical JSON.

One operation makes one record, or several parts, where it touched more than fits in 64 KiB; all are appended together.
A text longer than 512 bytes, or one that a database cannot hold, is recorded as its SHA-256, so that nobody's input can
make a record impossible.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Literal

from gateway.ledger.canonical import Json, encode
from gateway.ledger.leaf import MAX_RECORD, Leaf
from gateway.ledger.person_keys import PersonKeys

VERSION = 1
MAX_TEXT = 512
"""Bytes of UTF-8."""
Outcome = Literal["OK", "PARTIAL", "REFUSED", "ERROR", "ABANDONED"]
_MOST_PARTS = 10**9
_LIMA = timezone(timedelta(hours=-5))


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRecord:
    """One operation that asked for institutional data. `at`: aware; recorded as it is, even if the clock jumped back:
    order is that of positions. `request`: the gateway's own id of it. `entities`: (type, key) pairs, the key in plain.
    `refused`: (coordinate, code). `agreements`: `number@digest#clause`. `sources`: (subgraph, request id it was sent).
    """

    at: datetime
    gateway: str
    request: str
    subject: str | None
    institution: str | None
    outcome: Outcome
    digest: str
    operation: str | None = None
    roles: tuple[str, ...] = ()
    client: str | None = None
    purpose: str | None = None
    reference: str | None = None
    exceptional: str | None = None
    entities: tuple[tuple[str, tuple[str, ...]], ...] = ()
    given: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    agreements: tuple[str, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()

    def leaves(self, names: PersonKeys) -> list[Leaf]:
        """For `Ledger.append`: one, or its parts in order. Raises OSError or ValueError if the key of people cannot be
        used."""
        entities = [(type_, bounded(names.recorded(type_, key))) for type_, key in self.entities]
        head: dict[str, Json] = {
            "v": VERSION,
            "kind": "access",
            "at": timestamp(self.at),
            "gateway": bounded(self.gateway),
            "request": bounded(self.request),
            "subject": _optional(self.subject),
            "institution": _optional(self.institution),
            "client": _optional(self.client),
            "purpose": _optional(self.purpose),
            "reference": _optional(self.reference),
            "exceptional": _optional(self.exceptional),
            "operation": {"name": _optional(self.operation), "digest": self.digest},
            "outcome": self.outcome,
        }
        lists: dict[str, Sequence[Json]] = {
            "roles": [bounded(role) for role in self.roles],
            "agreements": [bounded(agreement) for agreement in self.agreements],
            "sources": [_pair(source) for source in self.sources],
            "given": [bounded(coordinate) for coordinate in self.given],
            "refused": [_pair(refusal) for refusal in self.refused],
            "entities": [[bounded(type_), key] for type_, key in entities],
        }
        return [Leaf(encode(part), _mentions(self._found_by(), part["entities"])) for part in in_parts(head, lists)]

    def _found_by(self) -> list[tuple[str, str]]:
        day = self.at.astimezone(_LIMA).date().isoformat()
        found = [("outcome", self.outcome), ("request", self.request), ("day", day)]
        if self.institution is not None:
            found.append(("institution", self.institution))
            if self.subject is not None:
                found.append(("subject", f"{self.institution}/{self.subject}"))
        if self.purpose is not None:
            found.append(("purpose", self.purpose))
        if self.exceptional is not None:
            found.append(("exceptional", "true"))
        return found + [("agreement", agreement.partition("@")[0]) for agreement in self.agreements]


def agreements_leaves(
    at: datetime, gateway: str, register: str, agreements: Iterable[tuple[str, str, str, str]]
) -> list[Leaf]:
    """That a gateway loaded agreements: `register` is the digest of all, then (number, version, digest, state) each."""
    loaded = [tuple(map(bounded, agreement)) for agreement in agreements]
    head: dict[str, Json] = {**_event("agreements", at, gateway), "register": register}
    return [
        Leaf(encode(part), tuple(dict.fromkeys(("agreement", number) for number, *_ in part["agreements"])))
        for part in in_parts(head, {"agreements": loaded})
    ]


def start_leaf(at: datetime, gateway: str, version: str) -> Leaf:
    """That a gateway of that version started."""
    return Leaf(encode({**_event("start", at, gateway), "version": bounded(version)}))


def in_parts(head: Mapping[str, Json], lists: Mapping[str, Sequence[Json]]) -> list[dict[str, Any]]:
    """Values that fit in a record each: all with the head, and together with all that the lists hold, in order."""
    whole: dict[str, Any] = {**head, **lists, "part": 1, "parts": 1}
    if len(encode(whole)) <= MAX_RECORD:
        return [whole]
    empty: dict[str, list[Json]] = {name: [] for name in lists}
    room = MAX_RECORD - len(encode({**head, **empty, "part": _MOST_PARTS, "parts": _MOST_PARTS}))
    parts, left = [empty], room
    for name, items in lists.items():
        for item in items:
            size = len(encode(item)) + 1
            if size > left:
                parts.append({name: [] for name in lists})
                left = room
            parts[-1][name].append(item)
            left -= size
    return [{**head, **part, "part": place, "parts": len(parts)} for place, part in enumerate(parts, 1)]


def bounded(text: str) -> str:
    """The text, or `sha256:<hex>` of one that is too long, no Unicode, or has U+0000."""
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw) <= MAX_TEXT and "\x00" not in text and not _lone_surrogate(text):
        return text
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


def timestamp(at: datetime) -> str:
    """UTC to the microsecond, RFC 3339."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _event(kind: str, at: datetime, gateway: str) -> dict[str, Json]:
    return {"v": VERSION, "kind": kind, "at": timestamp(at), "gateway": bounded(gateway)}


def _mentions(found_by: Iterable[tuple[str, str]], entities: Iterable[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    pairs = [*found_by, *((type_, key) for type_, key in entities)]
    return tuple(dict.fromkeys((kind, bounded(value)) for kind, value in pairs))


def _pair(pair: tuple[str, str]) -> list[Json]:
    return [bounded(text) for text in pair]


def _optional(text: str | None) -> str | None:
    return None if text is None else bounded(text)


def _lone_surrogate(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)
