"""Sample databases, and a subgraph served over one, as a user of the command makes and asks them."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from command_kit import COMMAND, once_up, run

from gateway.access.identity import Identity
from gateway.upstream.signing import Signer, load_signer

DATABASES = ["academy.db", "constitutional_court.db", "judiciary.db", "prosecution.db"]
SUBGRAPHS = ["judiciary", "constitutional_court", "academy"]
PROCEEDING = '{ constitutionalProceeding(number: "99005-2023-PA/TC") { decision { ruling } } }'


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    done = run("sample", "--data", folder, "--cases", "20", timeout=120)
    assert (done.returncode, done.stdout) == (0, f"{folder}\n"), done.stderr
    return folder


def test_the_sample_is_four_databases_and_the_truth_about_their_links(data: Path) -> None:
    assert sorted(path.name for path in data.iterdir()) == sorted(
        [*DATABASES, "truth.json", "agreements", "agreement-keys"]
    )
    with sqlite3.connect(data / "judiciary.db") as judiciary:
        assert judiciary.execute("SELECT count(*) FROM TB_EXPEDIENTE").fetchone()[0] > 20
    assert json.loads((data / "truth.json").read_text())["links"]


def test_a_sample_is_never_overwritten_unasked_and_a_seed_gives_the_same_data(data: Path) -> None:
    before = (data / "truth.json").read_bytes()
    refused = run("sample", "--data", data, "--cases", "20", "--seed", "7")
    assert (refused.returncode, "--fresh" in refused.stderr, refused.stdout) == (1, True, "")
    assert (data / "truth.json").read_bytes() == before
    assert run("sample", "--data", data, "--cases", "20", "--fresh", timeout=120).returncode == 0
    assert (data / "truth.json").read_bytes() == before


def test_a_folder_that_cannot_be_made_is_said_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run("sample", "--data", tmp_path / "file" / "data")
    assert (done.returncode, done.stderr.count("\n"), "cannot be written" in done.stderr) == (1, 1, True)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["nobody"], "there are judiciary, prosecution"),
        (["academy"], "pass --data"),
        (["academy", "--data", "nowhere"], "quipu sample --data nowhere"),
    ],
)
def test_a_subgraph_that_cannot_be_served_is_said_in_a_line(arguments: list[str], expected: str) -> None:
    done = run("subgraph", *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert expected in done.stderr


def test_the_schema_is_printed_for_composition() -> None:
    done = run("subgraph", "academy", "--sdl")
    assert done.returncode == 0
    assert 'type Magistrate @key(fields: "code")' in done.stdout


@pytest.mark.parametrize("name", SUBGRAPHS)
def test_the_command_names_its_subgraphs(name: str) -> None:
    assert name in run("subgraph", "--help").stdout
    assert run("subgraph", name, "--sdl").returncode == 0


def test_a_key_of_pseudonyms_that_is_too_short_is_said_in_a_line(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIPU_PSEUDONYM_KEY", "short")
    done = run("subgraph", "judiciary", "--data", data)
    assert (done.returncode, done.stderr.count("\n"), "at least 32" in done.stderr) == (1, 1, True)


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    signer = load_signer(tmp_path / "keys")
    (tmp_path / "jwks.json").write_text(json.dumps(signer.jwks()))
    return signer


@pytest.fixture
def court(data: Path, signer: Signer, tmp_path: Path) -> Iterator[str]:
    options = ["--data", str(data), "--port", "0", "--gateway-keys", str(tmp_path / "jwks.json")]
    command = [*COMMAND, "subgraph", "constitutional_court", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        yield process.stderr.readline().strip()
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_a_subgraph_answers_the_gateway_and_nobody_else(court: str, signer: Signer) -> None:
    judge = Identity("jueza.uno", "PJ", ("judge",), "case_review", None, None)
    headers = {"Quipu-Identity": signer.token("constitutional_court", judge)}
    answer = once_up(lambda: httpx.post(court, json={"query": PROCEEDING}, headers=headers))
    assert answer.json() == {"data": {"constitutionalProceeding": {"decision": {"ruling": "UPHELD_IN_PART"}}}}
    elsewhere = {"Quipu-Identity": signer.token("academy", judge)}
    for other in ({}, elsewhere):
        refused = httpx.post(court, json={"query": "{ _service { sdl } }"}, headers=other)
        assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (401, "UNIDENTIFIED")
