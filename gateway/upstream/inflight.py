"""Equal work under way at the same time is done once.

The key must hold everything that could change the result, who asks included. Who goes away stops waiting; the work
is cancelled when nobody waits for it any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class _Shared:
    task: asyncio.Task[bytes]
    waiting: int = 0


@dataclass(eq=False)
class InFlight:
    """The work under way. Results are bytes: nobody can change what another reads."""

    _running: dict[Hashable, _Shared] = field(default_factory=dict)

    async def share(self, key: Hashable, start: Callable[[], Coroutine[Any, Any, bytes]]) -> bytes:
        """The result of the work of that key, started if it is not under way."""
        shared = self._running.get(key)
        if shared is None:
            shared = self._running[key] = _Shared(asyncio.ensure_future(start()))
            shared.task.add_done_callback(lambda _: self._forget(key, shared))
        shared.waiting += 1
        try:
            return await asyncio.shield(shared.task)
        finally:
            shared.waiting -= 1
            if shared.waiting == 0:
                self._forget(key, shared)
                shared.task.cancel()

    def _forget(self, key: Hashable, shared: _Shared) -> None:
        if self._running.get(key) is shared:
            del self._running[key]
