"""What machines and people with write access do to a ledger: disks fill, files break off, records are played again."""

from __future__ import annotations

import asyncio
import resource
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from federation_kit import LocalSubgraphs, library
from identity_kit import token, verifier_of
from ledger_kit import leaf, leaves, sqlite_ledger, until

from gateway.access.identity import Identity
from gateway.federation.engine import Engine
from gateway.ledger.errors import LedgerDamagedError, LedgerUnavailableError
from gateway.ledger.findings import Report
from gateway.ledger.keys import read_public
from gateway.ledger.ledger import Ledger, open_ledger
from gateway.ledger.record import AccessRecord
from gateway.ledger.store_sqlite import SqliteReader
from gateway.ledger.verify import verify
from gateway.transport.app import create_app
from gateway.transport.recording import Recording
from gateway.upstream.client import SubgraphClient
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


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process takes another byte."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_on_a_full_disk_nothing_leaves_and_what_was_written_stays(tmp_path: Path) -> None:
    recording = Recording(sqlite_ledger(tmp_path, sign_every=1_000), "gw-1")
    engine = Engine(library(), LocalSubgraphs(), recorded=True)
    app = create_app(engine, SubgraphClient({}), verifier=verifier_of(), recording=recording)

    async def ask(http: httpx.AsyncClient) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token()}"}
        return await http.post("/graphql", json={"query": "{ books { title } }"}, headers=headers)

    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as http,
    ):
        assert (await ask(http)).status_code == 200
        with full_disk():
            refused = [await ask(http) for _ in range(3)]
        assert {answer.status_code for answer in refused} == {503}
        assert [answer.json()["errors"][0]["extensions"]["code"] for answer in refused] == ["LEDGER_UNAVAILABLE"] * 3
        assert not any("data" in answer.json() or "ledger.db" in answer.text for answer in refused)
        assert (await ask(http)).status_code == 200
    report = await verified(tmp_path)
    assert (report.findings, report.stop) == ([], 3)  # that the gateway started, and the two that left


async def test_behind_a_database_that_hangs_what_waits_is_bounded_and_refused_at_its_deadline(tmp_path: Path) -> None:
    settings = sqlite_ledger(tmp_path, deadline=0.2, queue_records=50, sign_every=1_000)
    async with open_ledger(settings) as ledger:
        with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")  # nobody else can write meanwhile
            most = 0
            for _ in range(3):
                asking = [asyncio.create_task(ledger.append(leaves([number]))) for number in range(200)]
                await asyncio.sleep(0)
                most = max(most, ledger.waiting)
                outcomes = await asyncio.gather(*asking, return_exceptions=True)
                assert all(isinstance(outcome, LedgerUnavailableError) for outcome in outcomes)
            assert most == 50
            other.execute("ROLLBACK")
        await until(lambda: ledger.waiting == 0)
        assert isinstance(await ledger.append(leaves([1])), range)


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


def access(ledger: Ledger, at: datetime) -> Any:
    record = AccessRecord(
        at=at, gateway="gw-1", request=at.isoformat(), subject="s", institution="PJ", outcome="OK", digest="d"
    )
    return ledger.append(record.leaves(ledger.names))


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
