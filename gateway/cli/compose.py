"""`quipu compose`: subgraphs, files or running, into one supergraph."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.composing.recipe import Recipe, make_recipe


class Level(StrEnum):
    """Of hints, for `--fail-on`."""

    WARNING = "warning"
    INFO = "info"
    DEBUG = "debug"


class Format(StrEnum):
    """Of what is told."""

    TEXT = "text"
    JSON = "json"


def compose(
    subgraphs: Annotated[
        list[str] | None,
        typer.Argument(help="NAME=FILE_OR_URL: a subgraph's SDL, or the address where it is served."),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="A TOML file that says all of this. What is passed beside it wins.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The file for the supergraph; stdout if not given.")] = None,
    url: Annotated[
        list[str] | None, typer.Option(help="NAME=URL: where the subgraph of a file is served; repeatable.")
    ] = None,
    keys: Annotated[
        Path | None, typer.Option(help="Folder of the gateway's signing keys, for subgraphs that only it may ask.")
    ] = None,
    deadline: Annotated[
        float | None, typer.Option(help="Seconds for each subgraph that is asked, all side by side; 10 if not given.")
    ] = None,
    fail_on: Annotated[
        Level | None, typer.Option(help="Write nothing if there is a hint of this level or a graver one.")
    ] = None,
    format_: Annotated[
        Format, typer.Option("--format", help="text, or json: one JSON object on stdout, on one line.")
    ] = Format.TEXT,
    verbose: Annotated[bool, typer.Option("--verbose", help="Tell hints of level debug too.")] = False,
) -> None:
    """Compose subgraphs into a supergraph, for `quipu serve` and `quipu plan`.

    Mistakes and hints go to stderr, all of them: each with its code, what to do, and the lines where it is. The exit
    code is 0 only if there is a supergraph, which is then in --out or on stdout.

    \b
    A configuration (--config), whose paths are relative to its folder:
      out = "supergraph.graphql"
      fail_on = "warning"
      deadline = 10
      keys = "gateway-keys"
      # The schema is a file, or the address where the subgraph is served.
      subgraphs.judiciary.schema = "judiciary.graphql"
      subgraphs.judiciary.url = "https://pj.example/graphql"
      subgraphs.academy.schema = "https://amag.example/graphql"
      # Sent when it is asked; ${TOKEN} is read from the environment.
      subgraphs.academy.headers.Authorization = "Bearer ${TOKEN}"

    \b
    What --format json prints, every key always:
      composed    true if there is a supergraph
      out         the file that it was written to, or null
      supergraph  its SDL if no --out is given, or null
      errors      issues; none if hints of --fail-on are the reason
      hints       issues
    An issue:
      code, message
      level       error, warning, info or debug
      coordinate  Type.field(argument:), or null
      places      subgraph; file or url (the other is null), and line
                  (from 1) with its text, source, or null
    """
    flags = {"out": out, "keys": keys, "deadline": deadline, "fail_on": fail_on.value if fail_on else None}
    recipe = make_recipe(subgraphs or [], url or [], config, flags)
    if not _compose(recipe, format_, verbose):
        raise typer.Exit(1)


def _compose(recipe: Recipe, format_: Format, verbose: bool) -> bool:
    """Is there a supergraph now?"""
    from gateway.cli.composing.progress import shown
    from gateway.cli.composing.report import Report
    from gateway.cli.composing.schemas import read_schemas
    from gateway.cli.composing.verdict import judge
    from gateway.cli.files import write_whole

    report = Report(format_ is Format.JSON, verbose)
    schemas = read_schemas(recipe)
    with shown(report.console) as on_progress:
        verdict = judge(recipe, schemas, on_progress)
    if verdict.supergraph is not None and recipe.out is not None:
        write_whole(recipe.out, verdict.supergraph)
    report.tell(recipe, verdict)
    return verdict.supergraph is not None
