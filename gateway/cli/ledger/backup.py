"""`quipu ledger backup`: a consistent copy of a ledger in SQLite, while the gateway goes on."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.errors import CommandError
from gateway.cli.ledger.place import DATA, Data, Key, Url, the_place


def backup(
    folder: Annotated[Path, typer.Argument(help="The folder for the copy, made if missing; it holds none yet.")],
    data: Data = DATA,
    ledger: Url = None,
    key: Key = None,
) -> None:
    """Copy the ledger and the log's public keys into FOLDER.

    Private keys, the key of people and the last head stay where they are: keep copies of the signing keys elsewhere,
    and none of the key of people, or nobody can be forgotten. To restore, stop the gateway, put the copy in the place
    of the ledger, and run `quipu ledger verify`. The gateway refuses a copy that is older than the last head beside its
    keys.
    """
    import sqlite3

    from gateway.ledger.store import POSTGRESQL

    place = the_place(data, ledger, key)
    if place.url.startswith(POSTGRESQL):
        raise CommandError("copy a ledger in PostgreSQL with PostgreSQL's own means: pg_basebackup and WAL archiving.")
    copy = folder / "ledger.db"
    if copy.exists():
        raise CommandError(f"{copy} exists: name another folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _copy(Path(place.url), copy)
        shutil.copyfile(place.public, folder / "ledger.pub")
    except (OSError, sqlite3.Error) as error:
        raise CommandError(f"{place.url} cannot be copied to {folder}: {error}") from error
    typer.echo(f"quipu ledger verify --ledger {copy} --key {folder / 'ledger.pub'}")


def _copy(source: Path, target: Path) -> None:
    """As the source is at one moment, in one file."""
    import sqlite3
    from contextlib import closing

    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        reading.backup(writing)
        writing.execute("PRAGMA journal_mode = DELETE")
