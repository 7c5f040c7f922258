"""A cache bounded in entries and in weight; the least recently used goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(eq=False)
class BoundedCache(Generic[Value]):
    """`entries` and `weight` are the most that is kept; what alone weighs more is not kept. `hits` and `misses` count
    the look-ups."""

    entries: int
    weight: int
    hits: int = 0
    misses: int = 0
    held: int = 0
    """The weight of all that is kept."""
    _kept: OrderedDict[Hashable, tuple[Value, int]] = field(default_factory=OrderedDict)

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable) -> Value | None:
        """The value, used most recently from now on; None if it is not kept."""
        found = self._kept.get(key)
        if found is None:
            self.misses += 1
            return None
        self.hits += 1
        self._kept.move_to_end(key)
        return found[0]

    def keep(self, key: Hashable, value: Value, weight: int = 1) -> None:
        """Keeps the value in place of any other under the key."""
        if weight > self.weight:
            return
        self.held += weight - self._kept.pop(key, (None, 0))[1]
        self._kept[key] = (value, weight)
        while len(self._kept) > self.entries or self.held > self.weight:
            self.held -= self._kept.popitem(last=False)[1][1]
