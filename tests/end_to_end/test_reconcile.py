"""The gateway's ledger and the five institutions' own records say the same of what was read; what differs is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from command_kit import run
from demo_kit import Demo

from gateway.cli.full_case import worked_query
from gateway.cli.identities import SAMPLES
from subgraphs.common.served import chained
from subgraphs.sample import worked_cases as worked

SUBGRAPHS = ("judiciary", "prosecution", "constitutional_court", "academy", "ledger")
CASE = worked.G.cases[0]
STATUS = "query ($number: CaseNumber!) { case(number: $number) { number status } }"
WHO = "query ($number: CaseNumber!) { case(number: $number) { accesses(first: 2) { nodes { subject } } } }"
TYPE_ALONE = "query ($number: CaseNumber!) { __typename case(number: $number) { __typename } }"
SKIPPED = "query ($number: CaseNumber!, $no: Boolean!) { case(number: $number) @include(if: $no) { number } }"
Row = dict[str, Any]


@pytest.fixture(scope="module")
def asked(demo: Demo) -> Demo:
    """The demo, after every sample identity asked for all of a case: some is refused, some masked, some withheld."""
    for role in SAMPLES:
        demo.ask(worked_query(), role)
    demo.ask(STATUS, "judge", "Turno de emergencia", number=CASE)
    demo.ask(WHO, "judge", number=CASE)
    demo.ask("{ accessRecords(first: 2) { nodes { subject } } }", "judge")
    demo.ask("{ __typename }", "judge")
    demo.ask(TYPE_ALONE, "judge", number=CASE)
    demo.ask(SKIPPED, "judge", number=CASE, no=False)
    return demo


def reconcile(demo: Demo, *options: str, **changed: Path) -> CompletedProcess[str]:
    """Of all five, as they are or, of those that are named, as the file says."""
    paths = {name: demo.data / "served" / f"{name}.db" for name in SUBGRAPHS} | changed
    served = [option for name, path in paths.items() for option in ("--served", f"{name}={path}")]
    return run("ledger", "reconcile", "--data", demo.data, *served, *options)


def handed_over(demo: Demo, tmp_path: Path, change: Callable[[list[Row]], list[Row]]) -> Path:
    """What the Judiciary hands over, with its rows changed and a chain that was made anew for them."""
    printed = run("ledger", "served", "--database", demo.data / "served/judiciary.db").stdout
    rows = change([json.loads(json.loads(line)["record"]) for line in printed.splitlines()])
    lines, previous = [], "0" * 64
    for number, row in enumerate(rows, 1):
        record = json.dumps(row, ensure_ascii=False)
        previous = chained(previous, record)
        lines.append(json.dumps({"id": number, "record": record, "hash": previous}))
    file = tmp_path / "judiciary.jsonl"
    file.write_text("\n".join(lines) + "\n")
    return file


def findings(demo: Demo, judiciary: Path) -> list[Row]:
    done = reconcile(demo, "--format", "json", judiciary=judiciary)
    *found, summary = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == (0 if summary["equal"] else 1), done.stderr
    assert sum(summary["findings"].values()) == len(found)
    return found


def test_both_sides_are_equal_for_every_institution(asked: Demo, tmp_path: Path) -> None:
    done = reconcile(asked)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("equal: ")
    for name in SUBGRAPHS:
        summary = json.loads(run(*of_one(asked, name), "--format", "json").stdout)
        assert summary["asked"] > 0
        assert summary["served"] >= summary["asked"]
    assert findings(asked, handed_over(asked, tmp_path, lambda rows: rows)) == []


def of_one(demo: Demo, name: str) -> list[str | Path]:
    served = f"{name}={demo.data / 'served' / name}.db"
    return ["ledger", "reconcile", "--ledger", demo.data / "ledger/ledger.db", "--served", served]


def test_a_row_that_was_taken_out_is_named(asked: Demo, tmp_path: Path) -> None:
    gone: list[Row] = []

    def without_the_emergency(rows: list[Row]) -> list[Row]:
        gone[:] = [row for row in rows if row["exceptional"] == "Turno de emergencia"]
        return [row for row in rows if row["request"] != gone[-1]["request"]]

    [found] = findings(asked, handed_over(asked, tmp_path, without_the_emergency))
    assert (found["kind"], found["subgraph"], found["request"]) == ("not_served", "judiciary", gone[-1]["request"])
    assert (found["caller"]["subject"], found["caller"]["exceptional"]) == ("jueza.ficticia", "Turno de emergencia")


def test_a_row_that_nobody_asked_for_is_named(asked: Demo, tmp_path: Path) -> None:
    def with_another(rows: list[Row]) -> list[Row]:
        return [*rows, rows[-1] | {"request": "0123456789abcdef", "subject": "intrusa.ficticia"}]

    done = reconcile(asked, judiciary=handed_over(asked, tmp_path, with_another))
    assert done.returncode == 1
    told, summary = done.stdout.splitlines()
    assert told.startswith("served, not asked: judiciary 0123456789abcdef 20")
    assert "intrusa.ficticia (PJ) for case_review" in told
    assert summary.startswith("different: ")
    assert summary.endswith(", 1 served, not asked.")


def test_a_row_with_another_subject_is_named_with_both(asked: Demo, tmp_path: Path) -> None:
    def by_another(rows: list[Row]) -> list[Row]:
        return [*rows[:-1], rows[-1] | {"subject": "intrusa.ficticia"}]

    done = reconcile(asked, judiciary=handed_over(asked, tmp_path, by_another))
    assert done.returncode == 1
    [told, _] = done.stdout.splitlines()
    assert told.startswith("another caller: judiciary ")
    assert told.endswith("subject: 'jueza.ficticia' in the ledger, 'intrusa.ficticia' served")


def test_a_chain_that_does_not_hold_is_named_with_its_row(asked: Demo, tmp_path: Path) -> None:
    file = handed_over(asked, tmp_path, lambda rows: rows)
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join([*lines[:1], *lines[2:]]))
    broken = [found for found in findings(asked, file) if found["kind"] == "broken_chain"]
    assert [found["row"] for found in broken] == [3]
