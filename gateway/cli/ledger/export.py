"""`quipu ledger export`: the records with their proofs, for whoever wants to verify them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from gateway.cli.errors import CommandError
from gateway.cli.ledger.place import DATA, Data, Key, Url, run, signed_head, the_place

if TYPE_CHECKING:
    from gateway.cli.ledger.place import Place
    from gateway.ledger.checkpoint import Checkpoint, PublicKey


def export(
    out: Annotated[Path | None, typer.Option(help="The file; one that is there goes on where it ends.")] = None,
    start: Annotated[
        int | None, typer.Option("--from", min=0, help="The first position, in place of the file's end.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="The most records.")] = None,
    data: Data = DATA,
    ledger: Url = None,
    key: Key = None,
) -> None:
    """Write the records as JSON Lines: a head, then a record a line with its position and its proof.

    An export that broke off, or one of yesterday, is taken up again: a line that was not finished is cut off, and the
    new part proves that its head continues the one before. `quipu ledger verify FILE --key ledger.pub` verifies it all.
    """
    place = the_place(data, ledger, key)
    keys = place.keys()
    if out is None:
        run(_export(place, keys, sys.stdout.buffer, start or 0, limit, None))
        return
    try:
        with out.open("a+b") as file:
            end, since = _taken_up(file, keys)
            if start is not None and start != end:
                raise CommandError(f"{out} ends before position {end}: leave --from away, or name another file.")
            run(_export(place, keys, file, end, limit, since))
    except OSError as error:
        raise CommandError(f"{out} cannot be used: {error.strerror}.") from error


async def _export(
    place: Place, keys: list[PublicKey], file: BinaryIO, start: int, limit: int | None, since: Checkpoint | None
) -> None:
    from gateway.ledger.export import export
    from gateway.ledger.opened import open_reader
    from gateway.ledger.rollback import continues

    async with open_reader(place.url) as reader:
        head = await signed_head(reader, keys)
        if since is not None:
            await continues(reader, since.head)
        if start > head.head.size:
            raise CommandError(f"there is no position {start} under the last head: it has {head.head.size} records.")
        stop = head.head.size if limit is None else min(head.head.size, start + limit)
        async for line in export(reader, head, start, stop, since):
            file.write(line + b"\n")
    typer.echo(f"positions {start} to {stop - 1}, of {head.head.size}." if stop > start else "nothing new.", err=True)


def _taken_up(file: BinaryIO, keys: list[PublicKey]) -> tuple[int, Checkpoint | None]:
    """The position where the file ends, and its last head. What is no whole line at its end is cut off."""
    from gateway.ledger.checkpoint import trusted
    from gateway.ledger.export import ends_at

    file.seek(0)
    try:
        end, note, whole = ends_at(file)
        file.truncate(whole)
        return end, None if note is None else trusted(note, keys)
    except ValueError as error:
        raise CommandError(f"{file.name} is no export of this log: {error}") from error
