"""Choices that Hypothesis makes, in words; each shrinks towards the first and the fewest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


class Choices:
    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self.draw = draw

    def chance(self, percent: int) -> bool:
        return bool(self.draw(st.integers(0, 99)) >= 100 - percent)

    def count(self, least: int, most: int) -> int:
        return int(self.draw(st.integers(least, most)))

    def one(self, items: Sequence[T]) -> T:
        return items[self.count(0, len(items) - 1)]

    def some(self, items: Sequence[T], least: int = 1, most: int | None = None) -> list[T]:
        """Distinct ones, in their order."""
        if not items:
            return []
        indices = st.integers(0, len(items) - 1)
        most = len(items) if most is None else min(most, len(items))
        drawn = self.draw(st.lists(indices, unique=True, min_size=min(least, most), max_size=most))
        return [items[index] for index in sorted(drawn)]
