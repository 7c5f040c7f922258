"""`quipu sample`: invented databases of the four institutions, as such institutions have them.

They are written beside the folder's content first and moved in when whole, so that a run that is stopped leaves
nothing half made.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
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
    typer.echo(data)


def make_sample(data: Path, cases: int, seed: int) -> None:
    """Writes the sample with a progress bar on stderr, over what the folder has of it. Raises OSError."""
    from rich.console import Console
    from rich.progress import Progress

    from subgraphs.sample.generate import generate

    data.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix=".sample-", dir=data) as making,
        Progress(console=Console(stderr=True), transient=True) as bar,
    ):
        task = bar.add_task("Sample cases", total=cases)
        generate(Path(making), cases, seed, _report(lambda done: bar.update(task, completed=done)))
        for name in FILES:
            (Path(making) / name).replace(data / name)


def _report(update: Callable[[int], None]) -> Callable[[int, int], None]:
    return lambda done, _all: update(done)
