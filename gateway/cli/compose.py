"""`quipu compose`: subgraphs, files or running, into one supergraph."""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.arguments import Format
from gateway.cli.composing.recipe import Recipe, least_grave, make_recipe
from gateway.cli.errors import CommandError


class FailOn(StrEnum):
    """What refuses a supergraph: any hint, or those of a level and graver ones."""

    HINTS = "hints"
    WARNING = "warning"
    INFO = "info"
    DEBUG = "debug"


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
        FailOn | None,
        typer.Option(help="Write nothing if there is a hint: any (hints), or one of this level or a graver one."),
    ] = None,
    format_: Annotated[
        Format, typer.Option("--format", help="text, or json: one JSON object on stdout, on one line.")
    ] = Format.TEXT,
    verbose: Annotated[bool, typer.Option("--verbose", help="Tell hints of level debug too.")] = False,
    watch: Annotated[
        bool,
        typer.Option(
            "--watch",
            help="Compose again whenever a file or what a subgraph answers has changed, until Ctrl-C. --out holds the "
            "last supergraph that was good.",
        ),
    ] = False,
    interval: Annotated[float, typer.Option(help="Seconds between looks, with --watch.")] = 1.0,
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
      places      subgraph; file or url (the other is null); line, from 1,
                  and source, its text (a description and the line after
                  it), or null
    """
    flags = {"out": out, "keys": keys, "deadline": deadline, "fail_on": least_grave(fail_on)}
    read_recipe = partial(make_recipe, subgraphs or [], url or [], config, flags)
    if watch:
        _watch(read_recipe, format_, verbose, interval)
    elif not _compose(read_recipe(), format_, verbose):
        raise typer.Exit(1)


def _compose(recipe: Recipe, format_: Format, verbose: bool) -> bool:
    """Is there a supergraph now?"""
    import asyncio

    from gateway.cli.composing.once import compose_once
    from gateway.cli.composing.report import Report
    from gateway.cli.composing.schemas import read_schemas

    return compose_once(recipe, asyncio.run(read_schemas(recipe)), Report(format_ is Format.JSON, verbose))


def _watch(read_recipe: Callable[[], Recipe], format_: Format, verbose: bool, interval: float) -> None:
    from gateway.cli.composing.report import Report
    from gateway.cli.composing.watch import Watch

    if read_recipe().out is None:
        raise CommandError("--watch needs a file for the supergraph: pass --out.")
    if not (interval > 0 and math.isfinite(interval)):
        raise CommandError("--interval is in seconds, above zero.")
    Watch(read_recipe, Report(format_ is Format.JSON, verbose), interval).run()
