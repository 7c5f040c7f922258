"""`quipu agreements list`, `show` and `schema`: what there is, in a table and in sentences, and the files' form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.agreements.opened import DATA, Data, Day, Folder, Language, language, open_register, the_day
from gateway.cli.errors import CommandError

if TYPE_CHECKING:
    from gateway.access.agreements.document import Agreement, Grant


_WIDE = 160
"""Columns of a table that no terminal shows."""


def list_(data: Data = DATA, folder: Folder = None, day: Day = None, lang: Language = "es") -> None:
    """List the agreements, with their state on a day."""
    from rich.console import Console
    from rich.table import Table

    from gateway.cli.agreements.wording import words

    on, tongue = the_day(day), language(lang)
    heads = ("number", "version", "parties", "state", "until", "purposes", "digest")
    table = Table(*(words(tongue, head) for head in heads), box=None, pad_edge=False)
    for signed in open_register(data, folder).agreements:
        one = signed.agreement
        table.add_row(
            one.number,
            str(one.version),
            f"{one.consumer} → {one.provider}",
            words(tongue, one.state(on)),
            one.in_force_until.isoformat(),
            ", ".join(one.purposes),
            signed.digest[:12],
        )
    console = Console()
    (console if console.is_terminal else Console(width=_WIDE)).print(table)


def show(
    number: Annotated[str, typer.Argument(help="The agreement's number.")],
    data: Data = DATA,
    folder: Folder = None,
    day: Day = None,
    lang: Language = "es",
) -> None:
    """Say what an agreement gives, clause by clause."""
    tongue, on = language(lang), the_day(day)
    signed = next((one for one in open_register(data, folder).agreements if one.agreement.number == number), None)
    if signed is None:
        raise CommandError(f"no agreement has the number {number}; `quipu agreements list` shows them.")
    for line in told(signed.agreement, on, tongue):
        typer.echo(line)


def told(agreement: Agreement, day: date, lang: str) -> Iterator[str]:
    """The agreement in sentences."""
    from gateway.cli.agreements.wording import words

    yield f"{agreement.number} (v{agreement.version}) · {agreement.consumer} → {agreement.provider}"
    yield agreement.title
    dates = (agreement.signed_on, agreement.in_force_from, agreement.in_force_until)
    yield words(lang, "dates", *dates, words(lang, agreement.state(day)))
    yield words(lang, "basis", "; ".join(agreement.legal_basis))
    yield words(lang, "internal") if agreement.is_internal else words(lang, "for", ", ".join(agreement.purposes))
    if agreement.suspension is not None:
        yield words(lang, "suspended", agreement.suspension.from_, agreement.suspension.reason)
    for grant in agreement.grants:
        yield ""
        yield from _clause(grant, lang)
    obligations = agreement.obligations
    yield ""
    if obligations.mask_documents:
        yield words(lang, "masked")
    if obligations.page_limit is not None:
        yield words(lang, "pages", obligations.page_limit)
    if obligations.retention:
        yield words(lang, "retention", obligations.retention)


def _clause(grant: Grant, lang: str) -> Iterator[str]:
    from gateway.cli.agreements.wording import conditions, words

    purposes = words(lang, "for_purposes", ", ".join(grant.purposes)) if grant.purposes else ""
    yield words(lang, "clause", grant.clause, ", ".join(grant.roles), purposes, ", ".join(grant.fields))
    if grant.conditions:
        yield words(lang, "only_if", conditions(lang, grant))
    if grant.assignment:
        yield words(lang, "only_assigned")


def schema() -> None:
    """Print the JSON Schema of an agreement's file."""
    import orjson

    from gateway.access.agreements.document import schema as form

    typer.echo(orjson.dumps(form(), option=orjson.OPT_INDENT_2).decode())
