"""`quipu sample`: invented databases of the four institutions, as such institutions have them."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.errors import CommandError
from gateway.cli.sample_agreements import make_agreements

if TYPE_CHECKING:
    from rich.progress import Progress

    from subgraphs.common.postgresql import DatabaseUrl
    from subgraphs.sample.load import ReaderAccount

INSTITUTIONS = ("judiciary", "prosecution", "constitutional_court", "academy")
FILES = (*(f"{name}.db" for name in INSTITUTIONS), "truth.json")


def sample(
    data: Annotated[Path, typer.Option(help="The folder for the databases, made if missing.")],
    cases: Annotated[int, typer.Option(min=0, help="Invented cases, beside the worked ones.")] = 1000,
    seed: Annotated[
        int | None, typer.Option(help="The same seed gives the same data; the demo's if not given.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Put new databases in place of those that are there.")] = False,
    load: Annotated[
        list[str] | None,
        typer.Option(help="NAME=postgresql://…: copy that institution's database there; may be repeated."),
    ] = None,
    reader: Annotated[
        str | None,
        typer.Option(
            help="With --load: an account that may read what was copied, and no more. It is made if missing, with the "
            "password in the environment's QUIPU_READER_PASSWORD."
        ),
    ] = None,
) -> None:
    """Make sample databases: invented people, documents and cases (DATOS FICTICIOS).

    truth.json beside them says which links between institutions are broken, and how; agreements, signed by invented
    keys, say who may read what. With --load, databases that the
    folder already has are copied as they are.
    """
    from subgraphs.sample.load import ReaderAccount

    targets = _targets(load or [])
    if reader is not None and not targets:
        raise CommandError("--reader comes with --load.")
    present = [name for name in FILES if (data / name).exists()]
    if present and not fresh and not (targets and len(present) == len(FILES)):
        raise CommandError(f"{data} already has {', '.join(present)}: pass --fresh to make them anew.")
    if fresh or not present:
        _make(data, cases, seed)
    account = ReaderAccount(reader, os.environ.get("QUIPU_READER_PASSWORD")) if reader else None
    for name, url in targets.items():
        _load(name, data, url, account, fresh)
    typer.echo(data)


def make_sample(data: Path, cases: int, seed: int | None = None) -> None:
    """Writes the sample over what the folder has of it, with a progress bar on stderr.

    Raises OSError or sqlite3.OperationalError.
    """
    from subgraphs.sample.generate import DEFAULT_SEED, generate

    # Before the bar, so that a folder that cannot be made leaves one line.
    data.mkdir(parents=True, exist_ok=True)
    with _progress_bar() as bar:
        task = bar.add_task("Sample cases", total=cases)
        generate(
            data, cases, DEFAULT_SEED if seed is None else seed, lambda done, _all: bar.update(task, completed=done)
        )


def _make(data: Path, cases: int, seed: int | None) -> None:
    try:
        make_sample(data, cases, seed)
        make_agreements(data)
    except OSError as error:
        raise CommandError(f"{data} cannot be written: {error.strerror}.") from error
    except sqlite3.OperationalError as error:
        raise CommandError(f"{data} cannot be written: {error}.") from error


def _load(name: str, data: Path, url: DatabaseUrl, reader: ReaderAccount | None, fresh: bool) -> None:
    from subgraphs.common.postgresql import DatabaseError
    from subgraphs.sample.load import load_sample

    with _progress_bar() as bar:
        task = bar.add_task(f"Tables of {name}", total=None)

        def progress(done: int, all_: int) -> None:
            bar.update(task, completed=done, total=all_)

        try:
            asyncio.run(load_sample(name, data, url, reader, fresh, progress))
        except DatabaseError as error:
            raise CommandError(f"{name}: {error}") from error


def _progress_bar() -> Progress:
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    return Progress(console=console, transient=True, disable=not console.is_terminal)


def _targets(given: list[str]) -> dict[str, DatabaseUrl]:
    """The URLs by institution. What was typed is not repeated in an error: it may be a password."""
    from subgraphs.common.postgresql import DatabaseError, DatabaseUrl

    targets = {}
    for entry in given:
        name, _, url = entry.partition("=")
        if name not in INSTITUTIONS:
            raise CommandError(f"--load: write NAME=postgresql://…, NAME one of {', '.join(INSTITUTIONS)}.")
        try:
            targets[name] = DatabaseUrl.parse(url)
        except DatabaseError as error:
            raise CommandError(f"--load {name}: {error}") from error
    return targets
