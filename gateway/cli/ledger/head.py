"""`quipu ledger head`: the last signed tree head, for whoever keeps heads."""

from __future__ import annotations

import typer

from gateway.cli.ledger.place import DATA, Data, Key, Place, Url, run, signed_head, the_place


def head(data: Data = DATA, ledger: Url = None, key: Key = None) -> None:
    """Print the ledger's last signed head (a C2SP checkpoint), to be kept for `quipu ledger verify --since`."""
    typer.echo(run(_head(the_place(data, ledger, key))), nl=False)


async def _head(place: Place) -> str:
    from gateway.ledger.opened import open_reader

    async with open_reader(place.url) as reader:
        return str(await signed_head(reader, place.keys()))
