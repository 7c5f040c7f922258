"""Random sets of subgraphs, each the whole work of its seed: right ones, decorated, and most of them then broken.

A set begins as one of the oracle's worlds, which compose, or as subgraphs that agree on most (`plain_sets`). It is
decorated with what else the language has (`decorations`), given one to three faults or none (`faults`), and at last
each subgraph links its version of Federation, under the names that it likes.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from gateway.federation.composition.subgraph import Source

from ..gateway.federation.oracle.choices import Choices
from ..gateway.federation.oracle.schemas import Writer
from .decorations import decorate, decorate_last
from .faults import break_one
from .linking import downgrade, linked
from .loose import Draft, draft
from .plain_sets import plain_set

T = TypeVar("T")
VERSIONS = (3, 3, 5, 7, 8, 9, 9, 11, 12, 13, 14, 14)
FEDERATION_1 = (1, 0)


class RandomChoices(Choices):
    """Choices of a seed, where Hypothesis would be slow."""

    def __init__(self, seed: int | str) -> None:
        self.random = Random(seed)

    def count(self, least: int, most: int) -> int:
        return self.random.randint(least, most)

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def some(self, items: Sequence[T], least: int = 1, most: int | None = None) -> list[T]:
        if not items:
            return []
        most = len(items) if most is None else min(most, len(items))
        count = self.random.randint(min(least, most), most)
        return [items[index] for index in sorted(self.random.sample(range(len(items)), count))]


def subgraph_set(seed: int) -> tuple[Source, ...]:
    """The subgraphs of a seed."""
    choices = RandomChoices(seed)
    drafts = _right(choices)
    decorate(drafts, choices)
    for _ in range(choices.one((0, 0, 0, 0, 1, 1, 1, 2, 2, 3))):
        break_one(drafts, choices)
    # From a source of its own, so that what is decorated so does not change what the set is else.
    decorate_last(drafts, RandomChoices(f"{seed} last"))
    for each in drafts:
        if each.version < (2, 0):
            downgrade(each)
    return tuple(linked(each, choices) for each in drafts)


def _right(choices: Choices) -> list[Draft]:
    sdls = Writer(choices).write() if choices.chance(40) else plain_set(choices)
    common = FEDERATION_1 if choices.chance(10) else (2, choices.one(VERSIONS))
    drafts = []
    for name, sdl in sdls.items():
        version = common if choices.chance(85) else choices.one((FEDERATION_1, (2, choices.count(0, 14))))
        drafts.append(draft(name, sdl, version))
    return drafts
