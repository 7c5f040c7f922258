"""`quipu ledger reconcile`: whether the ledger and the institutions say the same of what was read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.arguments import Format, named_values
from gateway.cli.errors import CommandError
from gateway.cli.ledger.place import DATA, LEDGER_FILE, Data, Url, run

if TYPE_CHECKING:
    from gateway.cli.ledger.comparison import Comparison, Finding, Kind

_SAYS = {
    "broken_chain": "broken chain",
    "not_served": "asked, not served",
    "not_asked": "served, not asked",
    "another_caller": "another caller",
    "not_confirmed": "not confirmed",
    "without_id": "served without an id",
}


def reconcile(
    served: Annotated[
        list[str],
        typer.Option(help="NAME=PATH: a subgraph, and its record or what `served` printed of it; repeatable."),
    ],
    data: Data = DATA,
    ledger: Url = None,
    start: Annotated[
        str | None, typer.Option("--from", help="Tell what is not before: 2026-11-01T08:00, or a day; of Lima.")
    ] = None,
    stop: Annotated[str | None, typer.Option("--until", help="Tell what is before this time or day, of Lima.")] = None,
    format_: Annotated[
        Format, typer.Option("--format", help="text, or json: JSON Lines, a finding a line and the summary last.")
    ] = Format.TEXT,
) -> None:
    """Compare the ledger with what institutions say that they served, and name what one has and the other has not.

    The exit code is 0 only if both say the same of these subgraphs. Who asked is compared, for each subgraph and
    request id; not how often within a request. A row that is missing where the operation had errors is told as not
    confirmed, and is no difference: the institution may not have been reached. Verify the ledger first; of a gateway
    that runs, compare --until some minutes ago.

    \b
    What --format json prints, every key always:
      kind      broken_chain, not_served, not_asked or another_caller, which
                are differences; not_confirmed or without_id
      subgraph, request, at
      caller    subject, institution, roles, purpose, reference, exceptional
      served    the caller that the institution names, or null
      row       that does not follow from the one before, or null
    The last line:
      equal     true or false
      asked     requests to these subgraphs in the ledger
      served    rows of the institutions
      findings  how many of each kind
    """
    from gateway.cli.ledger.comparison import Window, comparison

    paths = {name: Path(path) for name, path in named_values(served, "--served ", "PATH").items()}
    show = _as_json if format_ is Format.JSON else _as_text
    kinds: Counter[Kind] = Counter()
    window = Window(_time(start, "--from"), _time(stop, "--until"))
    if window.start is not None and window.stop is not None and window.start >= window.stop:
        raise CommandError(f"--from {start} is not before --until {stop}: nothing would be compared.")
    with comparison(window) as compared:
        for finding in _findings(compared, ledger or str(data / LEDGER_FILE), paths):
            kinds[finding.kind] += 1
            typer.echo(show(finding))
        asked, rows = compared.sizes()
    equal = not any(kind.differs for kind in kinds)
    if format_ is Format.JSON:
        typer.echo(json.dumps({"equal": equal, "asked": asked, "served": rows, "findings": kinds}))
    else:
        counts = "".join(f", {number} {_SAYS[kind]}" for kind, number in kinds.items())
        word = "equal" if equal else "different"
        typer.echo(f"{word}: {asked} requests in the ledger, {rows} rows of what was served{counts}.")
    if not equal:
        raise typer.Exit(1)


def _findings(compared: Comparison, ledger: str, paths: dict[str, Path]) -> Iterator[Finding]:
    """What is wrong within a side while both are read, and then what differs."""
    from gateway.cli.ledger.comparison import Finding, Kind
    from gateway.cli.ledger.sides import served

    for name, path in paths.items():
        for row in served(name, path):
            request = row.request
            compared.add_served(request)
            if not row.follows:
                yield Finding(Kind.BROKEN_CHAIN, name, request.request, request.at, request.caller, row=row.number)
    run(_add_asked(compared, ledger, paths))
    yield from compared.findings()


async def _add_asked(compared: Comparison, ledger: str, subgraphs: Container[str]) -> None:
    from gateway.cli.ledger.sides import asked
    from gateway.ledger.opened import open_reader

    async with open_reader(ledger) as reader:
        async for request, sure in asked(reader):
            if request.subgraph in subgraphs:
                compared.add_asked(request, sure)


def _as_json(finding: Finding) -> str:
    return json.dumps({**asdict(finding), "at": finding.at.isoformat()}, ensure_ascii=False)


def _as_text(finding: Finding) -> str:
    from gateway.cli.issues import printable

    row = "" if finding.row is None else f" row {finding.row}"
    where = f"{finding.subgraph}{row} {finding.request} {finding.at.isoformat()}"
    return printable(f"{_SAYS[finding.kind]}: {where} {_who(finding)}")


def _who(finding: Finding) -> str:
    """Who asked, or what both sides say of it where they differ."""
    caller = finding.caller
    if finding.served is None:
        return f"{caller.subject or 'nobody'} ({caller.institution or '-'}) for {caller.purpose or 'no purpose'}"
    said, told = asdict(caller), asdict(finding.served)
    return "; ".join(
        f"{name}: {said[name]!r} in the ledger, {told[name]!r} served" for name in said if said[name] != told[name]
    )


def _time(given: str | None, option: str) -> datetime | None:
    """Of Lima, if it says nothing else. Raises `CommandError`."""
    from gateway.access.agreements.register import LIMA

    try:
        time = None if given is None else datetime.fromisoformat(given)
    except ValueError as error:
        raise CommandError(f"{option} {given}: write a time, 2026-11-01T08:00, or a day, 2026-11-01.") from error
    return time.replace(tzinfo=LIMA) if time is not None and time.tzinfo is None else time
