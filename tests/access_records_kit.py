"""Records of accesses as the gateways write them, thousands of them, in a ledger's tables of either database."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg

START = datetime(2026, 11, 1, 5, tzinfo=UTC)  # midnight in Lima
BETWEEN = timedelta(minutes=7)
CASES = [f"{number:05d}-2022-0-1801-JR-CI-01" for number in range(1, 41)]
PEOPLE = [("PJ", "jueza.ficticia"), ("MP", "fiscal.ficticio"), ("TC", "asesora.ficticia")]
OUTCOMES = ("OK", "OK", "OK", "PARTIAL", "REFUSED", "ERROR")
SQLITE_TABLES = (
    "CREATE TABLE leaf (position INTEGER PRIMARY KEY, record BLOB NOT NULL)",
    "CREATE TABLE mention (kind TEXT NOT NULL, value TEXT NOT NULL, position INTEGER NOT NULL,"
    " PRIMARY KEY (kind, value, position)) WITHOUT ROWID",
)
POSTGRES_TABLES = (
    "CREATE TABLE leaf (position BIGINT PRIMARY KEY, record BYTEA NOT NULL)",
    'CREATE TABLE mention (kind TEXT COLLATE "C", value TEXT COLLATE "C", position BIGINT,'
    " PRIMARY KEY (kind, value, position))",
)
Mention = tuple[str, str]


@dataclass(frozen=True)
class Leaf:
    record: bytes
    mentions: tuple[Mention, ...]

    @property
    def document(self) -> dict[str, Any]:
        return json.loads(self.record)  # type: ignore[no-any-return]


def access(place: int, at: datetime | None = None, **changes: Any) -> Leaf:
    """The record of an operation, one of its own for each place."""
    chance = random.Random(place)
    institution, subject = chance.choice(PEOPLE)
    cases = chance.sample(CASES, chance.randint(0, 2))
    record: dict[str, Any] = {
        "v": 1,
        "kind": "access",
        "at": (at or START + place * BETWEEN).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "gateway": "gw-1",
        "request": f"r-{place}",
        "subject": subject,
        "institution": institution,
        "roles": ["judge"],
        "client": "desk",
        "purpose": chance.choice(["case_review", "prosecution"]),
        "reference": "999014502-2021-99006-0",
        "exceptional": "turno de emergencia" if chance.random() < 0.05 else None,
        "operation": {"name": "CaseByNumber", "digest": "0" * 64},
        "entities": [*(["Case", case] for case in cases), ["Person", "hmac:01234567:89abcdef"]],
        "given": ["Case.number"],
        "refused": [["ProsecutionFile.summary", "AGREEMENT_REQUIRED"]],
        "agreements": [f"CONVENIO-FICTICIO-{chance.randint(1, 2)}@abc#3.1"],
        "sources": [["judiciary", f"s-{place}"]],
        "outcome": chance.choice(OUTCOMES),
        "part": 1,
        "parts": 1,
    } | changes
    return Leaf(_encoded(record), tuple(_mentions(record)))


def start(place: int) -> Leaf:
    """A record that is no access."""
    at = (START + place * BETWEEN).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return Leaf(_encoded({"v": 1, "kind": "start", "at": at, "gateway": "gw-1", "version": "1"}), ())


def many(count: int) -> list[Leaf]:
    """Every hundredth of them is a gateway's start."""
    return [start(place) if place % 100 == 0 else access(place) for place in range(count)]


def write_sqlite(path: Path, leaves: Sequence[Leaf]) -> None:
    with closing(open_writer(path)) as connection:
        append(connection, leaves)


def open_writer(path: Path) -> sqlite3.Connection:
    """A connection as the gateway's."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        for statement in SQLITE_TABLES:
            connection.execute(statement)
    return connection


def append(connection: sqlite3.Connection, leaves: Sequence[Leaf], first: int = 0) -> None:
    connection.executemany("INSERT INTO leaf VALUES (?, ?)", enumerate((leaf.record for leaf in leaves), first))
    connection.executemany("INSERT INTO mention VALUES (?, ?, ?)", _rows(leaves, first))
    connection.commit()


async def write_postgres(url: str, leaves: Sequence[Leaf], reader: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in POSTGRES_TABLES:
            await connection.execute(statement)
        await connection.executemany(
            "INSERT INTO leaf VALUES ($1, $2)", list(enumerate(leaf.record for leaf in leaves))
        )
        await connection.executemany("INSERT INTO mention VALUES ($1, $2, $3)", list(_rows(leaves, 0)))
        await connection.execute(f"GRANT SELECT ON leaf, mention TO {reader}")
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


def _rows(leaves: Sequence[Leaf], first: int) -> Iterator[tuple[str, str, int]]:
    for position, leaf in enumerate(leaves, first):
        for kind, value in leaf.mentions:
            yield kind, value, position


def _mentions(record: dict[str, Any]) -> Iterator[Mention]:
    at = datetime.fromisoformat(record["at"])
    yield "day", (at - timedelta(hours=5)).date().isoformat()
    for kind in ("institution", "purpose", "outcome", "request"):
        yield kind, record[kind]
    yield "subject", f"{record['institution']}/{record['subject']}"
    if record["exceptional"]:
        yield "exceptional", "true"
    for agreement in record["agreements"]:
        yield "agreement", agreement.partition("@")[0]
    yield from map(tuple, record["entities"])


def _encoded(record: dict[str, Any]) -> bytes:
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
