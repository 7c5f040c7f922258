"""Equal work under way at the same time is done once.

The key must hold everything that could change the result, who asks included. Who goes away stops waiting; the work
is cancelled when nobody waits for it any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")


@dataclass(eq=False)
class _Shared(Generic[Result]):
    task: asyncio.Task[Result]
    name: str
    waiting: int = 0


@dataclass(eq=False)
class InFlight(Generic[Result]):
    """The work under way. Results must be values: nobody can change what another reads."""

    _running: dict[Hashable, _Shared[Result]] = field(default_factory=dict)

    def name_of(self, key: Hashable) -> str | None:
        """What the work of that key was called when it was started; None if none is under way."""
        shared = self._running.get(key)
        return None if shared is None else shared.name

    async def share(self, key: Hashable, start: Callable[[], Coroutine[Any, Any, Result]], name: str = "") -> Result:
        """The result of the work of that key, started, and called by this name, if it is not under way."""
        shared = self._running.get(key)
        if shared is None:
            shared = self._running[key] = _Shared(asyncio.ensure_future(start()), name)
            shared.task.add_done_callback(lambda _: self._forget(key, shared))
        shared.waiting += 1
        try:
            return await asyncio.shield(shared.task)
        finally:
            shared.waiting -= 1
            if shared.waiting == 0:
                self._forget(key, shared)
                shared.task.cancel()

    def _forget(self, key: Hashable, shared: _Shared[Result]) -> None:
        if self._running.get(key) is shared:
            del self._running[key]
