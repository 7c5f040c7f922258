"""`quipu ledger forget`: nobody can tell any more whom the records name."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.errors import CommandError
from gateway.cli.ledger.place import DATA, Data, KeysFolder, keys_folder


def forget(
    data: Data = DATA,
    keys: KeysFolder = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Destroy the key under which records name people (and files under reserve). It cannot be undone.

    The records still verify; from now on new ones use a new key, also of a gateway that runs. Copies of the key that
    were made elsewhere are not reached.
    """
    from gateway.ledger.person_keys import FILE, destroy

    folder = keys_folder(data, keys)
    if not yes:
        typer.confirm(f"Destroy {folder / FILE}, for ever?", abort=True, err=True)
    try:
        found = destroy(folder)
    except OSError as error:
        raise CommandError(f"{folder / FILE} cannot be destroyed: {error.strerror}.") from error
    if not found:
        raise CommandError(f"{folder / FILE} is not there: nothing was destroyed.")
    typer.echo(f"{folder / FILE} is destroyed.", err=True)
