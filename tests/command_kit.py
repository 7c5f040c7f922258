"""The command, run as a user runs it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

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


async def up_at_last(http: httpx.AsyncClient) -> None:
    """Returns when the gateway that may still be starting says that it lives."""
    async with asyncio.timeout(60):
        while True:
            try:
                await http.get("/health/live")
                return
            except httpx.ConnectError:
                await asyncio.sleep(0.05)


@dataclass(eq=False)
class Talking:
    """A command that runs on, and the lines that it has said on stderr."""

    process: asyncio.subprocess.Process
    said: list[str] = field(default_factory=list)
    _heard: int = 0

    async def hears(self, words: str) -> str:
        """The next line with these words, after those that were waited for before."""
        async with asyncio.timeout(60):
            while True:
                while self._heard < len(self.said):
                    self._heard += 1
                    if words in self.said[self._heard - 1]:
                        return self.said[self._heard - 1]
                await asyncio.sleep(0.02)

    async def listen(self) -> None:
        """Writes down what it says, to its end."""
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.said.append(line.decode().rstrip())


@asynccontextmanager
async def talking(
    *arguments: str | Path, stop: int = signal.SIGTERM, stdout: IO[str] | None = None, **environment: str
) -> AsyncIterator[Talking]:
    """`quipu` with these arguments, until the block ends, which stops it by this signal: it must end well."""
    command = [*COMMAND, *map(str, arguments)]
    process = await asyncio.create_subprocess_exec(
        *command, env={**os.environ, **environment}, stdout=stdout, stderr=asyncio.subprocess.PIPE
    )
    talker = Talking(process)
    listening = asyncio.create_task(talker.listen())
    try:
        yield talker
    finally:
        if process.returncode is None:
            process.send_signal(stop)
        ended = await asyncio.wait_for(process.wait(), 30)
        await listening
    assert ended in (0, -stop), talker.said
    assert not any("Traceback" in line for line in talker.said), talker.said
