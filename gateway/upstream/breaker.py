"""A circuit breaker: a subgraph that does not answer is left alone for a while, then asked once to see.

Only silence counts (unreachable, too late). A wrong or oversized answer is that operation's own failure, so that one
client's query cannot cut a subgraph off from all others.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from gateway.federation.errors import FetchError

COUNTED = frozenset({"SUBGRAPH_UNREACHABLE", "SUBGRAPH_TIMEOUT"})


@dataclass(eq=False)
class Breaker:
    """`threshold`: failures in a row that open it; `pause`: seconds until the subgraph is asked again."""

    subgraph: str
    threshold: int = 10
    pause: float = 5.0
    clock: Callable[[], float] = time.monotonic
    _failures: int = 0
    _opened_at: float | None = None
    _probing: bool = False

    @property
    def is_open(self) -> bool:
        """The subgraph is left alone, or being asked to see."""
        return self._opened_at is not None

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Around one fetch. Raises `FetchError` at once while the breaker is open. A cancelled attempt proves
        nothing and gives its place back."""
        probe = self._admit()
        try:
            yield
        except FetchError as error:
            if error.code in COUNTED:
                self._failed(probe)
            else:
                self._answered()
            raise
        else:
            self._answered()
        finally:
            if probe:
                self._probing = False

    def _admit(self) -> bool:
        """Whether this attempt is the probe of an open breaker."""
        if self._opened_at is None:
            return False
        if self._probing or self.clock() - self._opened_at < self.pause:
            message = f"{self.subgraph} is not answering at the moment. Try again in some seconds."
            raise FetchError(self.subgraph, message, "SUBGRAPH_UNAVAILABLE")
        self._probing = True
        return True

    def _failed(self, probe: bool) -> None:
        self._failures += 1
        if probe or (self._opened_at is None and self._failures >= self.threshold):
            self._opened_at = self.clock()

    def _answered(self) -> None:
        self._failures = 0
        self._opened_at = None
