"""The command, run as a user runs it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

COMMAND = [sys.executable, "-c", "from gateway.cli.main import main; main()"]


def run(*arguments: str | Path, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """`quipu` with these arguments, to its end. `timeout`: seconds."""
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)


def once_up(ask: Callable[[], httpx.Response]) -> httpx.Response:
    """The answer of a server that may still be starting; its last refusal if it does not start."""
    for _ in range(199):
        try:
            return ask()
        except httpx.ConnectError:
            time.sleep(0.1)
    return ask()
