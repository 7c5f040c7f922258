"""Plans printed, a supergraph served, and what a user of the command can mend."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from command_kit import COMMAND, once_up, run
from federation_kit import FIXTURES

LIBRARY = FIXTURES / "supergraphs" / "library.graphql"


@pytest.fixture
def query_file(tmp_path: Path) -> Path:
    file = tmp_path / "query.graphql"
    file.write_text("{ books { title postage } }")
    return file


def test_plan_prints_the_plan_and_the_reason_of_each_hop(query_file: Path) -> None:
    done = run("plan", "--supergraph", str(LIBRARY), str(query_file))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (FIXTURES / "plans" / "postage.txt").read_text()


def test_plan_as_json_is_json(query_file: Path) -> None:
    done = run("plan", "--supergraph", str(LIBRARY), "--json", str(query_file))
    steps = json.loads(done.stdout)["steps"]
    assert [(step["subgraph"], step["path"], step["dependsOn"]) for step in steps] == [
        ("catalogue", "", []),
        ("stock", "books", [0]),
    ]


@pytest.mark.parametrize("arguments", [["--help"], ["plan", "--help"], ["serve", "--help"], ["sample", "--help"]])
def test_help_is_given(arguments: list[str]) -> None:
    assert run(*arguments).returncode == 0


def test_what_a_user_can_mend_is_one_line_and_exit_1(tmp_path: Path, query_file: Path) -> None:
    plain = tmp_path / "plain.graphql"
    plain.write_text("type Query { a: Int }")
    bad_query = tmp_path / "bad.graphql"
    bad_query.write_text("{ books { nothing } }")
    cases = {
        "cannot be read": run("plan", "--supergraph", str(tmp_path / "none.graphql"), str(query_file)),
        "This is not a supergraph": run("plan", "--supergraph", str(plain), str(query_file)),
        "GRAPHQL_VALIDATION_FAILED": run("plan", "--supergraph", str(LIBRARY), str(bad_query)),
        "pass either --open": run("serve", "--supergraph", str(LIBRARY)),
        "all three": run("serve", "--supergraph", str(LIBRARY), "--issuer", "me"),
        "pass --subgraph NAME=URL": run("serve", "--open", "--supergraph", str(LIBRARY)),
    }
    for expected, done in cases.items():
        assert done.returncode == 1
        assert done.stdout == ""
        assert expected in done.stderr
        assert "Traceback" not in done.stderr


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def served() -> Iterator[str]:
    port = _free_port()
    addresses = [f"--subgraph={name}=http://127.0.0.1:1/graphql" for name in ("catalogue", "loans", "stock")]
    process = subprocess.Popen([*COMMAND, "serve", "--open", f"--supergraph={LIBRARY}", f"--port={port}", *addresses])
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        assert process.wait(timeout=20) in (0, -15)


def test_serve_answers_and_a_taken_port_is_said(served: str) -> None:
    assert once_up(lambda: httpx.get(f"{served}/health/live")).status_code == 200
    ready = httpx.get(f"{served}/health/ready")
    assert (ready.status_code, set(ready.json()["subgraphs"].values())) == (503, {"unreachable"})
    answer = httpx.post(f"{served}/graphql", json={"query": "{ __typename books { title } }"}).json()
    assert answer["data"] is None
    assert answer["errors"][0]["extensions"] == {"code": "SUBGRAPH_UNREACHABLE", "service": "catalogue"}
    addresses = [f"--subgraph={name}=http://127.0.0.1:1/graphql" for name in ("catalogue", "loans", "stock")]
    second = run("serve", "--open", f"--supergraph={LIBRARY}", f"--port={served.rpartition(':')[2]}", *addresses)
    assert (second.returncode, "cannot be used" in second.stderr) == (1, True)
