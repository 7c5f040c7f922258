"""The shop's four subgraphs in one process, at next to no cost:

    python tests/bench/shop_server.py

It writes their ports to stdout, as JSON, and serves until its stdin ends. The first request of a kind is answered by
GraphQL proper; its bytes are kept, and every request like it, but for the lot, gets them with its own lot put in. A
GET says how many requests came and how many of them were executed.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from dataclasses import dataclass, field
from typing import cast

import orjson
import uvloop
from graphql import GraphQLSchema
from shop_data import FIRST_LOT, SUBGRAPHS, ask, executable

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_LOT = re.compile(rb"lot\d{8}")
_FIRST_LOT = FIRST_LOT.encode()


@dataclass(eq=False)
class Shop:
    """The answers of one subgraph by the request that they are for, both as of the first lot."""

    schema: GraphQLSchema
    answers: dict[bytes, bytes] = field(default_factory=dict)
    requests: int = 0

    def answer(self, body: bytes) -> bytes:
        """The whole HTTP response."""
        self.requests += 1
        found = _LOT.search(body)
        own = found.group() if found else _FIRST_LOT
        asked = body.replace(own, _FIRST_LOT)
        known = self.answers.get(asked)
        if known is None:
            outcome = ask(self.schema, orjson.loads(asked))
            known = self.answers[asked] = _response(orjson.dumps(outcome.formatted))
        return known.replace(_FIRST_LOT, own)


def _response(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


class Http(asyncio.Protocol):
    """As much of HTTP as gateways speak: requests with a length, connections kept."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.transport: asyncio.Transport
        self.unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name

    def data_received(self, data: bytes) -> None:
        self.unread += data
        while (end := self.unread.find(b"\r\n\r\n") + 4) > 3:
            length = _LENGTH.search(self.unread, 0, end)
            stop = end + (int(length[1]) if length else 0)
            if len(self.unread) < stop:
                return
            self.transport.write(self._answer(self.unread[:end], self.unread[end:stop]))
            self.unread = self.unread[stop:]

    def _answer(self, head: bytes, body: bytes) -> bytes:
        if head.startswith(b"GET "):
            return _response(orjson.dumps({"requests": self.shop.requests, "executed": len(self.shop.answers)}))
        return self.shop.answer(body)


async def _serve() -> None:
    ports = {name: await _listen(Shop(executable(name))) for name in SUBGRAPHS}
    print(json.dumps(ports), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


async def _listen(shop: Shop) -> int:
    server = await asyncio.get_running_loop().create_server(lambda: Http(shop), "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    return port


if __name__ == "__main__":
    uvloop.run(_serve())
