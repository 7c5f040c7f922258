"""`quipu ledger verify`: whether a ledger, or what was exported of it, is what the log signed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.errors import CommandError
from gateway.cli.ledger.place import DATA, Data, Key, Place, Since, Url, kept_head, run, the_place

if TYPE_CHECKING:
    from gateway.ledger.checkpoint import Head, PublicKey
    from gateway.ledger.findings import Report

_REPAIR = (
    "Keep this one as it is, as evidence, and tell the institutions; restore a copy that verifies and holds at least "
    "as many records, or ask for the export again."
)


def verify(
    exported: Annotated[
        Path | None, typer.Argument(metavar="EXPORT", help="A file of `export` or `prove`, in place of a ledger.")
    ] = None,
    data: Data = DATA,
    ledger: Url = None,
    key: Key = None,
    since: Since = None,
) -> None:
    """Find and name whatever was changed, removed, inserted or reordered.

    The exit code is 0 only if all is well. Of an export no more is needed than the log's public key. --since takes a
    head that was kept, perhaps cosigned: a ledger that was rolled back, or that is another than was shown before, does
    not continue it. Of the demo the head that the gateway keeps beside its keys is looked at too.
    """
    if exported is not None:
        place = Place("", key) if key is not None else the_place(data, None, None)
        keys = place.keys()
        kept = [] if since is None else [kept_head(since, keys).head]
        _tell(_verified_file(exported, keys, kept))
        return
    place = the_place(data, ledger, key)
    keys = place.keys()
    heads = [path for path in (since, place.public.with_name("last-head")) if path is not None and path.exists()]
    if since is not None and since not in heads:
        raise CommandError(f"{since} cannot be read: there is no such file.")
    _tell(run(_verified(place, keys, [kept_head(path, keys).head for path in heads])))


async def _verified(place: Place, keys: list[PublicKey], kept: list[Head]) -> Report:
    from gateway.ledger.opened import open_reader
    from gateway.ledger.verify import verify

    async with open_reader(place.url) as reader:
        return await verify(reader, keys, kept)


def _verified_file(path: Path, keys: list[PublicKey], kept: list[Head]) -> Report:
    from gateway.ledger.verify_export import verify_export

    try:
        with path.open("rb") as file:
            return verify_export(file, keys, kept)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error


def _tell(report: Report) -> None:
    for finding in report.findings:
        typer.echo(finding)
    if report.more:
        typer.echo(f"and {report.more} more.")
    if not report.sound:
        raise CommandError(f"the ledger is not what was signed. {_REPAIR}")
    records = f"{report.stop - report.start} records, from position {report.start}" if report.stop else "no records"
    head = "no head" if report.size is None else f"the signed head of {report.size}"
    typer.echo(f"sound: {records}, under {head}.")
    if report.size is not None and report.size < report.stop:
        typer.echo(f"No head is signed yet of the last {report.stop - report.size}.", err=True)
