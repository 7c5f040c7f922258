"""What `append` promises, in both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ledger_kit import leaf, leaves, postgres_ledger, sqlite_ledger, until
from postgres_kit import PostgresServer

from gateway.ledger.checkpoint import parse
from gateway.ledger.errors import LedgerBusyError, LedgerDamagedError, LedgerUnavailableError
from gateway.ledger.leaf import MAX_RECORD, Leaf
from gateway.ledger.ledger import open_ledger
from gateway.ledger.settings import LedgerSettings

Make = Callable[..., Awaitable[LedgerSettings]]


@pytest.fixture(params=["sqlite", "postgresql"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    async def in_sqlite(**changes: Any) -> LedgerSettings:
        return sqlite_ledger(tmp_path, **changes)

    async def in_postgresql(**changes: Any) -> LedgerSettings:
        server: PostgresServer = request.getfixturevalue("postgres")
        return await postgres_ledger(server, tmp_path, **changes)

    return in_sqlite if request.param == "sqlite" else in_postgresql


async def test_records_get_consecutive_positions_that_go_on_after_a_restart(make: Make) -> None:
    settings = await make()
    async with open_ledger(settings) as ledger:
        assert await ledger.append(leaves([1, 2])) == range(2)
        assert await ledger.append(leaves([3])) == range(2, 3)
    async with open_ledger(settings) as ledger:
        assert parse(ledger.head() or "").head.size == 3
        assert await ledger.append(leaves(range(4, 40))) == range(3, 39)


async def test_records_that_come_together_are_written_together(make: Make) -> None:
    async with open_ledger(await make()) as ledger:
        positions = await asyncio.gather(*(ledger.append(leaves([number, -number])) for number in range(100)))
    assert sorted(position for pair in positions for position in pair) == list(range(200))
    assert all(pair.stop - pair.start == 2 for pair in positions)


async def test_a_head_covers_the_records_soon_after(make: Make) -> None:
    async with open_ledger(await make()) as ledger:
        await ledger.append(leaves([1]))
        await until(lambda: parse(ledger.head() or "").head.size == 1)


async def test_the_same_record_twice_is_two_leaves(make: Make) -> None:
    async with open_ledger(await make()) as ledger:
        assert await ledger.append(leaves([1])) == range(1)
        assert await ledger.append(leaves([1])) == range(1, 2)


async def test_what_is_too_large_is_the_callers_mistake_and_harms_nobody_else(make: Make) -> None:
    async with open_ledger(await make()) as ledger:
        for wrong in ([], [Leaf(b"x" * (MAX_RECORD + 1))]):
            with pytest.raises(ValueError, match="none above"):
                await ledger.append(wrong)
        assert await ledger.append(leaves([1])) == range(1)


async def test_a_full_queue_refuses_at_once_and_takes_on_what_fits_later(make: Make) -> None:
    async with open_ledger(await make(queue_records=10)) as ledger:
        outcomes = await asyncio.gather(
            *(ledger.append(leaves([number])) for number in range(50)), return_exceptions=True
        )
        refused = [outcome for outcome in outcomes if isinstance(outcome, LedgerUnavailableError)]
        assert len(refused) == 40
        assert "cannot keep up" in str(refused[0])
        assert await ledger.append(leaves([1])) == range(10, 11)


async def test_the_queue_is_bounded_in_bytes_too(make: Make) -> None:
    async with open_ledger(await make(queue_bytes=10_000)) as ledger:
        outcomes = await asyncio.gather(
            *(ledger.append([leaf(number, 3_000)]) for number in range(50)), return_exceptions=True
        )
    assert sum(isinstance(outcome, range) for outcome in outcomes) == 3


async def test_a_ledger_of_another_name_is_refused(make: Make) -> None:
    settings = await make()
    async with open_ledger(settings):
        pass
    with pytest.raises(LedgerDamagedError, match=r"quipu/ledger, not quipu/other"):
        async with open_ledger(replace(settings, name="other")):
            pass


async def test_two_gateways_cannot_write_to_one_file(tmp_path: Path) -> None:
    settings = sqlite_ledger(tmp_path)
    async with open_ledger(settings) as ledger:
        with pytest.raises(LedgerBusyError, match="PostgreSQL"):
            async with open_ledger(settings):
                pass
        assert await ledger.append(leaves([1])) == range(1)
    async with open_ledger(settings):
        pass


async def test_many_gateways_append_at_once_without_gap_or_fork(postgres: PostgresServer, tmp_path: Path) -> None:
    settings = await postgres_ledger(postgres, tmp_path)
    async with open_ledger(settings) as one, open_ledger(settings) as two, open_ledger(settings) as three:
        positions = await asyncio.gather(
            *(ledger.append(leaves([number])) for number in range(100) for ledger in (one, two, three))
        )
    assert sorted(position for (position,) in positions) == list(range(300))
