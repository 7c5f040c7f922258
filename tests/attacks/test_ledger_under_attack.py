"""What is done to a ledger: its file breaks off, records are played again, the clock jumps back."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from ledger_kit import leaf, leaves, sqlite_ledger

from gateway.access.identity import Identity
from gateway.ledger.errors import LedgerDamagedError
from gateway.ledger.findings import Report
from gateway.ledger.keys import read_public
from gateway.ledger.ledger import Ledger, open_ledger
from gateway.ledger.record import AccessRecord
from gateway.ledger.store_sqlite import SqliteReader
from gateway.ledger.verify import verify
from gateway.upstream.signing import LIFE, new_signer

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)


async def verified(folder: Path) -> Report:
    reader = SqliteReader(folder / "ledger.db")
    try:
        return await verify(reader, read_public(folder / "keys/ledger.pub"), [])
    finally:
        await reader.close()


def findings(report: Report) -> list[str]:
    return [f"{finding.kind} {finding.position}" for finding in report.findings]


async def append_once(folder: Path) -> None:
    async with open_ledger(sqlite_ledger(folder)) as ledger:
        await ledger.append(leaves([99]))


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed ledger of twenty large records."""
    folder = tmp_path_factory.mktemp("sound")

    async def fill() -> None:
        async with open_ledger(sqlite_ledger(folder)) as ledger:
            for number in range(20):
                await ledger.append([leaf(number, 5_000)])

    asyncio.run(fill())
    return folder


def copied(sound: Path, to: Path) -> Path:
    shutil.copytree(sound, to, dirs_exist_ok=True)
    return to


@pytest.mark.parametrize("missing", [4_096, 40_000])
async def test_no_gateway_writes_on_a_file_that_broke_off(sound: Path, tmp_path: Path, missing: int) -> None:
    folder = copied(sound, tmp_path)
    whole = (folder / "ledger.db").read_bytes()
    (folder / "ledger.db").write_bytes(whole[:-missing])
    with pytest.raises(LedgerDamagedError, match="quipu ledger verify"):
        await append_once(folder)


async def test_no_gateway_writes_after_a_record_that_was_played_again(sound: Path, tmp_path: Path) -> None:
    folder = copied(sound, tmp_path)
    with closing(sqlite3.connect(folder / "ledger.db")) as connection, connection:
        connection.execute("INSERT INTO leaf SELECT 20, record FROM leaf WHERE position = 3")
    with pytest.raises(LedgerDamagedError, match="do not end where its tree does"):
        await append_once(folder)
    assert findings(await verified(folder)) == ["inserted 20"]


async def test_a_record_that_was_played_over_another_is_named(sound: Path, tmp_path: Path) -> None:
    folder = copied(sound, tmp_path)
    with closing(sqlite3.connect(folder / "ledger.db")) as connection, connection:
        earlier = "(SELECT record FROM leaf WHERE position = 3)"
        connection.execute(f"UPDATE leaf SET record = {earlier} WHERE position = 11")  # noqa: S608 - a constant
    assert findings(await verified(folder)) == ["changed 11"]


async def access(ledger: Ledger, at: datetime) -> range:
    record = AccessRecord(
        at=at, gateway="gw-1", request=at.isoformat(), subject="s", institution="PJ", outcome="OK", digest="d"
    )
    return await ledger.append(record.leaves(ledger.names))


async def test_a_clock_that_jumps_back_neither_stops_the_ledger_nor_reorders_it(tmp_path: Path) -> None:
    times = [NOW, NOW - timedelta(days=400), NOW + timedelta(days=400), NOW, NOW]
    async with open_ledger(sqlite_ledger(tmp_path)) as ledger:
        assert [await access(ledger, at) for at in times] == [range(place, place + 1) for place in range(5)]
    report = await verified(tmp_path)
    assert (report.findings, report.stop) == ([], 5)


def test_a_clock_that_jumps_back_makes_no_identity_of_the_future() -> None:
    now = [1_000_000.0]
    signer = replace(new_signer(), clock=lambda: now[0])
    who = Identity("jueza.uno", "PJ", ("judge",), None, None, None)
    before = signer.token("judiciary", who)
    now[0] -= LIFE
    assert signer.token("judiciary", who) != before
