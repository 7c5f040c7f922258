"""`quipu ledger prove`: proof of one record, or that the ledger continues a head that was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.errors import CommandError
from gateway.cli.ledger.place import DATA, Data, Key, Since, Url, kept_head, run, signed_head, the_place

if TYPE_CHECKING:
    from gateway.cli.ledger.place import Place
    from gateway.ledger.checkpoint import Checkpoint, PublicKey


def prove(
    position: Annotated[int | None, typer.Argument(min=0, help="Of the record.")] = None,
    data: Data = DATA,
    ledger: Url = None,
    key: Key = None,
    since: Since = None,
) -> None:
    """Print the proof as JSON Lines, for `quipu ledger verify FILE --key ledger.pub`.

    A line with the ledger's last head, and with --since the proof that it continues that one; then a line with the
    record of POSITION and the proof that it stands there.
    """
    if position is None and since is None:
        raise CommandError("say what to prove: a POSITION, or --since HEAD.")
    place = the_place(data, ledger, key)
    keys = place.keys()
    kept = None if since is None else kept_head(since, keys)
    run(_prove(place, keys, position, kept))


async def _prove(place: Place, keys: list[PublicKey], position: int | None, since: Checkpoint | None) -> None:
    from gateway.ledger.export import export
    from gateway.ledger.opened import open_reader
    from gateway.ledger.rollback import continues

    async with open_reader(place.url) as reader:
        head = await signed_head(reader, keys)
        size = head.head.size
        if position is not None and position >= size:
            raise CommandError(f"there is no position {position} under the last head: it has {size} records.")
        if since is not None:
            await continues(reader, since.head)
        start, stop = (size, size) if position is None else (position, position + 1)
        async for line in export(reader, head, start, stop, since):
            typer.echo(line)
