"""`quipu ledger rotate`: a new key of the log."""

from __future__ import annotations

import typer

from gateway.cli.errors import CommandError
from gateway.cli.ledger.place import DATA, Data, KeysFolder, keys_folder, read_keys


def rotate(data: Data = DATA, keys: KeysFolder = None) -> None:
    """Make a new signing key, and print its public half.

    Heads are signed by the new key and the one before it, at once, also by a gateway that runs; older private keys are
    removed. Whoever knows the key before can verify until the next change: publish ledger.pub, which has all of them.
    Gateways that share a ledger in PostgreSQL are given the same folder of keys.
    """
    from gateway.ledger.keys import PUBLIC_FILE
    from gateway.ledger.keys import rotate as rotated

    folder = keys_folder(data, keys)
    origin = read_keys(folder / PUBLIC_FILE)[-1].name
    try:
        key = rotated(folder, origin)
    except (OSError, ValueError) as error:
        raise CommandError(f"the keys in {folder} cannot be changed: {error}") from error
    typer.echo(key.public)
