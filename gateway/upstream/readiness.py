"""Which subgraphs could answer now, asked at most once a second however many want to know."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urljoin

from gateway.upstream.client import SubgraphClient


class State(StrEnum):
    """Of one subgraph."""

    READY = "ready"
    NOT_READY = "not ready"
    UNREACHABLE = "unreachable"


_UNAVAILABLE = frozenset({502, 503, 504})


@dataclass(eq=False)
class Readiness:
    """`fresh_for`: seconds that an answer is good for; `timeout`: seconds given to each subgraph."""

    client: SubgraphClient
    fresh_for: float = 1.0
    timeout: float = 1.0
    _known: dict[str, State] = field(default_factory=dict)
    _asked_at: float = float("-inf")
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def states(self) -> Mapping[str, State]:
        """The state of each subgraph, by name."""
        async with self._lock:
            now = asyncio.get_running_loop().time()
            if now - self._asked_at >= self.fresh_for:
                names = sorted(self.client.urls)
                self._known = dict(zip(names, await asyncio.gather(*map(self._ask, names)), strict=True))
                self._asked_at = asyncio.get_running_loop().time()
            return self._known

    async def _ask(self, name: str) -> State:
        """Our own subgraphs say it at `health/ready` beside their endpoint. Of others any answer will do, but one in
        which a proxy says that nobody is there."""
        try:
            async with asyncio.timeout(self.timeout):
                status = await self.client.probe(urljoin(self.client.urls[name], "health/ready"))
        except TimeoutError:
            return State.UNREACHABLE
        if status is None:
            return State.UNREACHABLE
        return State.NOT_READY if status in _UNAVAILABLE else State.READY
