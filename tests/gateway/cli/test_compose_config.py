"""The configuration of `quipu compose`: what it says, what it may not say, and that arguments stand above it."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_kit import run
from composition_kit import LIBRARY

from gateway.cli.composing.recipe import Recipe, Wanted, make_recipe
from gateway.cli.composing.recipe_file import read_recipe
from gateway.cli.errors import CommandError
from gateway.federation.supergraph.read import read_supergraph

WHOLE = """
out = "out/supergraph.graphql"
fail_on = "info"
deadline = 2
keys = "keys"

[subgraphs.judiciary]
schema = "schemas/judiciary.graphql"
url = "https://pj.example/graphql"

[subgraphs.academy]
schema = "http://127.0.0.1:4004/graphql"
headers = { Authorization = "Bearer ${ACADEMY_TOKEN}", X-Who = "$5 ${ACADEMY_TOKEN}" }
"""


def config(folder: Path, text: str) -> Path:
    file = folder / "compose.toml"
    file.write_text(text)
    return file


def test_a_file_says_all_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACADEMY_TOKEN", "s3cret")
    file = config(tmp_path, WHOLE)
    headers = {"Authorization": "Bearer s3cret", "X-Who": "$5 s3cret"}
    assert read_recipe(file) == Recipe(
        (
            Wanted(
                "judiciary",
                tmp_path / "schemas" / "judiciary.graphql",
                "https://pj.example/graphql",
                {},
                f"subgraphs.judiciary.schema of {file}",
            ),
            Wanted("academy", "http://127.0.0.1:4004/graphql", "", headers, f"subgraphs.academy.schema of {file}"),
        ),
        tmp_path / "out" / "supergraph.graphql",
        "info",
        2.0,
        tmp_path / "keys",
    )


def test_arguments_stand_above_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACADEMY_TOKEN", "s3cret")
    flags = {"out": Path("elsewhere"), "deadline": 5.0, "fail_on": None, "keys": None}
    given = ["judiciary=mine.graphql", "ledger=ledger.graphql"]
    recipe = make_recipe(given, ["academy=https://amag.example"], config(tmp_path, WHOLE), flags)
    assert (recipe.out, recipe.deadline, recipe.fail_on) == (Path("elsewhere"), 5.0, "info")
    assert [(known.name, known.schema, known.url) for known in recipe.subgraphs] == [
        ("judiciary", Path("mine.graphql"), "https://pj.example/graphql"),
        ("academy", "http://127.0.0.1:4004/graphql", "https://amag.example"),
        ("ledger", Path("ledger.graphql"), ""),
    ]


def test_what_is_sent_to_one_address_is_not_sent_to_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACADEMY_TOKEN", "s3cret")
    recipe = make_recipe(["academy=http://other.example"], [], config(tmp_path, WHOLE), {})
    assert [known.headers for known in recipe.subgraphs] == [{}, {}]


SUBGRAPH = 'subgraphs.a.schema = "http://a.example"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("out = 1\n" + SUBGRAPH, "out: Input should be a valid string."),
        ("outt = 'x'\n" + SUBGRAPH, "outt: this key is not known; did you mean out?"),
        ("zebra = 'x'\n" + SUBGRAPH, "zebra: this key is not known; known here: subgraphs, out, fail_on"),
        ("fail_on = 'error'\n" + SUBGRAPH, "fail_on: Input should be 'hints', 'warning', 'info' or 'debug'."),
        ("deadline = 0\n" + SUBGRAPH, "deadline: Input should be greater than 0."),
        ("deadline = true\n" + SUBGRAPH, "deadline: Input should be a valid number."),
        ("deadline = inf\n" + SUBGRAPH, "deadline: Input should be a finite number."),
        ("", "subgraphs: it is missing."),
        ("[subgraphs]", "subgraphs: Dictionary should have at least 1 item after validation, not 0."),
        ("subgraphs.a = 'x'", "subgraphs.a: "),
        ("[subgraphs.a]\nurl = 'http://a'", "subgraphs.a.schema: it is missing."),
        ("subgraphs.a.schema = ''", "subgraphs.a.schema: String should have at least 1 character."),
        ("subgraphs.a.schema = 'http://:80'", "subgraphs.a.schema: http://:80 is no address"),
        (SUBGRAPH + "subgraphs.a.hedaers = {}", "subgraphs.a.hedaers: this key is not known; did you mean headers?"),
        (SUBGRAPH + "subgraphs.a.headers.X-Y = 1", "subgraphs.a.headers.X-Y: Input should be a valid string."),
        (SUBGRAPH + "subgraphs.a.headers.X-Y = '${NOT_SET_AT_ALL}'", "subgraphs.a.headers.X-Y: the environment has no"),
        (SUBGRAPH + "subgraphs.a.headers.'X Y' = ''", "subgraphs.a.headers.X Y: this is no name of a header."),
        (SUBGRAPH + "subgraphs.a.headers.Host = 'b'", "subgraphs.a.headers.Host: Quipu sets this header itself."),
        (SUBGRAPH + "subgraphs.a.headers.X-Y = 'a\\u000Ab'".replace("'", '"'), "that no header may have."),
        ("subgraphs.a.schema = 'a'\nsubgraphs.a.headers.X = 'y'", "subgraphs.a.headers: the schema is a file"),
        ("out = ", "is not TOML: Invalid value (at end of document)."),
        ("out = 'a'\nout = 'b'", "is not TOML: Cannot overwrite a value"),
    ],
)
def test_what_the_file_may_not_say_is_told_by_its_key(tmp_path: Path, text: str, said: str) -> None:
    file = config(tmp_path, text)
    with pytest.raises(CommandError) as refused:
        read_recipe(file)
    assert str(refused.value).startswith(str(file))
    assert said in str(refused.value)


def test_all_that_is_wrong_is_told_at_once_and_no_value_is_quoted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "s3cret\n")
    headers = 'subgraphs.a.headers = { Authorization = "${TOKEN}", Host = "hidd3n" }'
    for text, lines in (("x = 's3cret'\ny = 2\n" + SUBGRAPH, 2), (SUBGRAPH + headers, 2)):
        with pytest.raises(CommandError) as refused:
            read_recipe(config(tmp_path, text))
        assert str(refused.value).count("\n") == lines - 1
        assert "s3cret" not in str(refused.value)
        assert "hidd3n" not in str(refused.value)


def test_the_command_composes_what_the_file_says_and_names_the_key_of_a_missing_file(tmp_path: Path) -> None:
    lines = [f'subgraphs.{path.stem}.schema = "{path}"' for path in sorted(LIBRARY.glob("*.graphql"))]
    file = config(tmp_path, "\n".join(['out = "supergraph.graphql"', *lines, 'subgraphs.stock.url = "http://stock"']))
    done = run("compose", "--config", file)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert read_supergraph((tmp_path / "supergraph.graphql").read_text()).subgraphs["stock"].url == "http://stock"
    file.write_text(f'{file.read_text()}\nsubgraphs.new.schema = "new.graphql"\n')
    failed = run("compose", "--config", file)
    assert failed.returncode == 1
    expected = f"{tmp_path / 'new.graphql'} cannot be read: No such file or directory. It is subgraphs.new.schema of"
    assert expected in failed.stderr
    assert "Traceback" not in failed.stderr
