"""What the ledger costs, and whether its size is felt. Run by hand:

    PYTHONPATH=tests python tests/bench/ledger.py --records 1000000

First the full case, asked of two gateways that differ in the ledger alone, over the subgraphs of one demo: one request
after the other, by turns, and then by many clients at once, with the ledger in SQLite and in PostgreSQL. The gateways
and the load share this process. Then a ledger of that many records in SQLite, beside itself at a tenth of them.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from command_kit import COMMAND
from demo_kit import Demo, running_demo
from faults_kit import served
from ledger_kit import postgres_ledger, sqlite_ledger
from postgres_kit import running_server

from gateway.access.agreements.register import read_register
from gateway.access.jws import TokenRules
from gateway.access.keys import KeySource
from gateway.access.profile import Access
from gateway.access.tokens import Issuer, TokenVerifier
from gateway.cli.full_case import worked_query
from gateway.cli.identities import AUDIENCE, ISSUER, SAMPLES, jwks_file, sample_token
from gateway.cli.sample_agreements import FOLDER
from gateway.federation.engine import Engine
from gateway.federation.supergraph.read import read_supergraph
from gateway.ledger.canonical import encode
from gateway.ledger.leaf import Leaf
from gateway.ledger.ledger import Ledger, open_ledger
from gateway.ledger.opened import open_reader
from gateway.ledger.prove import Prover
from gateway.ledger.settings import LedgerSettings
from gateway.ledger.source import LedgerSource
from gateway.ledger.store import Reader
from gateway.ledger.tiles import TileId
from gateway.transport.app import create_app
from gateway.transport.recording import Recording
from gateway.upstream.client import SubgraphClient
from gateway.upstream.signing import load_signer

WARM_UP = 50
BATCH = 1_000
PAGE = 1_000


@asynccontextmanager
async def asking(demo: Demo, settings: LedgerSettings | None) -> AsyncIterator[aiohttp.ClientSession]:
    """Asks a gateway with this ledger, or with none, as the demo's judge."""
    graph = read_supergraph((demo.data / "supergraph.graphql").read_text())
    urls = {name: known.url for name, known in graph.subgraphs.items()}
    client = SubgraphClient(urls, signer=load_signer(demo.data / "keys"))
    app = create_app(
        Engine(graph, client, recorded=settings is not None),
        client,
        verifier=TokenVerifier(Issuer(KeySource(str(jwks_file(demo.data))), TokenRules(ISSUER, AUDIENCE))),
        access=Access(read_register(demo.data / FOLDER)),
        recording=Recording(settings),
    )
    headers = {
        "Authorization": f"Bearer {sample_token(demo.data, 'judge')}",
        "Quipu-Purpose": SAMPLES["judge"].purpose,
    }
    async with served(app) as url, aiohttp.ClientSession(url, headers=headers) as session:
        for _ in range(WARM_UP):
            await ask(session)
        yield session


async def ask(session: aiohttp.ClientSession, reference: str = "0") -> float:
    """Seconds that the full case took. Only those who state the same reference may share an answer."""
    headers = {"Quipu-Purpose-Reference": reference}
    began = time.perf_counter()
    async with session.post("/graphql", json={"query": worked_query()}, headers=headers) as response:
        answer = await response.json()
    if "errors" in answer or not answer["data"]["case"]:
        raise SystemExit(f"not the answer that was meant: {answer}")
    return time.perf_counter() - began


async def throughput(session: aiohttp.ClientSession, clients: int, requests: int) -> float:
    """Requests a second."""

    async def client(place: int) -> None:
        for _ in range(requests // clients):
            await ask(session, str(place))

    began = time.perf_counter()
    await asyncio.gather(*(client(place) for place in range(clients)))
    return requests // clients * clients / (time.perf_counter() - began)


async def full_case(demo: Demo, folder: Path, clients: int, requests: int) -> None:
    (folder / "postgres").mkdir()
    with running_server(folder / "postgres") as server:
        ledgers = {
            "no ledger": None,
            "SQLite": sqlite_ledger(folder / "own", sign_every=1.0),
            "PostgreSQL": await postgres_ledger(server, folder / "shared", sign_every=1.0),
        }
        async with AsyncExitStack() as stack:
            sessions = {
                name: await stack.enter_async_context(asking(demo, settings)) for name, settings in ledgers.items()
            }
            took: dict[str, list[float]] = {name: [] for name in sessions}
            for _ in range(requests):
                for name, session in sessions.items():
                    took[name].append(await ask(session))
            bare = statistics.median(took["no ledger"])
            for name, session in sessions.items():
                median, rate = statistics.median(took[name]), await throughput(session, clients, requests)
                figures = f"p50 {median * 1000:.1f} ms, ratio {median / bare:.2f}; {rate:.0f}/s by {clients} clients"
                print(f"full case, {name}: {figures}", flush=True)


@dataclass
class Counting:
    """Counts the rows of the tree that a proof reads."""

    reader: Reader
    rows: int = field(default=0)

    async def tiles(self, wanted: Iterable[TileId]) -> dict[TileId, bytes]:
        found = await self.reader.tiles(wanted)
        self.rows += len(found)
        return found


def leaves(start: int) -> Sequence[Leaf]:
    """A batch of records about as long as those of the full case, and found by as much."""
    return [
        Leaf(
            encode({"n": number, "pad": "x" * 900}),
            (
                ("request", f"{number:032x}"),
                ("Case", str(number % 1_000_003)),
                ("institution", "PJ"),
                ("outcome", "OK"),
            ),
        )
        for number in range(start, start + BATCH)
    ]


async def grown(ledger: Ledger, start: int, stop: int, timed: int) -> float:
    """Records a second over the last `timed`."""
    began = time.perf_counter()
    for first in range(start, stop, BATCH):
        if first == stop - timed:
            began = time.perf_counter()
        await ledger.append(leaves(first))
    return timed / (time.perf_counter() - began)


async def looked_at(settings: LedgerSettings, size: int) -> tuple[float, int]:
    """Seconds of a page in the middle of the export, and the most rows that one inclusion proof reads."""
    assert settings.url is not None
    pages = []
    for _ in range(5):
        began = time.perf_counter()
        async for _line in LedgerSource(settings.url).lines(size // 2, PAGE):
            pass
        pages.append(time.perf_counter() - began)
    rows = 0
    async with open_reader(settings.url) as reader:
        for position in (0, size // 3, size // 2, size - 1):
            counting = Counting(reader)
            await Prover(counting, size).inclusion(position, position + 1)  # type: ignore[arg-type]
            rows = max(rows, counting.rows)
    return statistics.median(pages), rows


async def at_size(folder: Path, records: int) -> None:
    settings = sqlite_ledger(folder / "large", sign_every=1.0, deadline=60.0)
    tenth, found = records // 10, {}
    for start, stop in ((0, tenth), (tenth, records)):
        async with open_ledger(settings) as ledger:
            rate = await grown(ledger, start, stop, records // 20)
        page, rows = await looked_at(settings, stop)
        seconds, memory = verified(settings)
        found[stop] = rate, page
        print(
            f"{stop} records: {rate:.0f}/s appended, a page of {PAGE} in {page * 1000:.0f} ms, a proof reads {rows} "
            f"rows, verified in {seconds:.1f} s with {memory:.0f} MiB at most",
            flush=True,
        )
    (rate, page), (small_rate, small_page) = found[records], found[tenth]
    print(f"at ten times the size: append rate x {rate / small_rate:.2f}, page time x {page / small_page:.2f}")


def verified(settings: LedgerSettings) -> tuple[float, float]:
    """Seconds and MiB at most of `quipu ledger verify`."""
    assert settings.keys is not None
    options = ["--ledger", str(settings.url), "--key", str(settings.keys / "ledger.pub")]
    began = time.perf_counter()
    process = subprocess.Popen([*COMMAND, "ledger", "verify", *options], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit("the ledger does not verify")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000, help="A multiple of 20,000.")
    parser.add_argument("--requests", type=int, default=500)
    parser.add_argument("--clients", type=int, default=16)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # the server of PostgreSQL may run as another account
        if asked.requests:
            with running_demo(folder / "demo") as demo:
                asyncio.run(full_case(demo, folder, asked.clients, asked.requests))
        if asked.records:
            asyncio.run(at_size(folder, asked.records))


if __name__ == "__main__":
    main()
