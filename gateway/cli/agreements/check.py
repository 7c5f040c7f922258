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
    open_register,
    open_supergraph,
    the_day,
)
from gateway.cli.arguments import Format


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

    Exits 1 if there are errors; warnings alone do not fail.
    """
    from gateway.access.agreements.review import ERROR, review
    from gateway.cli.agreements.wording import finding

    language(lang)
    register = open_register(data, folder)
    found = review(register, open_supergraph(data, supergraph), the_day(day), timedelta(days=within))
    if format_ is Format.JSON:
        import orjson

        typer.echo(orjson.dumps({"findings": [asdict(one) for one in found]}, option=orjson.OPT_INDENT_2).decode())
    else:
        for one in found:
            typer.echo(finding(lang, one))
    errors = sum(one.level == ERROR for one in found)
    typer.echo(f"{len(register.agreements)} agreements: {errors} errors, {len(found) - errors} warnings", err=True)
    if errors:
        raise typer.Exit(1)
