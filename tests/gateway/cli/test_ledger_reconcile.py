"""`quipu ledger reconcile`: the ledger's side against what an institution handed over."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from command_kit import run
from hypothesis import given
from hypothesis import strategies as st
from ledger_kit import sqlite_ledger

from gateway.cli.ledger.comparison import MARGIN, Caller, Kind, Request, Window, comparison
from gateway.ledger.ledger import open_ledger
from gateway.ledger.person_keys import PersonKeys
from gateway.ledger.record import AccessRecord, Outcome
from subgraphs.common.served import ServedRecords, ServedRequest

NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)
"""12:00 in Lima."""
JUDGE = Caller("jueza", "PJ", ("judge",), "case_review", "", "")
READ = AccessRecord(
    at=NOON,
    gateway="gw",
    request="r1",
    subject="jueza",
    institution="PJ",
    roles=("judge",),
    purpose="case_review",
    outcome="OK",
    digest="0" * 64,
    sources=(("judiciary", "r1"),),
)
SERVED = ServedRequest(
    request="r1",
    subject="jueza",
    institution="PJ",
    roles=("judge",),
    purpose="case_review",
    reference=None,
    exceptional=None,
    operation="0" * 64,
    coordinates=("Query.case",),
    entities=(),
    agreements=(),
    outcome="OK",
    at=NOON.isoformat(),
)


def reconciled(
    folder: Path, asked: Sequence[AccessRecord], served: Sequence[ServedRequest], *options: str
) -> CompletedProcess[str]:
    """What the command says of both sides, each written by its own code."""

    async def write() -> None:
        async with open_ledger(sqlite_ledger(folder)) as ledger:
            for record in asked:
                await ledger.append(record.leaves(ledger.names))
        records = ServedRecords(folder / "served.db")
        for row in served:
            await records.append(row)
        await records.close()

    asyncio.run(write())
    return reconcile(folder, folder / "served.db", *options)


def reconcile(folder: Path, served: Path, *options: str) -> CompletedProcess[str]:
    return run("ledger", "reconcile", "--ledger", folder / "ledger.db", "--served", f"judiciary={served}", *options)


def of_judge(request: str, at: datetime = NOON) -> Request:
    return Request("judiciary", request, at, JUDGE)


def found(asked: Sequence[Request], served: Sequence[Request], window: Window) -> list[tuple[Kind, str]]:
    with comparison(window) as sides:
        for request in asked:
            sides.add_asked(request, sure=True)
        for request in served:
            sides.add_served(request)
        return [(finding.kind, finding.request) for finding in sides.findings()]


def test_fetches_of_one_request_and_requests_of_one_fetch_are_equal(tmp_path: Path) -> None:
    done = reconciled(tmp_path, [READ, replace(READ, request="r2")], [SERVED, SERVED])
    assert (done.returncode, done.stdout) == (0, "equal: 1 requests in the ledger, 2 rows of what was served.\n")


def test_a_long_text_is_compared_by_its_hash_and_a_later_part_has_the_roles_of_the_first(tmp_path: Path) -> None:
    agreements = tuple(f"CONVENIO-{number:0400}@d#1" for number in range(200))
    read = replace(READ, exceptional="ñ" * 256 + "x", agreements=agreements)
    assert len(read.leaves(PersonKeys(tmp_path / "people", ()))) > 1
    done = reconciled(tmp_path, [read], [replace(SERVED, exceptional="ñ" * 256 + "x")])
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("equal: 1 ")


@pytest.mark.parametrize("outcome", ["PARTIAL", "ERROR", "ABANDONED"])
def test_a_row_that_perhaps_never_was_is_told_apart(tmp_path: Path, outcome: Outcome) -> None:
    done = reconciled(tmp_path, [replace(READ, outcome=outcome)], [], "--format", "json")
    finding, summary = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert (finding["kind"], finding["request"], summary["equal"]) == ("not_confirmed", "r1", True)


def test_a_shared_fetch_that_one_request_was_given_was_served(tmp_path: Path) -> None:
    done = reconciled(tmp_path, [replace(READ, outcome="ABANDONED"), replace(READ, request="r2")], [])
    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == (
        "asked, not served: judiciary r1 2026-11-20T17:00:00+00:00 jueza (PJ) for case_review"
    )


def test_a_row_without_an_id_is_told_apart(tmp_path: Path) -> None:
    done = reconciled(tmp_path, [READ], [SERVED, replace(SERVED, request="-", purpose=None)])
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == (
        "served without an id: judiciary - 2026-11-20T17:00:00+00:00 jueza (PJ) for no purpose"
    )


def test_everything_that_is_told_of_a_caller_is_compared(tmp_path: Path) -> None:
    served = replace(SERVED, institution="MP", roles=("clerk",), purpose="audit", reference="9", exceptional="turno")
    done = reconciled(tmp_path, [READ], [served], "--format", "json")
    finding = json.loads(done.stdout.splitlines()[0])
    assert done.returncode == 1
    assert finding["kind"] == "another_caller"
    differs = {name for name, value in finding["caller"].items() if value != finding["served"][name]}
    assert differs == {"institution", "roles", "purpose", "reference", "exceptional"}


def test_a_line_that_is_no_row_is_named_by_its_number(tmp_path: Path) -> None:
    reconciled(tmp_path, [READ], [SERVED, SERVED])
    good = run("ledger", "served", "--database", tmp_path / "served.db").stdout
    file = tmp_path / "served.jsonl"
    cut, naive = good[:-20], json.dumps({"id": 3, "record": json.dumps({"at": "2026-11-20"}), "hash": ""})
    for text, number in ((cut, 2), (good + naive, 3), (good + "\n" + good, 3), ("\x00" + good, 1)):
        file.write_text(text)
        done = reconcile(tmp_path, file)
        assert done.returncode == 1
        assert f"served.jsonl, line {number}: this is no row" in done.stderr
        assert "Traceback" not in done.stderr


def test_what_cannot_be_read_is_said_in_a_line(tmp_path: Path) -> None:
    reconciled(tmp_path, [READ], [SERVED])
    for done in (
        reconcile(tmp_path, tmp_path / "missing.db"),
        reconcile(tmp_path, tmp_path / "served.db", "--from", "yesterday"),
        reconcile(tmp_path, tmp_path / "served.db", "--from", "2026-11-20", "--until", "2026-11-20"),
        reconcile(tmp_path / "elsewhere", tmp_path / "served.db"),
        run("ledger", "reconcile", "--served", "judiciary"),
    ):
        assert done.returncode == 1
        assert done.stderr.startswith("quipu: ")
        assert len(done.stderr.splitlines()) == 1


def test_a_window_is_of_days_of_lima_and_without_its_end(tmp_path: Path) -> None:
    last = replace(READ, at=datetime(2026, 11, 21, 4, 59, 59, 999_999, tzinfo=UTC))  # 23:59 of the 20th
    reconciled(tmp_path, [last], [])
    for start, stop, code in (
        ("2026-11-20", "2026-11-21", 1),
        ("2026-11-21", "2026-11-22", 0),
        ("2026-11-20", "2026-11-20T23:59:59.999999", 0),
        ("2026-11-21T04:59:59.999999Z", "2026-11-22", 1),
    ):
        done = reconcile(tmp_path, tmp_path / "served.db", "--from", start, "--until", stop)
        assert done.returncode == code, (start, stop, done.stdout)


def test_the_other_side_of_a_request_at_the_windows_edge_may_be_outside_of_it() -> None:
    window = Window(NOON, NOON + timedelta(hours=1))
    before, after = NOON - MARGIN, NOON + timedelta(hours=1)
    asked = [of_judge("begun before"), of_judge("ended after", after)]
    served = [of_judge("begun before", before), of_judge("ended after", after - timedelta(seconds=1))]
    assert found(asked, served, window) == []
    assert found(asked, [], window) == [(Kind.NOT_SERVED, "begun before")]
    assert found([], served, window) == [(Kind.NOT_ASKED, "ended after")]


@given(
    st.dictionaries(st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1), st.integers(1, 3)),
    st.data(),
)
def test_exactly_what_one_side_lacks_is_found(requests: dict[str, int], data: st.DataObject) -> None:
    names = st.sets(st.sampled_from(sorted(requests))) if requests else st.just(set[str]())
    unserved, unasked = data.draw(names), data.draw(names)
    times = [of_judge(request) for request, count in requests.items() for _ in range(count)]
    asked = [request for request in times if request.request not in unasked]
    served = [request for request in times if request.request not in unserved]
    expected = [(Kind.NOT_SERVED, name) for name in sorted(unserved - unasked)]
    expected += [(Kind.NOT_ASKED, name) for name in sorted(unasked - unserved)]
    assert found(asked, served, Window()) == expected
