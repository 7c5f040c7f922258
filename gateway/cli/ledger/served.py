"""`quipu ledger served`: an institution's own record of what it served, as a file that it can hand over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.errors import CommandError


def served(
    database: Annotated[Path, typer.Option(help="The record that `quipu subgraph --served` keeps.")],
) -> None:
    """Print what an institution served as JSON Lines: a row a line, with the text that was recorded and its hash."""
    import sqlite3

    from subgraphs.common.served import served_lines

    try:
        for line in served_lines(database):
            typer.echo(line)
    except sqlite3.Error as error:
        raise CommandError(f"{database} cannot be read as a record of what was served: {error}.") from error
