"""Something that is looked at again and again, and may be caught in the middle of a change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

State = TypeVar("State")


@dataclass(eq=False)
class Settled(Generic[State]):
    """`handled`: what was last dealt with. A file may be read while it is written: what differs counts once two looks
    in a row see the same."""

    handled: State
    _last: State | None = None

    def look(self, now: State) -> bool:
        """Is there something new to deal with? It is taken as dealt with then."""
        if now == self.handled or now != self._last:
            self._last = now
            return False
        self.handled = now
        return True
