"""Serving on this machine's own address."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import typer

from gateway.cli.errors import CommandError

if TYPE_CHECKING:
    from starlette.applications import Starlette


def serve_on_loopback(app: Starlette, port: int) -> None:
    """Serves the application until it is stopped, and says on stderr where. Raises `CommandError`."""
    import uvicorn

    listener = _listen(port)
    typer.echo(f"http://127.0.0.1:{listener.getsockname()[1]}/graphql", err=True)
    uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False)).run(sockets=[listener])


def _listen(port: int) -> socket.socket:
    """A socket bound to the port on loopback; 0 takes a free one. Raises `CommandError` if the port is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise CommandError(f"port {port} cannot be used ({error.strerror}): pass another with --port.") from error
    return listener
