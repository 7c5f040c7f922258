"""`quipu serve --watch`: the supergraph's file is looked at, and what it holds is served, between requests.

A file that cannot be read, or holds no supergraph that can be served, is told once; what was served before is served
on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import typer

from gateway.cli.errors import CommandError, read_text
from gateway.cli.settled import Settled
from gateway.federation.engine import Engine
from gateway.transport.current import Current
from gateway.upstream.client import SubgraphClient

log = logging.getLogger(__name__)


def say(line: str) -> None:
    """On stderr, beside the log."""
    typer.echo(line, err=True)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why there is no text."""

    reason: str


@dataclass(frozen=True, slots=True)
class Reload:
    """`interval`: seconds between looks; `make`: a supergraph's SDL to an engine and its client, or `CommandError`."""

    file: Path
    interval: float
    make: Callable[[str], tuple[Engine, SubgraphClient]]
    say: Callable[[str], None] = say

    async def follow(self, current: Current) -> None:
        """Looks at the file until it is cancelled."""
        settled: Settled[str | Unreadable] = Settled(current.served.engine.supergraph.sdl)
        while True:
            await asyncio.sleep(self.interval)
            if settled.look(await asyncio.to_thread(self._read)):
                await self._take(current, settled.handled)

    def _read(self) -> str | Unreadable:
        try:
            return read_text(self.file)
        except CommandError as error:
            return Unreadable(str(error))

    async def _take(self, current: Current, found: str | Unreadable) -> None:
        if found == current.served.engine.supergraph.sdl:
            self.say(f"{self.file} is again what is served: {current.served.digest}.")
            return
        try:
            await self._swap(current, found)
        except (CommandError, OSError, ValueError) as error:
            self._refuse(current, str(error))
        except Exception as error:
            # Whatever is wrong with a supergraph, the one that works must not go down with it.
            log.exception("%s cannot be served", self.file)
            self._refuse(current, f"{self.file} cannot be served ({type(error).__name__}).")

    async def _swap(self, current: Current, found: str | Unreadable) -> None:
        if isinstance(found, Unreadable):
            raise CommandError(found.reason)
        # Reading a large supergraph takes a while, in which requests are answered.
        engine, client = await asyncio.to_thread(self.make, found)
        await current.swap(engine, client)
        self.say(f"{self.file} has changed: now serving {current.served.digest}, of {len(client.urls)} subgraphs.")

    def _refuse(self, current: Current, reason: str) -> None:
        current.refused += 1
        # graphql-core's messages go on with the place, and then the text around it.
        line = " ".join([part.strip() for part in reason.splitlines() if part.strip()][:2]).removesuffix(".")
        self.say(f"not reloaded: {line}. Still serving {current.served.digest}.")
