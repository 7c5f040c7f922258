"""A gateway that is killed leaves no answer without its record, and a ledger that verifies."""

from __future__ import annotations

from pathlib import Path

import pytest
from kill_kit import storm
from ledger_kit import postgres_ledger

KILLS = 8


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_no_answer_is_without_its_record_whenever_the_gateway_is_killed(
    tmp_path: Path, database: str, request: pytest.FixtureRequest
) -> None:
    url = None
    if database == "postgresql":
        url = (await postgres_ledger(request.getfixturevalue("postgres"), tmp_path)).url
    async with storm(tmp_path, seed=6, ledger=url) as killed:
        for _ in range(KILLS):
            await killed.round()
            if killed.heads:
                await killed.verify()
        await killed.end()
