"""The demo's subgraphs: each institution in a process of its own, which ends with the demo, however that ends."""

from __future__ import annotations

import http.client
import multiprocessing
import signal
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from pathlib import Path

from gateway.cli.errors import CommandError

START_SECONDS = 60.0
STOP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Institution:
    """A subgraph to run: its database, its copies of agreements, its record of what it serves, where it finds the
    gateway's public keys, and where it listens."""

    name: str
    database: Path
    agreements: Path
    served: Path
    gateway_keys: str
    listener: socket.socket

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}/graphql"


@contextmanager
def running(institutions: Mapping[str, Institution]) -> Iterator[None]:
    """The institutions' subgraphs, answering inside the block and stopped after it. Raises `CommandError`."""
    spawn = multiprocessing.get_context("spawn")
    ports = {name: one.listener.getsockname()[1] for name, one in institutions.items()}
    processes = {name: spawn.Process(target=_serve, args=(one,), name=name) for name, one in institutions.items()}
    try:
        for name, process in processes.items():
            institutions[name].listener.listen()
            process.start()
            # The child has its own copy; ours would keep the port open after the child's death.
            institutions[name].listener.close()
        for name, port in ports.items():
            _wait_for(name, port)
        yield
    finally:
        _stop([process for process in processes.values() if process.pid is not None])


def _serve(institution: Institution) -> None:
    """The life of one subgraph's process."""
    import uvicorn

    from subgraphs.common.server import SubgraphSettings, create_app

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal; the demo stops us in its turn
    app = create_app(
        institution.name, SubgraphSettings(institution.database, institution.gateway_keys, institution.agreements)
    )
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False))
    threading.Thread(target=_end_with_the_demo, args=(server,), daemon=True).start()
    server.run(sockets=[institution.listener])


def _end_with_the_demo(server: object) -> None:
    demo = multiprocessing.parent_process()
    assert demo is not None  # noqa: S101 - this runs in a child alone
    wait([demo.sentinel])
    server.should_exit = True  # type: ignore[attr-defined]


def _wait_for(name: str, port: int) -> None:
    """Returns when the subgraph is ready. Its socket is bound already, so the question waits until it is read."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
    try:
        connection.request("GET", "/health/ready")
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise CommandError(f"the subgraph {name} did not start; what it wrote is above.") from error
    finally:
        connection.close()
    if status != http.client.OK:
        raise CommandError(f"the subgraph {name} cannot read its database: pass --fresh to make it anew.")


def _stop(processes: list[SpawnProcess]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(STOP_SECONDS)
        if process.is_alive():
            process.kill()
            process.join()
