"""`quipu schema` as a user runs it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from command_kit import run
from federation_kit import FIXTURES
from graphql import build_client_schema, build_schema

LIBRARY = FIXTURES / "supergraphs" / "library.graphql"
OLD = "type Query { book: Book  old: Int @deprecated }\ntype Book { title: String  kind: Kind }\nenum Kind { NOVEL }\n"
NEW = "type Query { book: Book }\ntype Book { title: String @deprecated  kind: Kind }\nenum Kind { NOVEL POEM }\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    _write(tmp_path, {"old.graphql": OLD, "new.graphql": NEW})
    return tmp_path


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def test_changes_are_told_by_gravity_and_counted(folder: Path) -> None:
    done = run("schema", "check", folder / "old.graphql", folder / "new.graphql")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == (
        "Breaking\n"
        "  Query.old  The field was removed. It was deprecated: No longer supported\n"
        "\n"
        "Dangerous\n"
        "  Kind.POEM  A value was added, which clients may receive.\n"
        "\n"
        "Safe\n"
        "  Book.title  It is deprecated: No longer supported\n"
        "\n"
        "1 breaking, 1 dangerous, 1 safe.\n"
    )


def test_the_same_schema_has_no_changes() -> None:
    done = run("schema", "check", LIBRARY, LIBRARY)
    assert (done.returncode, done.stdout, done.stderr) == (0, "No changes.\n", "")


def test_a_supergraph_is_compared_by_what_its_clients_see(tmp_path: Path) -> None:
    printed = run("schema", "print", "--supergraph", LIBRARY)
    assert (printed.returncode, printed.stderr) == (0, "")
    assert "join__" not in printed.stdout
    build_schema(printed.stdout)
    _write(tmp_path, {"api.graphql": printed.stdout})
    assert run("schema", "check", LIBRARY, tmp_path / "api.graphql").stdout == "No changes.\n"


def test_operations_are_told_by_file_and_line(folder: Path) -> None:
    _write(
        folder,
        {
            "ops/kinds.graphql": "# of kinds\nquery Kinds { book { ...B kind } }",
            "ops/inner/fragments.gql": "fragment B on Book { title }",
            "ops/manifest.json": json.dumps({"operations": [{"id": "1f", "name": "Old", "body": "{ old }"}]}, indent=1),
            "ops/words.json": '{"hello": "Hola"}',
            "ops/wrong.graphql": "query Wrong { nothing }",
            "ops/.hidden/a.graphql": "{",
            "ops/node_modules/a/a.graphql": "{",
        },
    )
    done = run("schema", "check", folder / "old.graphql", folder / "new.graphql", "--operations", folder / "ops")
    assert done.returncode == 1
    assert done.stderr == f"{folder}/ops/words.json is left out: it is no manifest of persisted queries.\n"
    lines = done.stdout.replace(f"{folder}/ops/", "").splitlines()
    assert lines[1:3] == [
        "  Query.old  The field was removed. It was deprecated: No longer supported",
        "    Old (manifest.json:4)",
    ]
    assert lines.count("    Kinds (kinds.graphql:2)") == 2
    assert lines[lines.index("Operations that are no longer valid") + 1 :][:2] == [
        "  Old (manifest.json:4)",
        "    manifest.json:4: Cannot query field 'old' on type 'Query'.",
    ]
    assert "    wrong.graphql:1: Cannot query field 'nothing' on type 'Query'." in lines
    assert lines[-1] == (
        "1 breaking, 1 dangerous, 1 safe. 3 operations: 1 broken, 1 affected, 0 unaffected, 1 invalid."
    )


def test_only_what_operations_use_fails_if_so_asked(folder: Path) -> None:
    _write(folder, {"kinds.graphql": "{ book { kind } }", "old.gql": "{ old }"})
    given = (
        "schema",
        "check",
        folder / "old.graphql",
        folder / "new.graphql",
        "--operations",
        folder / "kinds.graphql",
    )
    unused = run(*given, "--breaking", "used")
    assert (unused.returncode, "no given operation is affected" in unused.stdout) == (0, True)
    assert run(*given).returncode == 1
    assert run(*given, "--breaking", "used", "--operations", folder / "old.gql").returncode == 1


def test_json_has_every_key(folder: Path) -> None:
    _write(folder, {"old.gql": "query Old { old book { title } }"})
    given = ("schema", "check", folder / "old.graphql", folder / "new.graphql", "--format", "json")
    alone = json.loads(run(*given).stdout)
    assert list(alone) == ["breaking", "dangerous", "safe", "operations"]
    assert alone["operations"] == []
    done = run(*given, "--operations", folder / "old.gql")
    told = json.loads(done.stdout)
    place = {"name": "Old", "file": f"{folder}/old.gql", "line": 1}
    assert told["breaking"] == [
        {
            "code": "FIELD_REMOVED",
            "coordinate": "Query.old",
            "message": "The field was removed. It was deprecated: No longer supported",
            "operations": [place],
        }
    ]
    [operation] = told["operations"]
    assert operation == {
        **place,
        "status": "broken",
        "changes": [
            {"code": "DEPRECATION_ADDED", "coordinate": "Book.title", "severity": "safe"},
            {"code": "FIELD_REMOVED", "coordinate": "Query.old", "severity": "breaking"},
        ],
        "errors": [
            {"message": "Cannot query field 'old' on type 'Query'.", "file": f"{folder}/old.gql", "line": 1},
        ],
    }


def test_a_schema_is_printed_to_a_file_in_both_formats(tmp_path: Path) -> None:
    sdl, introspection = tmp_path / "api.graphql", tmp_path / "api.json"
    assert run("schema", "print", "--supergraph", LIBRARY, "--out", sdl).stdout == ""
    done = run("schema", "print", "--supergraph", LIBRARY, "--format", "introspection", "--out", introspection)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    _write(tmp_path, {"told.graphql": ""})
    assert (
        build_client_schema(json.loads(introspection.read_text())).type_map.keys()
        == build_schema(sdl.read_text()).type_map.keys()
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("type Query {\n  a: Int\n", "bad.graphql:3: Syntax Error"),
        ("type Query {\n  a: Nothing\n}", "bad.graphql:2: Unknown type 'Nothing'."),
        ("type Query {\n  a: Int @nothing\n  b: Gone\n}", "bad.graphql:3: Unknown type 'Gone'."),
        ("type Book { a: Int }", "bad.graphql: Query root type must be provided."),
        (
            "type Query { a: I }\ninterface I { a: Int }\ntype A implements I { b: Int }",
            "bad.graphql:2: Interface field",
        ),
        (
            'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3")\ntype Query { a: Int }',
            "bad.graphql: this is a subgraph's schema. Compose it",
        ),
        (LIBRARY.read_text().replace("graph: STOCK", "graph: NOWHERE"), "bad.graphql: The supergraph is inconsistent"),
    ],
)
def test_a_schema_that_cannot_be_used_is_told_with_its_line(tmp_path: Path, text: str, expected: str) -> None:
    bad = tmp_path / "bad.graphql"
    bad.write_text(text)
    for done in (run("schema", "check", LIBRARY, bad), run("schema", "print", "--supergraph", bad)):
        assert (done.returncode, done.stdout) == (1, "")
        assert expected in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--breaking", "used"], "pass --operations"),
        (["--operations", "{folder}/empty"], "empty has no operation"),
        (["--operations", "{folder}/nowhere.graphql"], "nowhere.graphql cannot be read"),
        (["--operations", "{folder}/words.json"], "words.json has no operation"),
        (["--operations", "{folder}/notes.txt"], "notes.txt is no folder"),
    ],
)
def test_what_a_user_can_mend_is_said(folder: Path, arguments: list[str], expected: str) -> None:
    _write(folder, {"empty/.keep": "", "words.json": '{"hello": "Hola"}', "notes.txt": ""})
    given = [argument.format(folder=folder) for argument in arguments]
    done = run("schema", "check", folder / "old.graphql", folder / "new.graphql", *given)
    assert (done.returncode, done.stdout) == (1, "")
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
