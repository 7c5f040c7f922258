"""A refused body: the answer goes out at once, and the connection is closed gently.

A connection closed while the client still sends is reset, and then many clients lose the answer that they were sent.
So what still comes is thrown away, for a while and up to a size, before the connection is closed (nginx and others call
it a lingering close). It holds for every response that says `Connection: close`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BYTES = 64 * 1024 * 1024
"""Thrown away at most."""


@dataclass(frozen=True, slots=True)
class LingeringClose:
    """ASGI middleware. `seconds`: how long at most."""

    app: ASGIApp
    seconds: float

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on; delays the end of a last response alone, of which the client already has all."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        closing = False

        async def lingering(message: Message) -> None:
            nonlocal closing
            if message["type"] == "http.response.start":
                closing = Headers(raw=message["headers"]).get("connection") == "close"
            if closing and message["type"] == "http.response.body" and not message.get("more_body"):
                await send({**message, "more_body": True})
                await _discard(receive, self.seconds)
                message = {"type": "http.response.body", "body": b""}
            await send(message)

        await self.app(scope, receive, lingering)


async def _discard(receive: Receive, seconds: float) -> None:
    left = MAX_BYTES
    try:
        async with asyncio.timeout(seconds):
            while left > 0:
                message = await receive()
                if message["type"] == "http.disconnect" or not message.get("more_body"):
                    return
                left -= len(message["body"])
    except TimeoutError:
        return
