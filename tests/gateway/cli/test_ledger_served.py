"""`quipu ledger served`: what an institution hands over in place of its database."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from command_kit import run

from subgraphs.common.served import ServedRecords, ServedRequest, chained


async def keep(file: Path, count: int) -> None:
    records = ServedRecords(file)
    for number in range(count):
        await records.append(
            ServedRequest(f"r{number}", "jueza", "PJ", (), None, None, None, "0" * 64, (), (("Case", "ñ"),), (), "OK")
        )
    await records.close()


def test_every_row_is_a_line_in_order_and_the_chain_can_be_followed(tmp_path: Path) -> None:
    asyncio.run(keep(tmp_path / "served.db", 3))
    done = run("ledger", "served", "--database", tmp_path / "served.db")
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [json.loads(line["record"])["request"] for line in lines] == ["r0", "r1", "r2"]
    previous = "0" * 64
    for line in lines:
        previous = chained(previous, line["record"])
        assert line["hash"] == previous


def test_what_is_no_record_is_refused_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "other.db").write_text("no database at all, in plain words" * 50)
    for file in (tmp_path / "missing.db", tmp_path / "other.db"):
        done = run("ledger", "served", "--database", file)
        assert done.returncode != 0
        assert "cannot be read as a record" in done.stderr
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "missing.db").exists()
