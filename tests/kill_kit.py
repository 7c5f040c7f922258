"""A gateway that is killed at random moments under load, started again on the same ledger, and held to its promise.

The gateway is `quipu serve` in a process of its own, forked from a server that has imported it already, so that a
round costs no start of Python. The subgraphs are the library's, on loopback sockets of this process, and so are the
clients, who keep the request id of every answer that reached them whole.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import random
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from faults_kit import NAMES, ROLES, Subgraph
from federation_kit import FIXTURES
from identity_kit import ISSUER, jwks, token

from gateway.cli.main import main
from gateway.ledger.checkpoint import Head, PublicKey, trusted
from gateway.ledger.errors import LedgerUnavailableError
from gateway.ledger.keys import read_public
from gateway.ledger.opened import open_reader
from gateway.ledger.verify import verify

CLIENTS = 8
_STARTING = 0.25
"""The share of kills that do not wait until the gateway answers: they find it opening its ledger."""
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["kill_kit", "gateway.cli.main", "gateway.cli.serve", "gateway.transport.app", "uvicorn"])


@dataclass
class Storm:
    """What is known of the gateway from outside. `answered`: the request ids of whole answers since the last look."""

    folder: Path
    ledger: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    port: int
    subgraphs: Sequence[Subgraph]
    chance: random.Random
    kills: int = 0
    answers: int = 0
    refused: int = 0
    answered: list[str] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)
    looked: int = 0
    """Records that were looked at."""

    async def round(self) -> None:
        """Starts the gateway, loads it, and kills it at a moment that nobody chose; then looks at what it left."""
        async with self.loaded(self.chance.random() > _STARTING):
            await asyncio.sleep(self.chance.uniform(0, 0.3))
        self.kills += 1
        await self.look()

    async def end(self) -> None:
        """The gateway comes back and answers; then the whole ledger is verified."""
        async with self.loaded(answers=True):
            pass
        await self.look()
        assert self.answers
        await self.verify()

    @asynccontextmanager
    async def loaded(self, answers: bool) -> AsyncIterator[int]:
        """The process of a gateway under load; the end of the block kills it. `answers`: it has answered before."""
        process = _FORKS.Process(target=_serve, args=(self.arguments, self.environment), daemon=True)
        process.start()
        assert process.pid is not None
        clients = [asyncio.create_task(self._client(place)) for place in range(CLIENTS)]
        try:
            async with asyncio.timeout(60):
                while answers and not self.answered:
                    assert process.is_alive(), "the gateway did not start"
                    await asyncio.sleep(0.002)
            yield process.pid
        finally:
            process.kill()
            await asyncio.to_thread(process.join)
            for client in clients:
                client.cancel()
            ended = await asyncio.gather(*clients, return_exceptions=True)
        assert all(isinstance(one, asyncio.CancelledError) for one in ended), ended

    async def _client(self, place: int) -> None:
        role = list(ROLES.values())[place % len(ROLES)]
        headers = {"Authorization": f"Bearer {token()}"}
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", timeout=30, headers=headers) as http:
            while True:
                try:
                    response = await http.post("/graphql", json={"query": role.query})
                except httpx.TransportError:  # killed, or not there yet
                    await asyncio.sleep(0.01)
                    continue
                if response.status_code == 503:
                    assert response.json()["errors"][0]["extensions"]["code"] == "LEDGER_UNAVAILABLE"
                    assert "data" not in response.json()
                    self.refused += 1
                    continue
                self.answered.append(response.headers["X-Request-Id"])
                self.answers += 1
                assert (response.status_code, response.json()) == (200, {"data": role.whole}), response.text

    async def look(self) -> None:
        """Every whole answer has its record, and the last head covers no less than the one before."""
        recorded: set[str] = set()
        async with open_reader(self.ledger) as reader:
            with suppress(LedgerUnavailableError):  # killed before it had made its tables
                async for part in reader.records(self.looked, 2**62):
                    recorded |= {json.loads(record).get("request", "") for _, record in part}
                    self.looked = part[-1][0] + 1
                if note := await reader.last_head():
                    self.heads.append(trusted(note, self._keys()).head)
        assert set(self.answered) <= recorded, "answers without a record"
        assert self.heads == sorted(self.heads, key=lambda head: head.size), "a head went back"
        self.answered.clear()
        for subgraph in self.subgraphs:
            subgraph.seen.clear()

    async def verify(self) -> None:
        """The tree is sound from the first record on, and continues every head that was seen."""
        async with open_reader(self.ledger) as reader:
            report = await verify(reader, self._keys(), self.heads)
        assert report.sound, report.findings
        assert report.stop == self.looked

    def _keys(self) -> list[PublicKey]:
        return read_public(self.folder / "keys" / "ledger.pub")


@asynccontextmanager
async def storm(folder: Path, seed: int, ledger: str | None = None, **environment: str) -> AsyncIterator[Storm]:
    """A gateway to kill, and the subgraphs behind it. `ledger`: postgresql://…; a file in the folder if not given."""
    subgraphs = [Subgraph(name) for name in NAMES]
    (folder / "jwks.json").write_text(jwks())
    url, port = ledger or str(folder / "ledger.db"), _free_port()
    async with AsyncExitStack() as stack:
        for subgraph in subgraphs:
            await stack.enter_async_context(subgraph.listening())
        options: dict[str, Any] = {
            "supergraph": FIXTURES / "supergraphs" / "library.graphql",
            "port": port,
            "jwks": folder / "jwks.json",
            "issuer": ISSUER,
            "keys": folder / "identity-keys",
            "ledger": url,
            "ledger-keys": folder / "keys",
        }
        arguments = [f"--{name}={value}" for name, value in options.items()]
        arguments += [f"--subgraph={subgraph.name}={subgraph.url}" for subgraph in subgraphs]
        yield Storm(
            folder, url, ["serve", "--no-graphiql", *arguments], environment, port, subgraphs, random.Random(seed)
        )


def _serve(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """In the process that is killed."""
    os.environ.update(environment)
    sys.argv = ["quipu", *arguments]
    main()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
