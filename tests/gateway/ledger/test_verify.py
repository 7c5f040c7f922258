"""Whatever is done to a ledger is found and named."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_kit import leaves, postgres_ledger, sqlite_ledger
from postgres_kit import PostgresServer

from gateway.ledger.canonical import encode
from gateway.ledger.checkpoint import trusted
from gateway.ledger.findings import Report
from gateway.ledger.keys import read_public
from gateway.ledger.ledger import open_ledger
from gateway.ledger.merkle import leaf_hash
from gateway.ledger.store_postgresql import PostgresReader
from gateway.ledger.store_sqlite import SqliteReader
from gateway.ledger.verify import verify

SIZE = 600


async def fill(folder: Path, size: int) -> Path:
    """A ledger with heads at many sizes, and the last at its end."""
    configured = sqlite_ledger(folder, sign_every=1_000)
    for start in range(0, size, 100):
        async with open_ledger(configured) as ledger:
            await ledger.append(leaves(range(start, min(size, start + 100))))
    return folder


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return asyncio.run(fill(tmp_path_factory.mktemp("sound"), SIZE))


async def looked_at(folder: Path) -> Report:
    keys = read_public(folder / "keys/ledger.pub")
    kept = trusted((folder / "keys/last-head").read_text(encoding="utf-8"), keys).head
    reader = SqliteReader(folder / "ledger.db")
    try:
        return await verify(reader, keys, [kept])
    finally:
        await reader.close()


def altered(sound: Path, folder: Path, *statements: tuple[str, tuple[object, ...]]) -> Report:
    """What is found in a copy that these statements were run on."""
    shutil.copytree(sound, folder)
    with sqlite3.connect(folder / "ledger.db") as connection:
        for statement, values in statements:
            connection.execute(statement, values)
    connection.close()
    return asyncio.run(looked_at(folder))


def named(report: Report) -> list[str]:
    return [f"{finding.kind} {finding.position}" for finding in report.findings]


def test_a_sound_ledger_is_found_sound(sound: Path) -> None:
    report = asyncio.run(looked_at(sound))
    assert report.findings == []
    assert (report.start, report.stop, report.size) == (0, SIZE, SIZE)


POSITIONS = st.integers(0, SIZE - 1) | st.sampled_from([0, 15, 16, 255, 256, SIZE - 1])


@settings(max_examples=15)
@given(POSITIONS)
def test_a_changed_record_is_named(sound: Path, tmp_path_factory: pytest.TempPathFactory, position: int) -> None:
    change = "UPDATE leaf SET record = ? WHERE position = ?"
    report = altered(sound, tmp_path_factory.mktemp("copy") / "l", (change, (encode({"n": "other"}), position)))
    assert named(report) == [f"changed {position}"]


@settings(max_examples=15)
@given(POSITIONS, st.booleans())
def test_a_removed_record_is_named(
    sound: Path, tmp_path_factory: pytest.TempPathFactory, position: int, renumbered: bool
) -> None:
    statements: list[tuple[str, tuple[object, ...]]] = [("DELETE FROM leaf WHERE position = ?", (position,))]
    if renumbered:
        statements += [
            ("UPDATE leaf SET position = -position WHERE position > ?", (position,)),
            ("UPDATE leaf SET position = -position - 1 WHERE position < 0", ()),
        ]
    report = altered(sound, tmp_path_factory.mktemp("copy") / "l", *statements)
    assert named(report) == [f"removed {position}"]


def inserted(sound: Path, copy: Path, position: int) -> list[str]:
    """What is named once a record stands at the position, and all from there on one further."""
    report = altered(
        sound,
        copy,
        ("UPDATE leaf SET position = -position - 1 WHERE position >= ?", (position,)),
        ("UPDATE leaf SET position = -position WHERE position < 0", ()),
        ("INSERT INTO leaf VALUES (?, ?)", (position, encode({"n": "other"}))),
    )
    return named(report)


@settings(max_examples=15)
@given(st.integers(0, SIZE).filter(lambda position: position != SIZE - 1))
def test_an_inserted_record_is_named(sound: Path, tmp_path_factory: pytest.TempPathFactory, position: int) -> None:
    found = inserted(sound, tmp_path_factory.mktemp("copy") / "l", position)
    assert f"inserted {position}" in found
    assert not any(name.startswith(("changed", "reordered")) for name in found)


def test_a_record_inserted_before_the_last_is_a_change_and_one_after_the_end(sound: Path, tmp_path: Path) -> None:
    # What stands after the end of the tree is no part of it, so that the last record was pushed there is not seen.
    assert inserted(sound, tmp_path / "l", SIZE - 1) == [f"changed {SIZE - 1}", f"inserted {SIZE}"]


@settings(max_examples=15)
@given(st.lists(POSITIONS, min_size=2, max_size=2, unique=True))
def test_two_swapped_records_are_named(
    sound: Path, tmp_path_factory: pytest.TempPathFactory, positions: list[int]
) -> None:
    one, other = positions
    report = altered(
        sound,
        tmp_path_factory.mktemp("copy") / "l",
        ("UPDATE leaf SET position = -1 WHERE position = ?", (one,)),
        ("UPDATE leaf SET position = ? WHERE position = ?", (one, other)),
        ("UPDATE leaf SET position = ? WHERE position = -1", (other,)),
    )
    assert sorted(named(report)) == sorted(f"reordered {position}" for position in positions)


@settings(max_examples=15)
@given(st.integers(1, SIZE))
def test_a_ledger_that_was_cut_off_is_named_to_its_last_record(
    sound: Path, tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    report = altered(
        sound, tmp_path_factory.mktemp("copy") / "l", ("DELETE FROM leaf WHERE position >= ?", (SIZE - cut,))
    )
    assert named(report) == [f"removed {position}" for position in range(SIZE - cut, SIZE)]


def tiles() -> list[tuple[int, int]]:
    return [(0, 0), (0, 17), (0, SIZE // 16), (1, 0), (1, 1), (1, 2), (2, 0)]


@pytest.mark.parametrize("tile", tiles())
@pytest.mark.parametrize("change", ["zeroblob(length(hashes))", "substr(hashes, 1, length(hashes) - 32)"])
def test_a_changed_tile_is_named_and_the_records_are_not_blamed(
    sound: Path, tmp_path: Path, tile: tuple[int, int], change: str
) -> None:
    update = f"UPDATE tile SET hashes = {change} WHERE level = ? AND place = ?"  # noqa: S608 - of this test
    report = altered(sound, tmp_path / "l", (update, tile))
    assert {finding.kind for finding in report.findings} == {"tree"}
    assert f"tile {tile[1]} of level {tile[0]}" in report.findings[0].message


@pytest.mark.parametrize("tile", tiles())
def test_a_missing_tile_is_named(sound: Path, tmp_path: Path, tile: tuple[int, int]) -> None:
    report = altered(sound, tmp_path / "l", ("DELETE FROM tile WHERE level = ? AND place = ?", tile))
    assert {finding.kind for finding in report.findings} == {"tree"}


def test_whoever_rewrites_a_record_and_the_tree_is_betrayed_by_the_heads(sound: Path, tmp_path: Path) -> None:
    record = encode({"n": "other"})
    update = "UPDATE tile SET hashes = CAST(? || substr(hashes, 33) AS BLOB) WHERE level = 0 AND place = 10"
    report = altered(
        sound,
        tmp_path / "l",
        ("UPDATE leaf SET record = ? WHERE position = 160", (record,)),
        (update, (leaf_hash(record),)),
    )
    assert "forked None" in named(report)
    assert any("from position 100 to 199" in finding.message for finding in report.findings)


def test_a_tree_that_was_shortened_with_its_heads_is_betrayed_by_the_kept_head(sound: Path, tmp_path: Path) -> None:
    report = altered(
        sound,
        tmp_path / "l",
        ("DELETE FROM leaf WHERE position >= 500", ()),
        ("DELETE FROM head WHERE size > 500", ()),
        ("UPDATE tree SET size = 500", ()),
    )
    assert named(report) == ["rolled_back 500"]


def test_a_head_that_was_altered_is_named(sound: Path, tmp_path: Path) -> None:
    report = altered(sound, tmp_path / "l", ("UPDATE head SET note = replace(note, '300', '301') WHERE size = 300", ()))
    assert named(report) == ["head None"]


def test_without_any_head_nobody_vouches(sound: Path, tmp_path: Path) -> None:
    shutil.copytree(sound, tmp_path / "l")
    with sqlite3.connect(tmp_path / "l/ledger.db") as connection:
        connection.execute("DELETE FROM head")
    connection.close()

    async def look() -> Report:
        reader = SqliteReader(tmp_path / "l/ledger.db")
        try:
            return await verify(reader, read_public(tmp_path / "l/keys/ledger.pub"))
        finally:
            await reader.close()

    assert named(asyncio.run(look())) == ["head None"]


async def test_an_empty_ledger_is_sound(tmp_path: Path) -> None:
    async with open_ledger(sqlite_ledger(tmp_path)):
        pass
    assert (await looked_at(tmp_path)).sound


async def test_a_ledger_can_be_verified_while_it_grows(tmp_path: Path) -> None:
    async with open_ledger(sqlite_ledger(tmp_path)) as ledger:
        appending = asyncio.gather(*(ledger.append(leaves([number])) for number in range(3_000)))
        reports = [await looked_at(tmp_path) for _ in range(5)]
        await appending
    assert all(report.findings == [] for report in reports)


async def test_many_gateways_make_one_sound_ledger(postgres: PostgresServer, tmp_path: Path) -> None:
    configured = await postgres_ledger(postgres, tmp_path)
    async with open_ledger(configured) as one, open_ledger(configured) as two:
        await asyncio.gather(*(ledger.append(leaves([number])) for number in range(500) for ledger in (one, two)))
    reader = PostgresReader(configured.url or "")
    report = await verify(reader, read_public(tmp_path / "keys/ledger.pub"))
    await reader.close()
    assert (report.findings, report.size) == ([], 1_000)
