"""Serving: in the clear on this machine's own address, and with TLS on any other."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from gateway.cli.errors import CommandError

if TYPE_CHECKING:
    from starlette.applications import Starlette

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Tls:
    """PEM files: the server's certificate and key; clients need a certificate of `client_ca`, if there is one."""

    certificate: Path
    key: Path
    client_ca: Path | None = None


def serve_on_loopback(app: Starlette, port: int) -> None:
    """Serves the application until it is stopped, and says on stderr where. Raises `CommandError`."""
    serve_on(app, LOOPBACK, port)


def serve_on(app: Starlette, host: str, port: int, tls: Tls | None = None) -> None:
    """Serves the application until it is stopped, and says on stderr where. Raises `CommandError`.

    An address that other machines reach is served with TLS or not at all.
    """
    import uvicorn

    if tls is None and not is_loopback(host):
        raise CommandError(f"{host} is reached by other machines: pass --certificate and --certificate-key.")
    config = uvicorn.Config(
        app,
        log_level="warning",
        server_header=False,
        ssl_certfile=tls.certificate if tls else None,
        ssl_keyfile=tls.key if tls else None,
        ssl_ca_certs=str(tls.client_ca) if tls and tls.client_ca else None,
        ssl_cert_reqs=ssl.CERT_REQUIRED if tls and tls.client_ca else ssl.CERT_NONE,
    )
    try:
        config.load()
    except OSError as error:
        raise CommandError(f"the certificates cannot be used: {error}.") from error
    listener = _listen(host, port)
    name = f"[{host}]" if ":" in host else host
    typer.echo(f"{'https' if tls else 'http'}://{name}:{listener.getsockname()[1]}/graphql", err=True)
    uvicorn.Server(config).run(sockets=[listener])


def is_loopback(host: str) -> bool:
    """Whether the address or name is reached from this machine alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _listen(host: str, port: int) -> socket.socket:
    """A socket bound to the port; 0 takes a free one. Raises `CommandError` if the port is taken."""
    listener: socket.socket | None = None
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        if listener is not None:
            listener.close()
        raise CommandError(f"port {port} cannot be used ({error.strerror}): pass another with --port.") from error
    return listener
