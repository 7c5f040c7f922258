"""Serving on an address of this machine."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import TYPE_CHECKING

import typer

from gateway.cli.errors import CommandError

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from uvicorn import Config

LOOPBACK = "127.0.0.1"


def serve_on_loopback(app: Starlette, port: int) -> None:
    """Serves the application until it is stopped, and says on stderr where. Raises `CommandError`."""
    serve_on(app, LOOPBACK, port)


def serve_on(app: Starlette, host: str, port: int) -> None:
    """As `serve_on_loopback`, on the host's address."""
    import uvicorn

    listener = _listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    typer.echo(f"http://{shown}:{listener.getsockname()[1]}/graphql", err=True)
    uvicorn.Server(server_config(app)).run(sockets=[listener])


def server_config(app: Starlette) -> Config:
    """How the application is served. Addresses of requests may hold queries and their values, and the headers of a
    WebSocket a token: neither is logged."""
    import uvicorn

    from gateway.transport.bounded_http import BoundedHttp

    return uvicorn.Config(app, http=BoundedHttp, log_level="warning", access_log=False, server_header=False, ws="none")


def is_loopback(host: str) -> bool:
    """Is it reached from this machine alone?"""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _listen(host: str, port: int) -> socket.socket:
    """A socket bound to the port; 0 takes a free one. Raises `CommandError` if it cannot be."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise CommandError(f"{host} is no address of this machine: pass another with --host.") from error
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
    except OSError as error:
        listener.close()
        message = f"port {port} of {host} cannot be used ({error.strerror}): pass another with --port, or --host."
        raise CommandError(message) from error
    return listener
