"""One institution down is not the case down: its own fields are null, each with an error that names it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from command_kit import run
from demo_kit import Demo, running_demo

from subgraphs.sample import worked_cases as worked

G = worked.G
EVERYONE = f"""{{
  case(number: "{G.cases[0]}") {{ number judge {{ code trainings {{ totalCount }} }} prosecutionFiles {{ number }} }}
  prosecutionFile(number: "{G.prosecution_files[0]}") {{ number stage case {{ number }} }}
  constitutionalProceeding(number: "{G.proceedings[0]}") {{ number status originCase {{ number }} }}
}}"""
# What is lost with each institution: the path in the answer.
LOST = {
    "judiciary": [("case",), ("prosecutionFile", "case"), ("constitutionalProceeding", "originCase")],
    "prosecution": [("case", "prosecutionFiles"), ("prosecutionFile",)],
    "constitutional_court": [("constitutionalProceeding",)],
    "academy": [("case", "judge", "trainings")],
}


def without(answer: Any, path: tuple[str, ...]) -> Any:
    """The answer with null at the path."""
    first, *rest = path
    return {**answer, first: without(answer[first], tuple(rest)) if rest else None}


@pytest.fixture(params=sorted(LOST))
def fallen(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    with running_demo(tmp_path, "--cases", "0", QUIPU_UPSTREAM__TIMEOUT="3") as demo:
        yield demo


def test_a_subgraph_killed_in_the_middle_of_a_request_costs_its_own_fields_alone(demo: Demo, fallen: str) -> None:
    whole = demo.ask(EVERYONE)
    assert "errors" not in whole
    expected = whole["data"]
    for path in LOST[fallen]:
        expected = without(expected, path)
    pid = demo.subgraph_pid(fallen)
    os.kill(pid, signal.SIGSTOP)  # it takes the request and does not answer
    with ThreadPoolExecutor() as threads:
        asking = threads.submit(demo.ask, EVERYONE)
        assert not asking.done()
        os.kill(pid, signal.SIGKILL)
        cut = asking.result()
    for answer in (cut, demo.ask(EVERYONE)):
        assert answer["data"] == expected
        assert {error["extensions"]["service"] for error in answer["errors"]} == {fallen}
        assert {error["extensions"]["code"] for error in answer["errors"]} == {"SUBGRAPH_UNREACHABLE"}


def test_a_subgraph_that_says_nothing_is_waited_for_no_longer_than_its_time(demo: Demo) -> None:
    os.kill(demo.subgraph_pid("academy"), signal.SIGSTOP)
    try:
        answer = demo.ask(EVERYONE)
    finally:
        os.kill(demo.subgraph_pid("academy"), signal.SIGCONT)
    assert answer["data"]["case"]["judge"]["trainings"] is None
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["SUBGRAPH_TIMEOUT"]
    assert answer["data"]["prosecutionFile"]["case"]["number"] == G.cases[0]
    assert demo.ask(EVERYONE)["data"]["case"]["judge"]["trainings"]["totalCount"] > 0


def test_what_was_asked_of_an_institution_that_is_down_is_not_confirmed_and_no_difference(demo: Demo) -> None:
    demo.ask(EVERYONE)
    os.kill(demo.subgraph_pid("academy"), signal.SIGKILL)
    demo.ask(EVERYONE)
    served = [f"--served={name}={demo.data / 'served' / name}.db" for name in LOST]
    done = run("ledger", "reconcile", "--data", demo.data, *served)
    assert done.returncode == 0, done.stdout
    told, summary = done.stdout.splitlines()
    assert told.startswith("not confirmed: academy ")
    assert summary.startswith("equal: ")
    assert summary.endswith(", 1 not confirmed.")
