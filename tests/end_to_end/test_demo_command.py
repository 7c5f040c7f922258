"""The demo and its companions in the terminal: what they print, and what they say when something is amiss."""

from __future__ import annotations

import json
import re
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from command_kit import run
from demo_kit import Demo, running_demo

from gateway.cli.full_case import WORKED_CASE, worked_query


def test_a_token_is_printed_and_nothing_else(demo: Demo) -> None:
    done = run("token", "--as", "auditor", "--data", demo.data)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+\n", done.stdout)


def test_the_worked_query_needs_no_variables_and_is_answered_in_graphiql_and_by_curl(demo: Demo) -> None:
    assert demo.ask(worked_query())["data"]["case"]["number"] == WORKED_CASE
    assert json.loads((demo.data / "worked_case.json").read_text()) == {"query": worked_query()}
    assert httpx.get(f"{demo.url}/graphiql/page.json").json()["query"] == worked_query()


def test_without_a_token_there_is_no_case(demo: Demo) -> None:
    refused = httpx.post(f"{demo.url}/graphql", json={"query": worked_query()})
    assert refused.status_code == 401
    assert "data" not in refused.json()


@pytest.mark.parametrize("number", [WORKED_CASE, "999014502-2021-99006-0", "99005-2023-PA/TC"])
def test_the_timeline_tells_the_case_in_order_across_institutions(demo: Demo, number: str) -> None:
    done = run("case", number, "--as", "judge", "--data", demo.data)
    assert (done.returncode, done.stderr) == (0, "")
    assert "DATOS FICTICIOS" in done.stdout
    assert "PEÑALUZ FICTICIO, MATEO ANDRÉS" in done.stdout
    assert "NICOLÁS" not in done.stdout
    rows = re.findall(r"^(\d{4}-\d\d-\d\d) +(PJ|MP|TC) ", done.stdout, flags=re.M)
    assert rows == sorted(rows, key=lambda row: row[0])
    assert {institution for _, institution in rows} == {"PJ", "MP", "TC"}
    told = [done.stdout.index(words) for words in ("Ingresa la carpeta", "Ingresa el expediente", "fundada en parte")]
    assert told == sorted(told)


def test_the_timeline_is_told_in_english_too(demo: Demo) -> None:
    done = run("case", WORKED_CASE, "--as", "prosecutor", "--lang", "en", "--data", demo.data)
    assert (done.returncode, "905/2023: upheld in part" in done.stdout) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["case", "00001-1990-0-1801-JR-CI-01", "--as", "judge"], "no case is found"),
        (["case", "12", "--as", "judge"], "is no number of a case"),
        (["case", WORKED_CASE, "--as", "king"], "nobody is called king"),
        (["case", WORKED_CASE, "--as", "judge", "--lang", "fr"], "--lang is es or en"),
        (["token", "--as", "king"], "nobody is called king"),
    ],
)
def test_what_a_user_can_mend_is_one_line(demo: Demo, arguments: list[str], said: str) -> None:
    done = run(*arguments, "--data", demo.data)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_what_needs_a_demo_says_so(tmp_path: Path) -> None:
    for arguments in (["token", "--as", "judge"], ["case", WORKED_CASE, "--as", "judge"]):
        done = run(*arguments, "--data", tmp_path)
        assert (done.returncode, "run `quipu demo" in done.stderr, done.stdout) == (1, True, "")


def test_a_demo_that_has_stopped_is_said_to_have(tmp_path: Path) -> None:
    with running_demo(tmp_path, "--cases", "0") as demo:
        databases = {file.name: file.stat().st_mtime_ns for file in tmp_path.glob("*.db")}
        [line] = [line for line in demo_lines(demo) if line.startswith("  curl")]
        assert demo.url in line
    stopped = run("case", WORKED_CASE, "--as", "judge", "--data", tmp_path)
    assert (stopped.returncode, "start it with `quipu demo`" in stopped.stderr) == (1, True)
    with running_demo(tmp_path) as again:
        assert again.ask(worked_query())["data"]["case"]["number"] == WORKED_CASE
    assert {file.name: file.stat().st_mtime_ns for file in tmp_path.glob("*.db")} == databases


def demo_lines(demo: Demo) -> list[str]:
    """What the demo has printed up to its last line."""
    assert demo.process.stdout is not None
    lines = []
    for line in demo.process.stdout:
        lines.append(line)
        if line.startswith("Ctrl-C"):
            break
    return lines


def test_a_port_that_is_taken_is_named_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("demo", "--port", str(port), "--data", tmp_path, "--cases", "0")
    assert (done.returncode, f"port {port} of 127.0.0.1 cannot be used" in done.stderr, done.stdout) == (1, True, "")


def test_a_database_that_is_missing_or_broken_is_named(tmp_path: Path) -> None:
    assert run("sample", "--data", tmp_path, "--cases", "0").returncode == 0
    (tmp_path / "academy.db").rename(tmp_path / "elsewhere.db")
    lacking = run("demo", "--port", "0", "--data", tmp_path)
    assert (lacking.returncode, "lacks academy.db" in lacking.stderr) == (1, True)
    (tmp_path / "academy.db").write_bytes(b"this is no database, " * 100)
    broken = run("demo", "--port", "0", "--data", tmp_path)
    assert (broken.returncode, "academy.db: the file is no SQLite database" in broken.stderr) == (1, True)
    assert "--fresh" in broken.stderr
    assert "Traceback" not in lacking.stderr + broken.stderr


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_subgraphs_end_with_the_demo_however_that_ends(tmp_path: Path, how: signal.Signals) -> None:
    with running_demo(tmp_path, "--cases", "0") as demo:
        ports = demo.subgraph_ports()
        assert len(ports) == 5
        demo.process.send_signal(how)
        demo.process.wait(timeout=30)
    for port in ports.values():
        assert within_seconds(20, lambda port=port: is_free(port))


def is_free(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionRefusedError:
        return True
    return False


def within_seconds(seconds: float, holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True
