"""The demo, run as a newcomer runs it, and asked as its front ends ask it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from command_kit import COMMAND

from gateway.cli.identities import SAMPLES, sample_token

START_SECONDS = 90


@dataclass(frozen=True)
class Demo:
    """A demo that answers. `process` is the command's own, whose children are the subgraphs."""

    url: str
    data: Path
    process: subprocess.Popen[str]

    def ask(self, query: str, role: str = "judge", reason: str = "", **variables: Any) -> dict[str, Any]:
        """The answer to that role, for the purpose that it usually states, and for an exceptional reason if any."""
        headers = {
            "Authorization": f"Bearer {sample_token(self.data, role)}",
            "Quipu-Purpose": SAMPLES[role].purpose,
            "Accept": "application/graphql-response+json",
        }
        if reason:
            headers["Quipu-Exceptional-Reason"] = reason
        body = {"query": query, "variables": variables}
        answer: dict[str, Any] = httpx.post(f"{self.url}/graphql", json=body, headers=headers, timeout=60).json()
        return answer

    def subgraph_ports(self) -> dict[str, int]:
        """Where the subgraphs listen, by their name."""
        sdl = (self.data / "supergraph.graphql").read_text()
        found = re.findall(r'@join__graph\(name: "(\w+)", url: "http://127.0.0.1:(\d+)/graphql"\)', sdl)
        return {name: int(port) for name, port in found}

    def subgraph_pid(self, name: str) -> int:
        """The process that listens on the subgraph's port."""
        port = self.subgraph_ports()[name]
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        [found] = [int(pid) for pid in children if _listening(port) in _sockets(pid)]
        return found


def _listening(port: int) -> str:
    """The socket that listens there, as the kernel names it."""
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    [inode] = [row[9] for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "0A"]
    return f"socket:[{inode}]"


def _sockets(pid: str) -> set[str]:
    return {os.readlink(file) for file in Path(f"/proc/{pid}/fd").iterdir()}


@contextmanager
def running_demo(data: Path, *arguments: str, **settings: str) -> Iterator[Demo]:
    """A demo on free ports, with these variables in its environment.

    If it still runs after the block it is stopped by Ctrl-C, and must end well.
    """
    command = [*COMMAND, "demo", "--port", "0", "--data", str(data), *arguments]
    (data / "gateway.url").unlink(missing_ok=True)  # of an earlier run
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | settings
    )
    try:
        yield Demo(_address(data / "gateway.url", process), data, process)
    finally:
        stopped_by_us = process.poll() is None
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert "Traceback" not in said, said
    assert process.returncode == 0 or not stopped_by_us, said


def _address(file: Path, process: subprocess.Popen[str]) -> str:
    until = time.monotonic() + START_SECONDS
    while not (file.exists() and file.read_text()) and process.poll() is None and time.monotonic() < until:
        time.sleep(0.1)
    assert file.exists(), process.communicate(timeout=5)[1] if process.poll() is not None else "the demo did not start"
    return file.read_text()
