"""Load on a gateway: so many connections, each with one request under way, every answer held against the right one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

import httptools

Question = Callable[[], tuple[bytes, bytes]]
"""Makes the next request's body and the answer's body that is right."""


class WrongAnswerError(Exception):
    """The gateway's answer is not the right one."""


@dataclass(eq=False)
class Load:
    """What came of it, in seconds."""

    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def quantile(self, part: float) -> float:
        """Milliseconds within which that part of the answers came."""
        return sorted(self.latencies)[int(part * (len(self.latencies) - 1))] * 1000


class _Client(asyncio.Protocol):
    """One connection: asks until the end, then `done`. Callbacks of httptools have its names."""

    def __init__(self, load: Load, question: Question, until: float) -> None:
        self.load, self.question, self.until = load, question, until
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the gateway closed the connection"))

    def _ask(self) -> None:
        body, self.right = self.question()
        self.body: list[bytes] = []
        self.parser = httptools.HttpResponseParser(self)
        self.asked = time.perf_counter()
        head = (
            f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Accept: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self.transport.write(head.encode() + body)

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self.body.append(body)

    def on_message_complete(self) -> None:
        now = time.perf_counter()
        self.load.latencies.append(now - self.asked)
        answer = b"".join(self.body)
        if self.parser.get_status_code() != 200 or answer != self.right:
            self.done.set_exception(WrongAnswerError(f"the gateway answered wrongly: {answer[:500]!r}"))
        elif now < self.until:
            asyncio.get_running_loop().call_soon(self._ask)
        else:
            self.done.set_result(None)
            self.transport.close()


async def run_load(port: int, question: Question, seconds: float, connections: int) -> Load:
    """Asks whoever listens on that port for so many seconds, and waits for the last answers. Raises
    `WrongAnswerError`."""
    loop, load = asyncio.get_running_loop(), Load()
    began = time.perf_counter()
    until = began + seconds
    clients = [
        await loop.create_connection(lambda: _Client(load, question, until), "127.0.0.1", port)
        for _ in range(connections)
    ]
    await asyncio.gather(*(client.done for _, client in clients))
    load.seconds = time.perf_counter() - began
    return load
