"""The gateway over a real socket, and requests that no well-bred client sends."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.applications import Starlette

from gateway.cli.network import server_config


@asynccontextmanager
async def serving(app: Starlette) -> AsyncIterator[str]:
    """Serves as the command does; gives the address, to which requests wait for the startup."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(server_config(app))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running
        listener.close()


@dataclass(frozen=True)
class RawResponse:
    status: int
    headers: dict[str, str]
    body: bytes
    closed: bool
    """Whether the server closed the connection after it."""

    @property
    def code(self) -> str:
        return json.loads(self.body)["errors"][0]["extensions"]["code"]


async def send(url: str, head: list[str], body: bytes = b"", path: str = "/graphql", wait: float = 10) -> RawResponse:
    """Sends a POST with these header lines and no others but Host, and reads what comes. The body may be
    less than the headers promise. `wait`: seconds for everything."""
    async with asyncio.timeout(wait):
        host, _, port = url.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        lines = [f"POST {path} HTTP/1.1", f"Host: {host}", *head, "", ""]
        writer.write("\r\n".join(lines).encode() + body)
        try:
            return await _read(reader)
        finally:
            writer.close()


async def _read(reader: asyncio.StreamReader) -> RawResponse:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().rstrip().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    body = await reader.readexactly(int(headers["content-length"]))
    closed = headers.get("connection") == "close" and await _ended(reader)
    return RawResponse(int(first.split()[1]), headers, body, closed)


async def _ended(reader: asyncio.StreamReader) -> bool:
    try:
        return await reader.read(1) == b""
    except ConnectionResetError:
        return True


def errors_of(answer: dict[str, Any]) -> list[str]:
    """The codes of a response's errors."""
    return [error["extensions"]["code"] for error in answer["errors"]]
