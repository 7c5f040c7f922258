"""How far a composition is: told stage by stage, and item by item in the stages that take long."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` items of a stage; a stage begins with 0 and ends with its total."""

    stage: str
    """`read`, `validate`, `merge`, `check`, `print` or `prove`, in this order."""
    done: int
    total: int


OnProgress = Callable[[Progress], None]


def unheard(_: Progress) -> None:
    """Where nobody wants to know."""


def tracked(on_progress: OnProgress, stage: str, items: Sequence[T]) -> Iterator[T]:
    """The items of a stage, each told as it is done."""
    on_progress(Progress(stage, 0, len(items)))
    for done, item in enumerate(items, start=1):
        yield item
        on_progress(Progress(stage, done, len(items)))


@contextmanager
def whole(on_progress: OnProgress, stage: str) -> Iterator[None]:
    """A stage that is told when it begins and when it is done."""
    on_progress(Progress(stage, 0, 1))
    yield
    on_progress(Progress(stage, 1, 1))
