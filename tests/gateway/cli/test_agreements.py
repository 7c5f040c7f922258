"""`quipu agreements`: what lawyers and operators ask of agreements, and what they are told."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from agreements_kit import rewrite
from command_kit import run

from gateway.access.agreements.document import read_agreement, schema
from gateway.cli.sample_agreements import make_agreements
from gateway.federation.composition.compose import compose
from gateway.federation.composition.subgraph import Source
from gateway.transport.docs import FOLDER
from subgraphs.common.server import INSTITUTIONS, schema_sdl

FIRST = "CONVENIO-FICTICIO-10"


@pytest.fixture(scope="module")
def supergraph(tmp_path_factory: pytest.TempPathFactory) -> str:
    return compose(Source(name, schema_sdl(name), "http://s") for name in INSTITUTIONS).sdl


@pytest.fixture
def data(tmp_path: Path, supergraph: str) -> Path:
    make_agreements(tmp_path)
    (tmp_path / "supergraph.graphql").write_text(supergraph, encoding="utf-8")
    return tmp_path


def test_the_demos_agreements_have_no_errors(data: Path) -> None:
    done = run("agreements", "check", "--data", data)
    assert done.returncode == 0, done.stdout
    assert done.stdout == "warning SUSPENDED CONVENIO-FICTICIO-15: está suspendido: no otorga nada\n"


@pytest.mark.parametrize(
    ("old", "new", "code", "told", "fails"),
    [
        ('"Case.status"', '"Case.estatus"', "UNKNOWN_FIELD", "Case.estatus no existe", True),
        ('"Case.status"', '"Cases.*"', "UNKNOWN_FIELD", "Cases.* no existe", True),
        ('"Case.status"', '"Party.name"', "UNENFORCEABLE", "Party.name is a part", True),
        ('"Case.reserved"\nequals = false', '"Case.nothing"\nequals = false', "UNENFORCEABLE", "Case.nothing", True),
        ('"Case.reserved"\nequals = false', '"Case.status"\nequals = "OPEN"', "UNKNOWN_VALUE", "OPEN no es", True),
        ("in_force_until = 2030-12-31", "in_force_until = 2026-03-01", "EXPIRED", "venció el 2026-03-01", False),
        ("in_force_until = 2030-12-31", "in_force_until = 2026-07-01", "EXPIRES_SOON", "vence el 2026-07-01", False),
        (
            'fields = [\n  "CourtOffice.*",\n]',
            'fields = ["CourtOffice.*"]\n[[grants]]\nclause="9"\nroles=["auditor"]\nfields=["CourtOffice.name"]',
            "IDLE_CLAUSE",
            "la cláusula 2.2 ya lo otorga",
            False,
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_clause(
    data: Path, old: str, new: str, code: str, told: str, fails: bool
) -> None:
    rewrite(data, FIRST, old, new)
    done = run("agreements", "check", "--data", data, "--day", "2026-06-15")
    [line] = [line for line in done.stdout.splitlines() if FIRST in line and code in line]
    assert told in line
    assert done.returncode == (1 if fails else 0)
    as_json = run("agreements", "check", "--data", data, "--day", "2026-06-15", "--format", "json")
    assert code in [finding["code"] for finding in json.loads(as_json.stdout)["findings"]]


def test_files_that_cannot_be_taken_are_findings_too(data: Path) -> None:
    folder = data / "agreements"
    (folder / f"{FIRST}.toml.PJ.sig").unlink()
    (folder / "broken.toml").write_text("number = ")
    done = run("agreements", "check", "--data", data)
    assert done.returncode == 1
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [["error", "NOT_TAKEN"]] * 2
    assert f"{FIRST}.toml.PJ.sig is missing" in done.stdout
    as_json = run("agreements", "check", "--data", data, "--format", "json")
    assert as_json.returncode == 1
    told = json.loads(as_json.stdout)["findings"]
    assert {finding["code"] for finding in told} == {"NOT_TAKEN"}
    assert any("broken.toml" in finding["about"][0] for finding in told)


def test_the_agreement_of_the_guide_is_one() -> None:
    text = (FOLDER / "agreements.es.md").read_text()
    agreement = read_agreement(text.partition("```toml\n")[2].partition("```")[0].encode())
    assert (agreement.consumer, agreement.provider, len(agreement.grants)) == ("CGR", "PJ", 2)


def test_two_agreements_that_give_the_same_in_other_ways_overlap(data: Path) -> None:
    folder = data / "agreements"
    text = (folder / f"{FIRST}.toml").read_text().replace(FIRST, "CONVENIO-FICTICIO-99", 1)
    text = text.replace("equals = false", "equals = true")
    (folder / "CONVENIO-FICTICIO-99.toml").write_text(text)
    for party in ("PJ", "CGR"):
        place = folder / "CONVENIO-FICTICIO-99.toml"
        done = run("agreements", "sign", place, "--as", party, "--key", data / "agreement-keys" / f"{party}.pem")
        assert done.returncode == 0, done.stderr
    done = run("agreements", "check", "--data", data, "--lang", "en")
    assert "OVERLAP CONVENIO-FICTICIO-10, 2.1: Case.closedOn is given by CONVENIO-FICTICIO-99, 2.1 too" in done.stdout


def test_a_folder_that_was_tampered_with_is_told_and_fails(data: Path) -> None:
    file = data / "agreements" / f"{FIRST}.toml"
    file.write_text(file.read_text() + "\n")
    done = run("agreements", "check", "--data", data)
    assert done.returncode == 1
    assert f"{FIRST}.toml.CGR.sig is no signature of this text by CGR" in done.stdout


def test_the_list_says_the_state_on_a_day(data: Path) -> None:
    rows = run("agreements", "list", "--data", data, "--day", "2031-01-01", "--lang", "en").stdout.splitlines()
    assert len(rows) == 19
    assert all("expired" in row for row in rows[1:])
    assert any(re.search(r"CONVENIO-FICTICIO-15 +1 +MP → PJ +suspended", row) for row in _today(data))


def _today(data: Path) -> list[str]:
    return run("agreements", "list", "--data", data, "--lang", "en").stdout.splitlines()


def test_an_agreement_is_shown_in_sentences(data: Path) -> None:
    spanish = run("agreements", "show", FIRST, "--data", data).stdout
    assert "Cláusula 2.1. A auditor: Query.case, Case.number" in spanish
    assert "Solo si Case.reserved es no." in spanish
    assert "Los números de documento se entregan enmascarados." in spanish
    english = run("agreements", "show", "CONVENIO-FICTICIO-2", "--data", data, "--lang", "en").stdout
    assert "To those assigned to the case only" in english
    done = run("agreements", "show", "CONVENIO-1", "--data", data)
    assert (done.returncode, "no agreement has the number CONVENIO-1" in done.stderr) == (1, True)


def test_what_someone_would_be_given_is_explained_by_clause(data: Path) -> None:
    query = '{ case(number: "99006-2022-0-1801-JR-DC-04") { status summary } }'
    done = run("agreements", "explain", "--as", "auditor", "--query", query, "--data", data)
    assert done.stdout.splitlines() == [
        "SE OTORGA Case.status — según CONVENIO-FICTICIO-10, 2.1; si Case.reserved es no",
        "SE OTORGA Query.case — según CONVENIO-FICTICIO-10, 2.1; si Case.reserved es no",
        "SE DENIEGA Case.summary — Ningún convenio de su institución con PJ otorga Case.summary. [AGREEMENT_REQUIRED]",
    ]
    stranger = run(
        "agreements",
        "explain",
        "--as",
        "XX:judge",
        "--query",
        query,
        "--data",
        data,
        "--format",
        "json",
        "--lang",
        "en",
    )
    [refused] = json.loads(stranger.stdout)
    assert (refused["coordinate"], refused["code"]) == ("Query.case", "AGREEMENT_REQUIRED")
    bad = run("agreements", "explain", "--as", "auditor", "--query", "{ nothing }", "--data", data)
    assert (bad.returncode, "cannot be planned" in bad.stderr) == (1, True)


def test_a_new_version_is_told_by_what_it_changes_for_whom(data: Path, tmp_path: Path) -> None:
    old = data / "agreements" / f"{FIRST}.toml"
    new = tmp_path / "new.toml"
    text = old.read_text().replace("version = 1", "version = 2").replace('"Case.status",', '"Case.judge",')
    new.write_text(text.replace("page_limit = 20", "page_limit = 50"))
    done = run("agreements", "diff", old, new, "--data", data, "--lang", "en", "--fail-on-widening")
    assert done.stdout.splitlines() == [
        "version: before 1; now 2",
        "page_limit: before 20; now 50",
        "NEWLY GIVEN: Case.judge · auditor · audit — Case.reserved is false",
        "NO LONGER GIVEN: Case.status · auditor · audit",
    ]
    assert done.returncode == 1
    same = run("agreements", "diff", old, old, "--data", data, "--fail-on-widening")
    assert (same.returncode, same.stdout) == (0, "No cambia nada.\n")


def test_only_a_party_signs(data: Path) -> None:
    file = data / "agreements" / f"{FIRST}.toml"
    done = run("agreements", "sign", file, "--as", "TC", "--key", data / "agreement-keys" / "TC.pem")
    assert (done.returncode, "TC is no party" in done.stderr) == (1, True)


def test_a_key_is_made_only_when_that_is_asked_for(data: Path, tmp_path: Path) -> None:
    file, key = tmp_path / f"{FIRST}.toml", tmp_path / "PJ.pem"
    file.write_bytes((data / "agreements" / file.name).read_bytes())
    signing = ["agreements", "sign", file, "--as", "PJ", "--key", key]
    misspelt = run(*signing)
    assert (misspelt.returncode, "pass --make-key" in misspelt.stderr, key.exists()) == (1, True, False)
    assert run(*signing, "--make-key").returncode == 0
    again = run(*signing, "--make-key")
    assert (again.returncode, "is there already" in again.stderr) == (1, True)
    assert run(*signing).returncode == 0


def test_the_form_of_the_files_is_printed() -> None:
    printed = run("agreements", "schema").stdout
    assert json.loads(printed) == json.loads(json.dumps(schema()))
    assert printed == (FOLDER / "agreement.schema.json").read_text(), "print it again into gateway/docs"
