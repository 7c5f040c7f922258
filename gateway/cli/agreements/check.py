"""`quipu agreements check`: everything that is wrong or doubtful, at once."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer

from gateway.cli.agreements.opened import (
    DATA,
    Data,
    Day,
    Folder,
    Language,
    SupergraphFile,
    language,
    open_supergraph,
    the_day,
)
from gateway.cli.arguments import Format
from gateway.cli.sample_agreements import FOLDER


def check(
    data: Data = DATA,
    folder: Folder = None,
    supergraph: SupergraphFile = None,
    day: Day = None,
    within: Annotated[int, typer.Option(min=0, help="Days: an agreement that ends sooner is told.")] = 60,
    lang: Language = "es",
    format_: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.TEXT,
) -> None:
    """Check agreements against the supergraph: signatures, fields, conditions, overlaps, dates.

    Exits 1 if there are errors; warnings alone do not fail. Files that cannot be taken, such as unsigned ones, come
    first: the rest is told when they are mended.
    """
    from gateway.access.agreements.register import RegisterError, read_register
    from gateway.access.agreements.review import ERROR, Finding, review
    from gateway.cli.agreements.wording import finding

    language(lang)
    graph, on = open_supergraph(data, supergraph), the_day(day)
    try:
        register = read_register(folder or data / FOLDER)
        found, count = review(register, graph, on, timedelta(days=within)), len(register.agreements)
    except RegisterError as error:
        found, count = [Finding(ERROR, "NOT_TAKEN", "-", None, (problem,)) for problem in error.problems], 0
    if format_ is Format.JSON:
        import orjson

        typer.echo(orjson.dumps({"findings": [asdict(one) for one in found]}, option=orjson.OPT_INDENT_2).decode())
    else:
        for one in found:
            typer.echo(finding(lang, one))
    errors = sum(one.level == ERROR for one in found)
    typer.echo(f"{count} agreements: {errors} errors, {len(found) - errors} warnings", err=True)
    if errors:
        raise typer.Exit(1)
