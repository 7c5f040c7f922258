"""Serving on an address of this machine, in the clear or with TLS, until it is stopped."""

from __future__ import annotations

import contextlib
import gc
import signal
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from gateway.cli.errors import CommandError

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from uvicorn import Config

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Tls:
    """PEM files: the server's certificate and key; clients need a certificate of `client_ca`, if there is one."""

    certificate: Path
    key: Path
    client_ca: Path | None = None


def serve_on(app: Starlette, host: str, port: int, tls: Tls | None = None) -> None:
    """Serves the application until it is stopped, and says on stderr where. Raises `CommandError`."""
    config = server_config(app, tls)
    listener = listen(port, host)
    shown = f"[{host}]" if ":" in host else host
    typer.echo(f"{'https' if tls else 'http'}://{shown}:{listener.getsockname()[1]}/graphql", err=True)
    run_server(config, listener)


def run_server(config: Config, listener: socket.socket) -> None:
    """Serves until Ctrl-C or SIGTERM, and lets the requests under way end."""
    import uvicorn

    # Ctrl-C is how a person stops a server: the server has ended well when uvicorn raises it again.
    with contextlib.suppress(KeyboardInterrupt):
        _tune_collector()
        uvicorn.Server(config).run(sockets=[listener])


def _tune_collector() -> None:
    """Requests make thousands of objects that die by themselves: looking for circles among them after every 700, as
    Python does, took a fifth of the gateway's time. Looking much more seldom makes each look a pause of 20 ms."""
    # Ctrl-C waits: what is raised in the end of an object that is collected is lost.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 5, 100)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def server_config(app: Starlette, tls: Tls | None = None) -> Config:
    """How the application is served. Raises `CommandError` if the certificates cannot be used.

    Addresses of requests may hold queries and their values, and the headers of a WebSocket a token: neither is logged.
    """
    import uvicorn

    from gateway.transport.bounded_http import BoundedHttp

    config = uvicorn.Config(
        app,
        http=BoundedHttp,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="none",
        ssl_certfile=tls.certificate if tls else None,
        ssl_keyfile=tls.key if tls else None,
        ssl_ca_certs=str(tls.client_ca) if tls and tls.client_ca else None,
        ssl_cert_reqs=ssl.CERT_REQUIRED if tls and tls.client_ca else ssl.CERT_NONE,
    )
    try:
        config.load()
    except OSError as error:
        raise CommandError(f"the certificates cannot be used: {error}.") from error
    return config


def listen(port: int, host: str = LOOPBACK) -> socket.socket:
    """A socket bound to the port; 0 takes a free one. Raises `CommandError` if it cannot be."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise CommandError(f"{host} is no address of this machine: pass another with --host.") from error
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or "ports go up to 65535"
        raise CommandError(
            f"port {port} of {host} cannot be used ({reason}): pass another --port or --host."
        ) from error
    return listener
