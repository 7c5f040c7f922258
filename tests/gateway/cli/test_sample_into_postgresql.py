"""The sample copied into PostgreSQL, and a subgraph over it, as a user of the command has them."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import asyncpg
import httpx
import pytest
from command_kit import COMMAND, once_up, run
from postgres_kit import PostgresServer

from gateway.access.identity import Identity
from gateway.upstream.signing import load_signer
from subgraphs.sample.load import METADATA

PROCEEDING = '{ constitutionalProceeding(number: "99005-2023-PA/TC") { decision { ruling } } }'
READER, PASSWORD = "quipu lector", "clave-del-lector"
JUDGE = Identity("jueza.uno", "PJ", ("judge",), "case_review", None, None)


def load(folder: Path, server: PostgresServer, *options: str) -> subprocess.CompletedProcess[str]:
    targets = [part for name in METADATA for part in ("--load", f"{name}={server.text(f'loaded_{name}')}")]
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("QUIPU_READER_PASSWORD", PASSWORD)
        return run("sample", "--data", folder, "--reader", READER, *targets, *options, timeout=120)


@pytest.fixture(scope="module")
def folder(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample, which is loaded too, into databases called `loaded_NAME`."""
    folder = tmp_path_factory.mktemp("loaded")
    for name in METADATA:
        asyncio.run(postgres.run("postgres", f"CREATE DATABASE loaded_{name}"))
    done = load(folder, postgres, "--cases", "20")
    assert (done.returncode, done.stdout) == (0, f"{folder}\n"), done.stderr
    return folder


async def rows(server: PostgresServer, database: str, query: str, account: str = "postgres") -> list[asyncpg.Record]:
    connection = await asyncpg.connect(server.text(database, account, PASSWORD))
    try:
        return await connection.fetch(query)
    finally:
        await connection.close()


@pytest.mark.parametrize("name", list(METADATA))
async def test_every_row_and_index_is_copied(postgres: PostgresServer, folder: Path, name: str) -> None:
    with closing(sqlite3.connect(folder / f"{name}.db")) as sample:
        for table in METADATA[name].sorted_tables:
            expected = sample.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()[0]  # noqa: S608
            found = await rows(postgres, f"loaded_{name}", f'SELECT count(*) FROM "{table.name}"')  # noqa: S608
            assert found[0][0] == expected
            listed = f"SELECT 1 FROM pg_indexes WHERE tablename = '{table.name}'"  # noqa: S608
            indexes = await rows(postgres, f"loaded_{name}", listed)
            assert len(indexes) == len(table.indexes) + 1
    analysed = await rows(postgres, f"loaded_{name}", "SELECT 1 FROM pg_class WHERE relkind = 'r' AND reltuples > 0")
    assert len(analysed) >= len(METADATA[name].tables)


async def test_the_reader_reads_what_is_mapped_and_no_more(postgres: PostgresServer, folder: Path) -> None:
    assert await rows(postgres, "loaded_prosecution", "SELECT * FROM tb_caso LIMIT 1", READER)
    for refused in ("SELECT * FROM tb_clave_reserva", "DELETE FROM tb_caso", "CREATE TABLE otra (a int)"):
        with pytest.raises(asyncpg.PostgresError, match=r"permission denied|read-only"):
            await rows(postgres, "loaded_prosecution", refused, READER)


async def test_no_log_of_statements_would_have_the_password(postgres: PostgresServer, folder: Path) -> None:
    await postgres.run("postgres", "ALTER SYSTEM SET log_statement = 'all'", "SELECT pg_reload_conf()")
    try:
        assert load(folder, postgres, "--fresh", "--cases", "20").returncode == 0
        assert await rows(postgres, "loaded_academy", 'SELECT * FROM "CURSOS" LIMIT 1', READER)
    finally:
        await postgres.run("postgres", "ALTER SYSTEM RESET log_statement", "SELECT pg_reload_conf()")
    log = (postgres.folder / "log").read_text()
    assert "ROLE" in log
    assert PASSWORD not in log


def test_tables_that_are_there_are_kept_unless_fresh(postgres: PostgresServer, folder: Path) -> None:
    done = load(folder, postgres)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "already has TB_ACREDITADO, TB_ACTO" in done.stderr
    assert "--fresh" in done.stderr


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--load", "postgresql://postgres:s3cret@127.0.0.1/x?a=b"], "write NAME=postgresql://"),
        (["--load", "academy=s3cret"], "a database URL reads"),
        (["--load", "academy=postgresql://postgres:s3cret@127.0.0.1:1/x"], "academy: the database server cannot be"),
        (["--reader", "quipu"], "--reader comes with --load"),
    ],
)
def test_what_cannot_be_loaded_is_said_in_a_line_without_the_password(
    folder: Path, options: list[str], expected: str
) -> None:
    done = run("sample", "--data", folder, *options)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
    assert expected in done.stderr
    assert "s3cret" not in done.stderr


def test_a_reader_is_not_made_without_a_password_and_then_nothing_is_loaded(
    postgres: PostgresServer, folder: Path
) -> None:
    asyncio.run(postgres.run("postgres", "CREATE DATABASE unread"))
    done = run("sample", "--data", folder, "--load", f"academy={postgres.text('unread')}", "--reader", "nadie")
    assert (done.returncode, "QUIPU_READER_PASSWORD" in done.stderr) == (1, True), done.stderr
    assert asyncio.run(rows(postgres, "unread", "SELECT 1 FROM pg_tables WHERE schemaname = 'public'")) == []


def test_a_subgraph_answers_over_postgresql(
    postgres: PostgresServer, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = load_signer(tmp_path / "keys")
    (tmp_path / "jwks.json").write_text(json.dumps(signer.jwks()))
    monkeypatch.setenv("QUIPU_DATABASE", postgres.text("loaded_constitutional_court", READER, PASSWORD))
    options = ["--no-agreements", "--port", "0", "--gateway-keys", str(tmp_path / "jwks.json")]
    command = [*COMMAND, "subgraph", "constitutional_court", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        url = process.stderr.readline().strip()
        headers = {"Quipu-Identity": signer.token("constitutional_court", JUDGE)}
        answer = once_up(lambda: httpx.post(url, json={"query": PROCEEDING}, headers=headers))
    finally:
        process.terminate()
        process.communicate(timeout=20)
    assert answer.json() == {"data": {"constitutionalProceeding": {"decision": {"ruling": "UPHELD_IN_PART"}}}}


@pytest.mark.parametrize(
    ("account", "database", "expected"),
    [
        ("postgres", "loaded_academy", "could write, as it is a superuser. Let it only read: CREATE ROLE"),
        ("nadie", "loaded_academy", "the database server refuses the account"),
        ("postgres", "nowhere", "does not exist"),
        ("postgres", "postgres", "sees no table"),
    ],
)
def test_a_database_that_a_subgraph_may_not_use_is_said_in_a_line(
    postgres: PostgresServer, folder: Path, account: str, database: str, expected: str
) -> None:
    done = run("subgraph", "academy", "--database", postgres.text(database, account, "s3cret"), "--port", "0")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
    assert expected in done.stderr
    assert "s3cret" not in done.stderr


def test_one_database_is_served(postgres: PostgresServer, folder: Path) -> None:
    done = run("subgraph", "academy", "--data", folder, "--database", postgres.text("loaded_academy"))
    assert (done.returncode, "not both" in done.stderr) == (1, True)
