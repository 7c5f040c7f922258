"""`quipu ledger`: what operators, institutions and outsiders do with the ledger."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from command_kit import run
from ledger_kit import leaves, postgres_ledger, sqlite_ledger
from postgres_kit import PostgresServer

from gateway.ledger.checkpoint import parse
from gateway.ledger.errors import LedgerRolledBackError
from gateway.ledger.ledger import Ledger, open_ledger
from gateway.ledger.person_keys import FILE
from gateway.ledger.settings import LedgerSettings


def grow(settings: LedgerSettings, count: int, first: int = 0) -> None:
    async def append() -> None:
        async with open_ledger(settings) as ledger:
            await ledger.append(leaves(range(first, first + count)))
            ledger.names.recorded("Person", ("DNI", "1"))

    asyncio.run(append())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder as the demo has it, with a ledger of 20 records."""
    grow(of(tmp_path), 20)
    return tmp_path


def of(data: Path) -> LedgerSettings:
    return sqlite_ledger(data / "ledger")


def key_of(data: Path) -> Path:
    return data / "ledger/keys/ledger.pub"


def altered(data: Path, statement: str) -> None:
    with sqlite3.connect(data / "ledger/ledger.db") as connection:
        connection.execute(statement)
    connection.close()


def told(*arguments: str | Path) -> str:
    """What a command says that must succeed."""
    done = run("ledger", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(*arguments: str | Path) -> str:
    """What a command says that must not succeed."""
    done = run("ledger", *arguments)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def test_a_sound_ledger_is_verified_by_folder_or_by_name(data: Path) -> None:
    assert told("verify", "--data", data) == "sound: 20 records, from position 0, under the signed head of 20.\n"
    file = data / "ledger/ledger.db"
    assert told("verify", "--ledger", file, "--key", key_of(data)).startswith("sound: 20")
    assert "--key" in refused("verify", "--ledger", file)


def test_what_was_done_to_a_ledger_is_told_with_its_position_and_what_to_do(data: Path) -> None:
    altered(data, "UPDATE leaf SET record = '{}' WHERE position = 7")
    said = refused("verify", "--data", data)
    assert "position 7: changed:" in said
    assert "restore a copy" in said


def test_a_ledger_that_is_none_is_told(tmp_path: Path, data: Path) -> None:
    other = tmp_path / "other.db"
    other.write_bytes(b"not a database at all, but long enough to be read as one" * 20)
    assert "LEDGER_DAMAGED" in refused("verify", "--ledger", other, "--key", key_of(data))
    assert "there is no ledger" in refused("verify", "--ledger", tmp_path / "none.db", "--key", key_of(data))
    assert "cannot be read" in refused("verify", "--data", tmp_path / "nowhere")


def test_an_outsider_verifies_an_export_with_the_public_key_alone(data: Path, tmp_path: Path) -> None:
    export, key = tmp_path / "export.jsonl", tmp_path / "copied.pub"
    export.write_text(told("export", "--data", data), encoding="utf-8")
    shutil.copyfile(key_of(data), key)
    shutil.rmtree(data / "ledger")
    assert told("verify", export, "--key", key).startswith("sound: 20 records, from position 0")
    lines = export.read_text(encoding="utf-8").splitlines(keepends=True)
    export.write_text("".join(lines[:5] + lines[6:]), encoding="utf-8")
    assert "position 4: removed:" in refused("verify", export, "--key", key)


def test_an_export_that_broke_off_is_taken_up_again_under_the_head_of_that_day(data: Path, tmp_path: Path) -> None:
    export = tmp_path / "export.jsonl"
    told("export", "--data", data, "--out", export)
    export.write_bytes(export.read_bytes()[:-200])
    grow(of(data), 15)
    told("export", "--data", data, "--out", export, "--limit", "5")
    told("export", "--data", data, "--out", export)
    assert told("verify", export, "--key", key_of(data)).startswith("sound: 35 records")
    positions = [json.loads(line).get("position") for line in export.read_text(encoding="utf-8").splitlines()]
    assert [position for position in positions if position is not None] == list(range(35))
    assert "leave --from away" in refused("export", "--data", data, "--out", export, "--from", "3")
    export.write_text("{}\n", encoding="utf-8")
    assert "sound" not in refused("verify", export, "--key", key_of(data))


def test_pages_are_exported_from_any_position(data: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.jsonl"
    page.write_text(told("export", "--data", data, "--from", "5", "--limit", "10"), encoding="utf-8")
    assert told("verify", page, "--key", key_of(data)).startswith("sound: 10 records, from position 5")
    assert "no position 21" in refused("export", "--data", data, "--from", "21")


def test_one_record_is_proved(data: Path, tmp_path: Path) -> None:
    proof = tmp_path / "proof.jsonl"
    proof.write_text(told("prove", "7", "--data", data), encoding="utf-8")
    assert told("verify", proof, "--key", key_of(data)).startswith("sound: 1 records, from position 7")
    assert json.loads(proof.read_text(encoding="utf-8").splitlines()[1])["record"]["n"] == 7
    assert "no position 20" in refused("prove", "20", "--data", data)
    assert "POSITION" in refused("prove", "--data", data)


def test_a_kept_head_shows_a_ledger_that_was_rolled_back_by_whoever_holds_the_key(data: Path, tmp_path: Path) -> None:
    shutil.copytree(data / "ledger", tmp_path / "older")
    grow(of(data), 5)
    kept = tmp_path / "kept"
    kept.write_text(told("head", "--data", data), encoding="utf-8")
    assert told("verify", "--data", data, "--since", kept).startswith("sound: 25")
    shutil.rmtree(data / "ledger")
    shutil.copytree(tmp_path / "older", data / "ledger")
    assert told("verify", "--data", data).startswith("sound: 20")
    assert "rolled_back" in refused("verify", "--data", data, "--since", kept)
    assert "LEDGER_ROLLED_BACK" in refused("prove", "--since", kept, "--data", data)
    grow(of(data), 9, first=100)
    assert "forked" in refused("verify", "--data", data, "--since", kept)
    assert "LEDGER_ROLLED_BACK" in refused("prove", "--since", kept, "--data", data)


def test_an_institution_cosigns_heads_that_continue_the_one_it_kept(data: Path, tmp_path: Path) -> None:
    older = tmp_path / "older"
    shutil.copytree(data, older, ignore=shutil.ignore_patterns("older"))
    kept, file = tmp_path / "kept", tmp_path / "proof"
    signing = ("--key", key_of(data), "--as", "PJ", "--sign-with", tmp_path / "pj.pem", "--kept", kept)
    file.write_text(told("prove", "0", "--data", data), encoding="utf-8")
    first = told("cosign", file, *signing)
    assert [line.name for line in parse(first).signatures] == ["quipu/ledger", "PJ"]

    grow(of(data), 5)
    file.write_text(told("prove", "0", "--data", data), encoding="utf-8")
    assert "prove --since" in refused("cosign", file, *signing)
    file.write_text(told("prove", "--since", kept, "--data", data), encoding="utf-8")
    assert parse(told("cosign", file, *signing)).head.size == 25
    assert kept.read_text(encoding="utf-8").startswith("quipu/ledger\n25\n")

    grow(of(older), 9, first=100)
    file.write_text(told("export", "--data", older), encoding="utf-8")
    assert "not cosigned" in refused("cosign", file, *signing)
    assert kept.read_text(encoding="utf-8").startswith("quipu/ledger\n25\n")
    assert told("verify", "--data", data, "--since", kept).startswith("sound")


def test_a_copy_made_while_the_gateway_writes_is_sound(data: Path, tmp_path: Path) -> None:
    async def copied() -> None:
        async with open_ledger(of(data)) as ledger:
            writing = asyncio.create_task(keep_writing(ledger))
            said = await asyncio.to_thread(told, "backup", tmp_path / "copy", "--data", data)
            writing.cancel()
        assert said.startswith("quipu ledger verify --ledger")

    asyncio.run(copied())
    copy = tmp_path / "copy"
    assert told("verify", "--ledger", copy / "ledger.db", "--key", copy / "ledger.pub").startswith("sound")
    assert sorted(file.name for file in copy.iterdir()) == ["ledger.db", "ledger.pub"]
    assert "name another folder" in refused("backup", copy, "--data", data)


async def keep_writing(ledger: Ledger) -> None:
    for number in range(100_000):
        await ledger.append(leaves([number]))


def test_a_restored_copy_serves_if_it_is_as_new_as_the_last_head_and_is_refused_if_it_is_older(
    data: Path, tmp_path: Path
) -> None:
    told("backup", tmp_path / "copy", "--data", data)

    def restore() -> None:
        for file in (data / "ledger").glob("ledger.db*"):
            file.unlink()
        shutil.copyfile(tmp_path / "copy/ledger.db", data / "ledger/ledger.db")

    restore()
    grow(of(data), 1)
    restore()
    with pytest.raises(LedgerRolledBackError, match=r"20 records, and a head of 21.*under another name"):
        grow(of(data), 1)
    assert "rolled_back" in refused("verify", "--data", data)


def test_people_are_forgotten_and_the_ledger_still_verifies(data: Path) -> None:
    file = data / "ledger/keys" / FILE
    assert file.exists()
    assert run("ledger", "forget", "--data", data).returncode == 1
    assert file.exists()
    told("forget", "--data", data, "--yes")
    assert not file.exists()
    assert "not there" in refused("forget", "--data", data, "--yes")
    assert told("verify", "--data", data).startswith("sound")


def test_keys_change_and_all_heads_still_verify(data: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.pub"
    shutil.copyfile(key_of(data), old)
    assert told("rotate", "--data", data).startswith("quipu/ledger+")
    grow(of(data), 5)
    for key in (old, key_of(data)):
        assert told("verify", "--ledger", data / "ledger/ledger.db", "--key", key).startswith("sound: 25")


def test_a_ledger_in_postgresql_is_verified_proved_and_exported(postgres: PostgresServer, tmp_path: Path) -> None:
    settings = asyncio.run(postgres_ledger(postgres, tmp_path))
    grow(settings, 20)
    named: tuple[str | Path, ...] = ("--ledger", settings.url or "", "--key", tmp_path / "keys/ledger.pub")
    assert told("verify", *named).startswith("sound: 20")
    export = tmp_path / "export"
    told("export", "--out", export, *named)
    assert told("verify", export, *named[2:]).startswith("sound: 20")
    assert "pg_basebackup" in refused("backup", tmp_path / "copy", *named)
