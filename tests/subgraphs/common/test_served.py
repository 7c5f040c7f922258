"""An institution's own record of what it served: durable, chained, and a condition of every answer."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from subgraphs.common.served import RecordUnavailableError, ServedRecords, ServedRequest, broken_rows


def request(number: int) -> ServedRequest:
    return ServedRequest(
        request=f"r{number}",
        subject="jueza",
        institution="PJ",
        roles=("judge",),
        purpose="case_review",
        reference=None,
        exceptional=None,
        operation="0" * 64,
        coordinates=("Case.status",),
        entities=(("Case", "99006-2022-0-1801-JR-DC-04"),),
        agreements=(),
        outcome="OK",
    )


def rows(file: Path) -> list[tuple[int, str]]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as records:
        return list(records.execute("SELECT id, record FROM served ORDER BY id"))


async def written(file: Path, count: int = 20) -> None:
    records = ServedRecords(file)
    await asyncio.gather(*(records.append(request(number)) for number in range(count)))
    await records.close()


async def test_every_request_is_a_row_when_its_append_returns(tmp_path: Path) -> None:
    file = tmp_path / "served" / "judiciary.db"
    records = ServedRecords(file)
    await records.append(request(1))
    [(_, record)] = rows(file)
    assert json.loads(record)["request"] == "r1"
    assert json.loads(record)["entities"] == [["Case", "99006-2022-0-1801-JR-DC-04"]]
    await records.close()


async def test_rows_go_on_after_a_restart_and_none_is_broken(tmp_path: Path) -> None:
    file = tmp_path / "served.db"
    await written(file)
    await written(file)
    assert len(rows(file)) == 40
    assert list(broken_rows(file)) == []


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("UPDATE served SET record = replace(record, 'jueza', 'nadie') WHERE id = 7", [7]),
        ("DELETE FROM served WHERE id = 7", [8]),
        ("UPDATE served SET hash = hash || 'x' WHERE id = 7", [7, 8]),
    ],
)
async def test_a_row_that_is_changed_or_taken_out_shows(tmp_path: Path, change: str, broken: list[int]) -> None:
    file = tmp_path / "served.db"
    await written(file)
    with closing(sqlite3.connect(file)) as records, records:
        records.execute(change)
    assert list(broken_rows(file)) == broken


async def test_what_cannot_be_written_is_an_error_for_each_that_waits(tmp_path: Path) -> None:
    file = tmp_path / "served.db"
    records = ServedRecords(file)
    with closing(sqlite3.connect(file)) as other, other:
        other.execute("DROP TABLE served")
    results = await asyncio.gather(*(records.append(request(number)) for number in range(3)), return_exceptions=True)
    assert all(isinstance(result, RecordUnavailableError) for result in results)
    await records.close()


def test_a_place_that_holds_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RecordUnavailableError):
        ServedRecords(tmp_path / "file" / "served.db")
