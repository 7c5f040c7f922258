"""How far a composition is, shown on a terminal while it takes long."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from gateway.federation.composition.progress import OnProgress, unheard
from gateway.federation.composition.progress import Progress as Stage

_WORDS = {
    "read": "Reading",
    "validate": "Looking at each subgraph",
    "merge": "Merging",
    "check": "Checking what was merged",
    "print": "Printing",
    "prove": "Proving that all can be queried",
}


@contextmanager
def shown(console: Console, patience: float = 1.0) -> Iterator[OnProgress]:
    """Gives what a composition is to tell; shows it on a terminal alone, after `patience` seconds, and takes it away
    at the end."""
    if not console.is_interactive:
        yield unheard
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=console, transient=True)
    task = bar.add_task("", total=None)
    begun = time.monotonic()

    def tell(stage: Stage) -> None:
        bar.update(task, description=_WORDS.get(stage.stage, stage.stage), completed=stage.done, total=stage.total)
        if time.monotonic() - begun >= patience:
            bar.start()

    try:
        yield tell
    finally:
        bar.stop()
