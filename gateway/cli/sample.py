"""`quipu sample`: invented databases of the four institutions, as such institutions have them."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.errors import CommandError

FILES = ("judiciary.db", "prosecution.db", "constitutional_court.db", "academy.db", "truth.json")


def sample(
    data: Annotated[Path, typer.Option(help="The folder for the databases, made if missing.")],
    cases: Annotated[int, typer.Option(min=0, help="Invented cases, beside the worked ones.")] = 1000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same data.")] = 20240304,
    fresh: Annotated[bool, typer.Option("--fresh", help="Put new databases in place of the folder's own.")] = False,
) -> None:
    """Make sample databases: invented people, documents and cases (DATOS FICTICIOS).

    truth.json beside them says which links between institutions are broken, and how.
    """
    present = [name for name in FILES if (data / name).exists()]
    if present and not fresh:
        raise CommandError(f"{data} already has {', '.join(present)}: pass --fresh to make them anew.")
    try:
        make_sample(data, cases, seed)
    except OSError as error:
        raise CommandError(f"{data} cannot be written: {error.strerror}.") from error
    except sqlite3.OperationalError as error:
        raise CommandError(f"{data} cannot be written: {error}.") from error
    typer.echo(data)


def make_sample(data: Path, cases: int, seed: int) -> None:
    """Writes the sample over what the folder has of it, with a progress bar on stderr.

    Raises OSError or sqlite3.OperationalError.
    """
    from rich.console import Console
    from rich.progress import Progress

    from subgraphs.sample.generate import generate

    # Before the bar, so that a folder that cannot be made leaves one line.
    data.mkdir(parents=True, exist_ok=True)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Sample cases", total=cases)
        generate(data, cases, seed, lambda done, _all: bar.update(task, completed=done))
