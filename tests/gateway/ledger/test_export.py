"""An export is verified with the log's public key alone, and whatever is done to it is found and named."""

from __future__ import annotations

import asyncio
import base64
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_kit import leaf, leaves, postgres_ledger, sqlite_ledger, until
from postgres_kit import PostgresServer

from gateway.ledger.checkpoint import Checkpoint, Head, PublicKey, SigningKey, parse, sign
from gateway.ledger.errors import LedgerDamagedError, LedgerUnavailableError
from gateway.ledger.export import export
from gateway.ledger.findings import Report
from gateway.ledger.keys import read_public
from gateway.ledger.ledger import open_ledger
from gateway.ledger.merkle import leaf_hash
from gateway.ledger.opened import open_reader
from gateway.ledger.source import LedgerSource, last_checkpoint
from gateway.ledger.store_sqlite import SqliteStore
from gateway.ledger.verify_export import verify_export

SIZE = 40


async def heads(folder: Path, *sizes: int) -> list[Checkpoint]:
    """A ledger that grew to these sizes, and its heads then."""
    found = []
    for size in sizes:
        async with open_ledger(sqlite_ledger(folder, sign_every=1_000)) as ledger:
            start = found[-1].head.size if found else 0
            await ledger.append(leaves(range(start, size)))
        async with open_reader(str(folder / "ledger.db")) as reader:
            found.append(await last_checkpoint(reader))
    return found


async def exported(
    folder: Path, checkpoint: Checkpoint, start: int = 0, stop: int | None = None, **more: Any
) -> list[bytes]:
    async with open_reader(str(folder / "ledger.db")) as reader:
        end = checkpoint.head.size if stop is None else stop
        return [line async for line in export(reader, checkpoint, start, end, **more)]


def keys_of(folder: Path) -> list[PublicKey]:
    return read_public(folder / "keys/ledger.pub")


def named(report: Report) -> list[str]:
    return [f"{finding.kind} {finding.position}" for finding in report.findings]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ledger")


@pytest.fixture(scope="module")
def grown(folder: Path) -> list[Checkpoint]:
    return asyncio.run(heads(folder, 17, SIZE))


@pytest.fixture(scope="module")
def lines(folder: Path, grown: list[Checkpoint]) -> list[bytes]:
    return asyncio.run(exported(folder, grown[1]))


@pytest.fixture(scope="module")
def check(folder: Path) -> Callable[..., Report]:
    keys = keys_of(folder)

    def checked(lines: list[bytes], *kept: Head) -> Report:
        return verify_export(lines, keys, kept)

    return checked


Check = Callable[..., Report]
LINES = st.integers(1, SIZE)


def test_an_export_is_sound(lines: list[bytes], check: Check, grown: list[Checkpoint]) -> None:
    report = check(lines, grown[0].head, grown[1].head)
    assert (report.findings, report.start, report.stop, report.size) == ([], 0, SIZE, SIZE)
    assert [json.loads(line)["record"]["n"] for line in lines[1:]] == list(range(SIZE))


async def test_an_export_goes_on_at_any_position_under_a_later_head(
    folder: Path, grown: list[Checkpoint], check: Check
) -> None:
    first = await exported(folder, grown[0], 0, 10)
    rest = await exported(folder, grown[1], 10, since=grown[0])
    assert check(first + rest).findings == []
    assert check(rest, grown[0].head).findings == []
    assert named(check(await exported(folder, grown[0], 0, 17) + await exported(folder, grown[1], 17))) == []
    assert named(check(first + await exported(folder, grown[1], 11, since=grown[0]))) == ["removed 10"]


async def test_a_part_of_the_ledger_does_not_show_what_came_before_it(
    folder: Path, grown: list[Checkpoint], check: Check
) -> None:
    part = await exported(folder, grown[1], 20)
    assert check(part).start == 20
    assert "prove --since" in check(part, grown[0].head).findings[0].message


async def test_a_proof_alone_shows_that_one_head_continues_another(
    folder: Path, grown: list[Checkpoint], check: Check
) -> None:
    proof = await exported(folder, grown[1], SIZE, since=grown[0])
    assert len(proof) == 1
    assert check(proof, grown[0].head).findings == []
    line = json.loads(proof[0])
    line["consistency"][0] = line["consistency"][1]
    assert named(check([json.dumps(line, separators=(",", ":")).encode()])) == ["forked None"]


@settings(max_examples=60)
@given(number=LINES, data=st.data())
def test_a_changed_line_is_named(lines: list[bytes], check: Check, number: int, data: st.DataObject) -> None:
    line = json.loads(lines[number])
    what = data.draw(st.sampled_from(["record", "proof", "order"]))
    if what == "record":
        line["record"]["n"] = -1
    elif what == "proof":
        place = data.draw(st.integers(0, len(line["proof"]) - 1))
        line["proof"][place] = "A" * 43 + "="
    else:
        line["proof"].reverse()
    altered = [*lines[:number], json.dumps(line).encode(), *lines[number + 1 :]]
    assert named(check(altered)) == [f"changed {number - 1}"]


@given(number=LINES)
def test_a_removed_line_is_named(lines: list[bytes], check: Check, number: int) -> None:
    assert named(check(lines[:number] + lines[number + 1 :])) == [f"removed {number - 1}"]


@given(number=LINES, other=LINES)
def test_an_inserted_line_is_named(lines: list[bytes], check: Check, number: int, other: int) -> None:
    report = check([*lines[: number + 1], lines[other], *lines[number + 1 :]])
    assert not report.sound
    assert all(name.split()[0] in ("inserted", "reordered") for name in named(report))


@given(pair=st.lists(LINES, min_size=2, max_size=2, unique=True))
def test_swapped_lines_are_named(lines: list[bytes], check: Check, pair: list[int]) -> None:
    altered = list(lines)
    altered[pair[0]], altered[pair[1]] = altered[pair[1]], altered[pair[0]]
    report = check(altered)
    assert f"reordered {min(pair) - 1}" in named(report)
    assert all(name.startswith("reordered") for name in named(report))


@given(pair=st.lists(LINES, min_size=2, max_size=2, unique=True))
def test_swapped_records_are_named(lines: list[bytes], check: Check, pair: list[int]) -> None:
    one, other = (json.loads(lines[number]) for number in pair)
    one["record"], other["record"] = other["record"], one["record"]
    altered = list(lines)
    altered[pair[0]], altered[pair[1]] = json.dumps(one).encode(), json.dumps(other).encode()
    assert sorted(named(check(altered))) == sorted(f"reordered {number - 1}" for number in pair)


@given(cut=st.integers(1, SIZE))
def test_a_truncated_export_is_named(lines: list[bytes], check: Check, cut: int) -> None:
    report = check(lines[: SIZE + 1 - cut])
    assert named(report) == [f"removed {SIZE - cut}"]


@given(number=st.integers(0, SIZE), data=st.data())
def test_a_line_that_broke_off_is_named(lines: list[bytes], check: Check, number: int, data: st.DataObject) -> None:
    end = data.draw(st.integers(1, len(lines[number]) - 1))
    report = check([*lines[:number], lines[number][:end], *lines[number + 1 :]])
    assert named(report)[0] == "malformed None"
    assert f"line {number + 1} " in report.findings[0].message


def test_nothing_vouches_for_an_empty_file(check: Check) -> None:
    assert named(check([])) == ["head None"]


def test_a_head_by_another_key_vouches_for_nothing(lines: list[bytes], check: Check, grown: list[Checkpoint]) -> None:
    forger = SigningKey("quipu/ledger", Ed25519PrivateKey.generate())
    line = json.loads(lines[0]) | {"checkpoint": str(sign(grown[1].head, [forger]))}
    report = check([json.dumps(line, separators=(",", ":")).encode(), *lines[1:]])
    assert "no known key" in report.findings[0].message
    assert not report.sound


async def test_a_rollback_and_a_fork_show_against_the_head_that_was_kept(
    folder: Path, grown: list[Checkpoint], check: Check
) -> None:
    shorter = await exported(folder, grown[0])
    assert named(check(shorter, grown[1].head)) == ["rolled_back 17"]
    other = Head("quipu/ledger", 17, bytes(32))
    assert named(check(shorter, other)) == ["forked 16"]
    assert named(check(await exported(folder, grown[1]), other)) == ["forked 16"]
    assert named(check(await exported(folder, grown[0], 17), other)) == ["forked None"]


def test_a_record_that_is_not_shown_is_proved_by_its_hash(lines: list[bytes], check: Check) -> None:
    line = json.loads(lines[6])
    del line["record"]
    line["leafHash"] = base64.b64encode(leaf_hash(leaf(5).record)).decode()
    assert check([*lines[:6], json.dumps(line).encode(), *lines[7:]]).sound
    line["leafHash"] = base64.b64encode(bytes(32)).decode()
    assert named(check([*lines[:6], json.dumps(line).encode(), *lines[7:]])) == ["changed 5"]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_gateway_exports_page_by_page_while_it_writes(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    configured = sqlite_ledger(tmp_path)
    if kind == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        configured = await postgres_ledger(server, tmp_path)
    source = LedgerSource(configured.url or "")
    async with open_ledger(configured) as ledger:
        await ledger.append(leaves(range(700)))
        await until(lambda: parse(ledger.head() or "").head.size == 700)
        pages = [[line async for line in source.lines(start, 300)] for start in (0, 300, 600, 900)]
    assert [len(page) - 1 for page in pages] == [300, 300, 100, 0]
    assert json.loads(pages[3][0])["stop"] == 900
    report = verify_export([line for page in pages[:3] for line in page], keys_of(tmp_path))
    assert (report.findings, report.stop) == ([], 700)


async def test_a_ledger_without_a_head_has_nothing_to_export(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnavailableError, match="there is no ledger"):
        await LedgerSource(str(tmp_path / "none.db")).checkpoint()
    store = SqliteStore(tmp_path / "ledger.db", "quipu/ledger")
    await store.open()
    await store.close()
    with pytest.raises(LedgerUnavailableError, match="no signed head yet"):
        await LedgerSource(str(tmp_path / "ledger.db")).checkpoint()


async def test_an_export_of_a_damaged_ledger_breaks_off_and_says_where(tmp_path: Path) -> None:
    (last,) = await heads(tmp_path, 10)
    with sqlite3.connect(tmp_path / "ledger.db") as connection:
        connection.execute("DELETE FROM leaf WHERE position = 7")
    connection.close()
    with pytest.raises(LedgerDamagedError, match="position 7"):
        await exported(tmp_path, last)
