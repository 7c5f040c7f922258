"""The library behind a real gateway: three subgraphs on loopback sockets, any of which can be told to misbehave.

A subgraph answers as `federation_kit` has it until `misbehave` is set; a fault takes the answer into its own hands,
down to the bytes on the socket.
"""

from __future__ import annotations

import asyncio
import json
import socket
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from federation_kit import LocalSubgraphs, library
from starlette.applications import Starlette

from gateway.federation.engine import Engine
from gateway.federation.execution.fetcher import subgraph_request
from gateway.transport.app import HttpSettings, create_app
from gateway.upstream.client import SubgraphClient, UpstreamSettings

NAMES = ("catalogue", "loans", "stock")
PATIENT = UpstreamSettings(timeout=10, max_bytes=1_000_000, failures=1_000_000)
"""The breaker never opens: what is tested is each answer by itself."""
IMPATIENT = UpstreamSettings(timeout=1.2, max_bytes=1_000_000, failures=1_000_000)


_HEALTHY = LocalSubgraphs()
TITLE = "Los ríos profundos"


@dataclass(frozen=True)
class Role:
    """What a subgraph is asked for, what is left without its answer, and where the error belongs."""

    subgraph: str
    query: str
    whole: dict[str, Any]
    left: dict[str, Any]
    path: list[str]


ROLES = {
    "root fetch": Role(
        "catalogue",
        '{ book(isbn: "1") { title } reader(name: "Ana") { name } }',
        {"book": {"title": TITLE}, "reader": {"name": "Ana"}},
        {"book": None, "reader": {"name": "Ana"}},
        ["book"],
    ),
    "entity fetch": Role(
        "loans",
        '{ b: book(isbn: "1") { title loans(last: 1) { day } } }',
        {"b": {"title": TITLE, "loans": [{"day": "jueves"}]}},
        {"b": {"title": TITLE, "loans": None}},
        ["b"],
    ),
    "requires hop": Role(
        "stock",
        '{ reader(name: "Luis") { loans { day book { title cost: postage } } } }',
        {"reader": {"loans": [{"day": "martes", "book": {"title": TITLE, "cost": 600}}]}},
        {"reader": {"loans": [{"day": "martes", "book": {"title": TITLE, "cost": None}}]}},
        ["reader", "loans", 0, "book"],
    ),
}


@dataclass(frozen=True)
class Exchange:
    """One request that a subgraph has read."""

    subgraph: str
    headers: Mapping[str, str]
    payload: dict[str, Any]
    writer: asyncio.StreamWriter

    @property
    def answer(self) -> dict[str, Any]:
        """What a healthy subgraph says to it."""
        operation, variables = self.payload["query"], self.payload.get("variables", {})
        request = subgraph_request(self.subgraph, "query", operation, self.payload.get("operationName"), variables)
        response = _HEALTHY.execute(request)
        return {"data": response.data} | ({"errors": list(response.errors)} if response.errors else {})


Fault = Callable[[Exchange], Awaitable[None]]


@dataclass(eq=False)
class Subgraph:
    """A subgraph as an HTTP server. `left` is set once a connection was closed by the gateway before its answer."""

    name: str
    misbehave: Fault | None = None
    seen: list[Exchange] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    open_connections: int = 0
    url: str = ""

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/graphql"
        try:
            yield
        finally:
            server.close()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open_connections += 1
        try:
            while (exchange := await self._read(reader, writer)) is not None:
                self.seen.append(exchange)
                self.asked.set()
                if not await self._answered(exchange, reader):
                    return
        except (ConnectionError, asyncio.IncompleteReadError):
            self.left.set()
        finally:
            self.open_connections -= 1
            writer.close()

    async def _read(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Exchange | None:
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")[1:-2]
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        payload = json.loads(await reader.readexactly(int(headers["content-length"])))
        return Exchange(self.name, headers, payload, writer)

    async def _answered(self, exchange: Exchange, reader: asyncio.StreamReader) -> bool:
        """Answers, or misbehaves until the fault is through or the gateway hangs up. Is the connection kept?"""
        if self.misbehave is None:
            exchange.writer.write(http(json.dumps(exchange.answer).encode(), keep=True))
            await exchange.writer.drain()
            return True
        working = asyncio.ensure_future(self.misbehave(exchange))
        hung_up = asyncio.ensure_future(reader.read(1))
        try:
            await asyncio.wait({working, hung_up}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                self.left.set()
            else:
                working.result()
        finally:
            working.cancel()
            hung_up.cancel()
            await asyncio.gather(working, hung_up, return_exceptions=True)
        return False


@dataclass
class Clock:
    """A breaker's clock that the test moves, in seconds."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


async def soon(event: asyncio.Event) -> None:
    """Waits for what is about to happen; fails if it does not."""
    await asyncio.wait_for(event.wait(), 10)


async def until(condition: Callable[[], bool]) -> None:
    """Waits for what is about to hold; fails if it does not."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what is waited for is the code under test, which has no event
            await asyncio.sleep(0.005)


def http(
    body: bytes,
    status: str = "200 OK",
    media: str = "application/json",
    length: int | None = None,
    extra: str = "",
    keep: bool = False,
) -> bytes:
    """An HTTP answer. `length`: what it claims to be long, in bytes; `extra`: more header lines."""
    size = len(body) if length is None else length
    kept = "keep-alive" if keep else "close"
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\nContent-Length: {size}\r\nConnection: {kept}\r\n{extra}\r\n"
    ).encode() + body


def writes(raw: bytes) -> Fault:
    """These bytes, and the connection is closed."""

    async def fault(exchange: Exchange) -> None:
        exchange.writer.write(raw)
        await exchange.writer.drain()

    return fault


def says(answer: object, status: str = "200 OK") -> Fault:
    """This as JSON."""
    return writes(http(json.dumps(answer).encode(), status))


def answers(make: Callable[[Exchange], object]) -> Fault:
    """JSON made of the exchange."""

    async def fault(exchange: Exchange) -> None:
        await says(make(exchange))(exchange)

    return fault


def holds(until: asyncio.Event) -> Fault:
    """Says nothing until it is told to; then answers as a healthy subgraph."""

    async def fault(exchange: Exchange) -> None:
        await until.wait()
        await says(exchange.answer)(exchange)

    return fault


async def silent(exchange: Exchange) -> None:
    """Accepts, reads, and says nothing."""
    await asyncio.Event().wait()


def then_silent(raw: bytes) -> Fault:
    """These bytes, and nothing more, on an open connection."""

    async def fault(exchange: Exchange) -> None:
        await writes(raw)(exchange)
        await silent(exchange)

    return fault


def then_reset(raw: bytes) -> Fault:
    """These bytes, and the connection is reset."""

    async def fault(exchange: Exchange) -> None:
        await writes(raw)(exchange)
        await asyncio.sleep(0.02)  # the bytes must be read before the reset throws them away
        connection = exchange.writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        exchange.writer.transport.abort()

    return fault


def repeats(head: bytes, chunk: bytes, pause: float = 0) -> Fault:
    """The head, then the chunk again and again until the connection is closed. `pause`: seconds."""

    async def fault(exchange: Exchange) -> None:
        exchange.writer.write(head)
        while True:
            exchange.writer.write(chunk)
            await exchange.writer.drain()
            await asyncio.sleep(pause)

    return fault


def gzip_bomb(size: int) -> bytes:
    """An answer that inflates to `size` bytes of white space."""
    deflate = zlib.compressobj(9, wbits=31)
    block = b" " * 1_000_000
    body = b"".join(deflate.compress(block) for _ in range(size // len(block))) + deflate.flush()
    return http(body, extra="Content-Encoding: gzip\r\n")


@dataclass(eq=False)
class Gateway:
    """A gateway that answers on a socket, and the subgraphs behind it."""

    http: httpx.AsyncClient
    client: SubgraphClient
    subgraphs: Mapping[str, Subgraph]

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The gateway's answer, which has status 200 whatever its subgraphs do."""
        response = await self.http.post("/graphql", json={"query": query, "variables": variables})
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    async def ask_while(self, name: str, fault: Fault, query: str) -> dict[str, Any]:
        """The answer while one subgraph misbehaves."""
        self.subgraphs[name].misbehave = fault
        try:
            return await self.ask(query)
        finally:
            self.subgraphs[name].misbehave = None


@asynccontextmanager
async def gateway(
    settings: UpstreamSettings = PATIENT, deadline: float = 20, urls: Mapping[str, str] | None = None
) -> AsyncIterator[Gateway]:
    """The library, served. `deadline`: seconds of one request; `urls`: subgraphs that are somewhere else."""
    subgraphs = {name: Subgraph(name) for name in NAMES}
    async with AsyncExitStack() as stack:
        for subgraph in subgraphs.values():
            await stack.enter_async_context(subgraph.listening())
        known = {name: subgraph.url for name, subgraph in subgraphs.items()} | dict(urls or {})
        client = SubgraphClient(known, settings)
        app = create_app(Engine(library(), client), client, HttpSettings(deadline=deadline))
        url = await stack.enter_async_context(served(app))
        asking = await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=60))
        yield Gateway(asking, client, subgraphs)


@asynccontextmanager
async def served(app: Starlette) -> AsyncIterator[str]:
    """The application behind a real server on loopback."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none", timeout_graceful_shutdown=5))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await until(lambda: server.started)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running
        listener.close()


def codes(answer: Mapping[str, Any]) -> list[tuple[str, str | None, list[Any]]]:
    """Each error's code, subgraph and path."""
    return [
        (error["extensions"]["code"], error["extensions"].get("service"), error["path"])
        for error in answer.get("errors", [])
    ]
