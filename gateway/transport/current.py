"""The supergraph that is served at the moment, and those before it whose last requests are still under way.

A request holds what it began with to its end: the engine with its plans, the answers under way, the subgraphs'
addresses, connections and breakers. So no answer is of two supergraphs, and nothing of one is used for another.
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from gateway.access.profile import Access
from gateway.federation.engine import Engine
from gateway.transport.running import Executed
from gateway.upstream.client import SubgraphClient
from gateway.upstream.inflight import InFlight
from gateway.upstream.readiness import Readiness


@dataclass(eq=False)
class Served:
    """A supergraph as it is served. `client` is its engine's way to its subgraphs; `since`: when it was loaded, in
    seconds of Unix time; `requests`: how many hold it."""

    engine: Engine
    client: SubgraphClient
    shared: InFlight[Executed] = field(default_factory=InFlight)
    since: float = field(default_factory=time.time)
    requests: int = 0
    readiness: Readiness = field(init=False)
    digest: str = field(init=False)
    """Names the supergraph: the first half of its SDL's SHA-256."""
    left: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the last request has gone after another supergraph came."""

    def __post_init__(self) -> None:
        self.readiness = Readiness(self.client)
        self.digest = hashlib.sha256(self.engine.supergraph.sdl.encode()).hexdigest()[:32]


@dataclass(eq=False)
class Current:
    """What new requests are answered with. `observe` is told of the fetches of every client; `access` decides what
    each of them may be given, and another may come at any time: a request takes one, once."""

    served: Served
    observe: Callable[[str, str, float], None]
    access: Access = field(default_factory=Access)
    swapped: int = 0
    refused: int = 0
    """How often another supergraph came, and how often one was not fit to be served."""
    _retiring: set[asyncio.Task[None]] = field(default_factory=set)

    async def open(self) -> None:
        """Opens the first client. Raises OSError if a TLS file cannot be used."""
        self.served.client.observe = self.observe
        await self.served.client.open()

    async def close(self) -> None:
        """Closes every client, whoever still holds it."""
        for task in self._retiring:
            task.cancel()
        await asyncio.gather(*self._retiring, return_exceptions=True)
        await self.served.client.close()

    @contextmanager
    def held(self) -> Iterator[Served]:
        """What a request is answered with from its beginning to its end."""
        served = self.served
        served.requests += 1
        try:
            yield served
        finally:
            served.requests -= 1
            if not served.requests and served is not self.served:
                served.left.set()

    async def swap(self, engine: Engine, client: SubgraphClient) -> None:
        """Answers new requests with another supergraph. Raises OSError or ValueError, and changes nothing, if the
        client cannot be opened."""
        client.observe = self.observe
        await client.open()
        old, self.served = self.served, Served(engine, client)
        self.swapped += 1
        retiring = asyncio.create_task(_retire(old))
        self._retiring.add(retiring)
        retiring.add_done_callback(self._retiring.discard)


Follow = Callable[[Current], Coroutine[Any, Any, None]]
"""Runs beside the requests, and swaps the supergraph when there is another."""


async def _retire(served: Served) -> None:
    """Lets the last requests end, closes the connections, and gives the memory back."""
    try:
        if served.requests:
            await served.left.wait()
    finally:
        await served.client.close()
    del served
    _collect()


def _collect() -> None:
    """A supergraph's parts refer to each other, and the first one's may be frozen by now: nobody would find them."""
    frozen = gc.get_freeze_count()
    gc.unfreeze()
    gc.collect()
    if frozen:
        gc.freeze()
