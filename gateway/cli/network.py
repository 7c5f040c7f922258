"""Listening on this machine's own address."""

from __future__ import annotations

import socket

from gateway.cli.errors import CommandError


def listen(port: int) -> socket.socket:
    """A socket bound to the port on loopback; 0 takes a free one. Raises `CommandError` if the port is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise CommandError(f"port {port} cannot be used ({error.strerror}): pass another with --port.") from error
    return listener
