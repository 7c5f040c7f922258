"""What `quipu compose` tells, to a person and to a machine, and when it refuses."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from command_kit import COMMAND, run
from composition_kit import LIBRARY
from rich.console import Console

from gateway.cli.composing.progress import shown
from gateway.cli.composing.recipe import Recipe, Wanted
from gateway.cli.composing.verdict import judge
from gateway.cli.issues import excerpt, printable
from gateway.federation.composition.errors import Level
from gateway.federation.supergraph.read import read_supergraph

LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])'
CLASH = {"a": "type Query { x: Int }", "b": "type Query { x: String }"}
HINTED = {
    "a": '"A thing" type Query { x(f: Int = 1): Int @shareable  p: P } type P @shareable { y: Int  z: Int }',
    "b": '"Another" type Query { x(f: Int): Int! @shareable } type P @shareable { y: Int }',
}
"""A warning (descriptions), an info (types) and hints of level debug (fields of value types)."""


def written(folder: Path, sdls: dict[str, str]) -> list[str]:
    """The arguments that name these subgraphs, each in a file."""
    for name, sdl in sdls.items():
        (folder / f"{name}.graphql").write_text(f"{LINK}\n{sdl}\n")
    return [f"{name}={folder / f'{name}.graphql'}" for name in sdls]


def codes(issues: list[dict[str, object]]) -> set[tuple[object, object]]:
    return {(issue["level"], issue["code"]) for issue in issues}


def test_json_says_everything_in_one_object(tmp_path: Path) -> None:
    done = run("compose", *written(tmp_path, CLASH), "--format", "json", "--out", tmp_path / "out.graphql")
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (1, "", 1)
    told = json.loads(done.stdout)
    assert {key: told[key] for key in ("composed", "out", "supergraph", "hints")} == {
        "composed": False,
        "out": None,
        "supergraph": None,
        "hints": [],
    }
    issue = next(issue for issue in told["errors"] if issue["code"] == "FIELD_TYPE_MISMATCH")
    message = issue.pop("message")
    assert message.endswith(".")
    assert issue == {
        "code": "FIELD_TYPE_MISMATCH",
        "level": "error",
        "coordinate": "Query.x",
        "places": [
            {"subgraph": name, "file": str(tmp_path / f"{name}.graphql"), "url": None, "line": 2, "source": sdl}
            for name, sdl in CLASH.items()
        ],
    }


def test_json_has_the_supergraph_itself_unless_it_is_written_to_a_file(tmp_path: Path) -> None:
    arguments, out = written(tmp_path, HINTED), tmp_path / "out.graphql"
    inside = json.loads(run("compose", *arguments, "--format", "json").stdout)
    beside = json.loads(run("compose", *arguments, "--format", "json", "--out", out).stdout)
    assert (inside["composed"], inside["out"], inside["errors"]) == (True, None, [])
    assert (beside["composed"], beside["out"], beside["supergraph"]) == (True, str(out), None)
    assert inside["supergraph"] == out.read_text()
    assert set(read_supergraph(inside["supergraph"]).subgraphs) == {"a", "b"}
    assert inside["hints"] == beside["hints"]
    assert {"warning", "info", "debug"} == {issue["level"] for issue in inside["hints"]}


def test_hints_come_by_level_with_debug_only_if_asked_for_and_are_counted(tmp_path: Path) -> None:
    arguments = written(tmp_path, HINTED)
    brief, whole = run("compose", *arguments), run("compose", *arguments, "--verbose")
    assert brief.returncode == whole.returncode == 0
    assert brief.stdout == whole.stdout
    read_supergraph(brief.stdout)
    levels = [re.findall(r"^(error|warning|info|debug) [A-Z_]+ ", done.stderr, re.M) for done in (brief, whole)]
    assert levels[1] == sorted(levels[1], key=["error", "warning", "info", "debug"].index)
    assert levels[0] == [level for level in levels[1] if level != "debug"]
    assert "debug" in levels[1]
    last = brief.stderr.splitlines()[-1]
    assert last.startswith("Composed 2 subgraphs: ")
    assert f"{levels[1].count('debug')} debug hint" in last
    assert last.endswith("--verbose shows those of level debug.")


@pytest.mark.parametrize(
    ("level", "sdls", "composed"),
    [
        ("warning", HINTED, False),
        ("info", HINTED, False),
        ("debug", HINTED, False),
        ("warning", {"a": "type Query { x: P } type P { y: Int }"}, True),
        ("warning", {"a": "type Query @shareable { x: Int }", "b": "type Query @shareable { x: Int! }"}, True),
        ("info", {"a": "type Query @shareable { x: Int }", "b": "type Query @shareable { x: Int! }"}, False),
    ],
)
def test_hints_as_grave_as_fail_on_says_refuse_the_supergraph(
    level: Level, sdls: dict[str, str], composed: bool
) -> None:
    recipe = Recipe(tuple(Wanted(name, Path(name)) for name in sdls), fail_on=level)
    verdict = judge(recipe, {name: f"{LINK}\n{sdl}" for name, sdl in sdls.items()})
    assert (verdict.errors, verdict.supergraph is not None, verdict.refused is None) == ((), composed, composed)


def test_a_refusal_by_hints_is_no_success_and_json_tells_it_from_mistakes(tmp_path: Path) -> None:
    out = tmp_path / "out.graphql"
    arguments = [*written(tmp_path, HINTED), "--fail-on", "warning", "--out", out]
    done, as_json = run("compose", *arguments), run("compose", *arguments, "--format", "json")
    assert (done.returncode, as_json.returncode, out.exists()) == (1, 1, False)
    assert "Composed, but not written, since no hint of level warning is taken" in done.stderr
    told = json.loads(as_json.stdout)
    assert (told["composed"], told["out"], told["supergraph"], told["errors"]) == (False, None, None, [])
    assert ("warning", "INCONSISTENT_DESCRIPTION") in codes(told["hints"])


def test_fail_on_hints_takes_no_hint_at_all(tmp_path: Path) -> None:
    out = tmp_path / "out.graphql"
    unused = written(tmp_path, {"a": "type Query { x: Int } enum Unused { A }"})
    assert run("compose", *unused, "--fail-on", "info", "--out", tmp_path / "taken.graphql").returncode == 0
    refused = run("compose", *unused, "--fail-on", "hints", "--out", out)
    assert (refused.returncode, out.exists()) == (1, False)


@contextmanager
def silent() -> Iterator[str]:
    """The address of a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/graphql"


def test_each_subgraph_that_gives_no_schema_is_named_and_all_are_asked_side_by_side(tmp_path: Path) -> None:
    with silent() as one, silent() as two:
        asked = [f"one={one}", f"two={two}", "gone=http://127.0.0.1:1/graphql", f"file={tmp_path / 'none.graphql'}"]
        started = time.monotonic()
        done = run("compose", *asked, *written(tmp_path, CLASH), "--deadline", "3", "--format", "json")
        took = time.monotonic() - started
    told = json.loads(done.stdout)
    assert (done.returncode, told["composed"]) == (1, False)
    assert [(issue["places"][0]["subgraph"], issue["code"]) for issue in told["errors"]] == [
        ("one", "SUBGRAPH_TIMEOUT"),
        ("two", "SUBGRAPH_TIMEOUT"),
        ("gone", "SUBGRAPH_UNREACHABLE"),
        ("file", "FILE_UNREADABLE"),
    ]
    assert f"{one}: one did not answer in time. It had 3 s" in told["errors"][0]["message"]
    assert took >= 3


def on_a_terminal(*arguments: str, **environment: str) -> str:
    """What the command shows of its stderr on a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "compose", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm-256color", **environment},
    )
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 65_536):
            shown += part
    except OSError:  # Linux's way of saying that the other side is closed
        pass
    finally:
        os.close(ours)
        process.wait(timeout=60)
    return shown.decode().replace("\r\n", "\n")


def test_a_terminal_is_shown_colours_unless_it_wants_none(tmp_path: Path) -> None:
    arguments = written(tmp_path, CLASH)
    plain = run("compose", *arguments).stderr
    colours = on_a_terminal(*arguments)
    assert "\x1b[" not in plain
    assert "\x1b[1;31merror\x1b[0m" in colours
    assert re.sub(r"\x1b\[[\d;]*m", "", colours) == plain
    assert not re.search(r"\x1b\[[\d;]*3\dm", on_a_terminal(*arguments, NO_COLOR="1"))


@pytest.mark.parametrize(
    ("source", "coordinate", "marked"),
    [
        ("type T { id: ID! name: String }", "T.name", "name"),
        ("type T { f(first: Int): Int }", "T.f(first:)", "first"),
        ("type T { f: Int }", "T.f(first:)", "f"),
        ('  extend type T @key(fields: "id") {', "T.name", "T"),
        ("  names: [String]  ", "T.name", "names: [String]"),
        ("\ttags: [Tag]", "@tag", "tags: [Tag]"),
        ("anything", None, "anything"),
        ("", "T.f", ""),
    ],
)
def test_what_the_coordinate_names_is_marked(source: str, coordinate: str | None, marked: str) -> None:
    shown = excerpt(source, coordinate)
    assert shown.text[shown.start : shown.end] == marked


def test_a_long_line_is_cut_around_what_is_marked() -> None:
    fields = " ".join(f"field{number}: Int" for number in range(1000))
    shown = excerpt(f"type T {{ {fields} }}", "T.field500")
    assert shown.text[shown.start : shown.end] == "field500"
    assert (shown.text[0], shown.text[-1], len(shown.text)) == ("…", "…", 122)
    assert excerpt("x" * 500, "T.f").text == "x" * 120 + "…"


def test_what_a_subgraph_wrote_does_not_steer_the_terminal(tmp_path: Path) -> None:
    assert printable("a\x1b[2Jb\x9bc\nd", "\n") == "a\N{REPLACEMENT CHARACTER}[2Jb\N{REPLACEMENT CHARACTER}c\nd"
    done = run("compose", *written(tmp_path, {"a": "type Query { \x1b[2J }"}))
    assert (done.returncode, "INVALID_GRAPHQL" in done.stderr, "\x1b" in done.stderr) == (1, True, False)


def test_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        done = run("compose", *[f"{path.stem}={path}" for path in sorted(LIBRARY.glob("*.graphql"))], "--out", pipe)
        text = os.read(reader, 1_000_000).decode()
    finally:
        os.close(reader)
    assert (done.returncode, pipe.is_fifo()) == (0, True)
    read_supergraph(text)


def test_a_link_to_the_supergraph_stays_a_link(tmp_path: Path) -> None:
    link = tmp_path / "link.graphql"
    link.symlink_to(tmp_path / "real.graphql")
    assert run("compose", *written(tmp_path, {"a": "type Query { x: Int }"}), "--out", link).returncode == 0
    assert link.is_symlink()
    read_supergraph((tmp_path / "real.graphql").read_text())


@pytest.mark.parametrize(("terminal", "patience", "seen"), [(True, 0, True), (True, 60, False), (False, 0, False)])
def test_progress_is_shown_on_a_terminal_where_it_takes_long(terminal: bool, patience: float, seen: bool) -> None:
    console = Console(file=io.StringIO(), force_terminal=terminal, force_interactive=terminal, width=100)
    recipe = Recipe(tuple(Wanted(name, Path(name)) for name in CLASH))
    with shown(console, patience) as on_progress:
        judge(recipe, {name: f"{LINK}\n{sdl}" for name, sdl in CLASH.items()}, on_progress)
    assert isinstance(console.file, io.StringIO)
    assert (console.file.getvalue() != "", "Checking what was merged" in console.file.getvalue()) == (seen, seen)


DESCRIBED = {
    "a": 'type Query {\n  "A number"\n  x: Int\n}',
    "b": 'type Query {\n  """\n  Words \\""" and\n  words\n  and words\n  """\n\n  x: String }',
}


def test_of_what_is_described_the_definition_is_shown_too(tmp_path: Path) -> None:
    arguments = written(tmp_path, DESCRIBED)
    shown = run("compose", *arguments).stderr.split("\n\n")[0].splitlines()
    assert shown[1:] == [
        f"  a ({tmp_path / 'a.graphql'}):3",
        '      3 |   "A number"',
        "      4 |   x: Int",
        "        |   ^",
        f"  b ({tmp_path / 'b.graphql'}):3",
        '      3 |   """',
        '      4 |   Words \\""" and',
        "      5 |   words",
        "      … |",
        "      9 |   x: String }",
        "        |   ^",
    ]
    [place, _] = json.loads(run("compose", *arguments, "--format", "json").stdout)["errors"][0]["places"]
    assert (place["line"], place["source"]) == (3, '  "A number"\n  x: Int')
