"""`quipu plan`, flag by flag."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_kit import run
from federation_kit import FIXTURES

SUPERGRAPHS = FIXTURES / "supergraphs"
TWO = """
query Titles { books { title } }
query Copies($skipped: Boolean!, $wanted: Boolean!) {
  books { title copies @skip(if: $skipped) @include(if: $wanted) }
}
"""


@pytest.fixture
def two(tmp_path: Path) -> Path:
    file = tmp_path / "two.graphql"
    file.write_text(TWO)
    return file


@pytest.fixture
def square(tmp_path: Path) -> Path:
    file = tmp_path / "square.graphql"
    file.write_text("{ square { edge } }")
    return file


def test_one_operation_of_several_is_chosen_by_name(two: Path) -> None:
    done = run("plan", "--supergraph", SUPERGRAPHS / "library.graphql", "--operation", "Titles", two)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:3] == ["# 1 fetch", "QueryPlan {", '  Fetch(service: "catalogue") {']
    assert "query Titles__catalogue__0" in done.stdout


def test_conditions_of_fetches_are_shown(two: Path) -> None:
    done = run("plan", "--supergraph", SUPERGRAPHS / "library.graphql", "--operation", "Copies", two)
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert lines[0] == "# 2 fetches, at most 2 one after the other"
    assert "Skip(if: $skipped) {" in lines
    assert "Include(if: $wanted) {" in lines


def test_json_has_the_cost_the_conditions_and_the_reasons(two: Path) -> None:
    done = run("plan", "--supergraph", SUPERGRAPHS / "library.graphql", "--json", "--operation", "Copies", two)
    plan = json.loads(done.stdout)
    assert (plan["fetches"], plan["depth"]) == (2, 2)
    assert plan["steps"][1]["reason"] == "Book from catalogue to stock by key { isbn }"
    [place] = plan["steps"][1]["entities"][0]["places"]
    assert place["conditions"] == [{"variable": "skipped", "is": False}, {"variable": "wanted", "is": True}]


def test_a_label_moves_a_field(square: Path) -> None:
    supergraph = SUPERGRAPHS / "move.graphql"
    assert 'service: "new"' not in run("plan", "--supergraph", supergraph, square).stdout
    moved = run("plan", "--supergraph", supergraph, "--label", "edges", "--label", "doors", square)
    assert moved.stdout.splitlines()[0] == "# 1 fetch"
    assert 'service: "new"' in moved.stdout


def test_what_is_wrong_with_the_input_is_said(two: Path, square: Path, tmp_path: Path) -> None:
    library, move = SUPERGRAPHS / "library.graphql", SUPERGRAPHS / "move.graphql"
    broken = tmp_path / "broken.graphql"
    broken.write_text("{ books {")
    cases = {
        "The document has several operations": run("plan", "--supergraph", library, two),
        "no operation named 'Loans'": run("plan", "--supergraph", library, "--operation", "Loans", two),
        "GRAPHQL_PARSE_FAILED": run("plan", "--supergraph", library, broken),
        "overridden under the label windows": run("plan", "--supergraph", move, "--label", "windows", square),
        "cannot be read": run("plan", "--supergraph", library, tmp_path / "none.graphql"),
    }
    for expected, done in cases.items():
        assert (done.returncode, done.stdout) == (1, "")
        assert expected in done.stderr
        assert "Traceback" not in done.stderr
