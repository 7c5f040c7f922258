"""The worked case through the gateway, beside what its subgraphs need for it themselves. Run by hand:

    python tests/bench/worked_case.py --cases 100000 --requests 10000

It starts the demo, asks one request after the other, and prints three figures: the p50 of the whole request, the p50
of the slowest chain of subgraph fetches within a request (as the gateway's own engine waits for them), their
difference, and the resident memory of the gateway early and late in the run.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from gateway.access.identity import Identity
from gateway.cli.full_case import worked_query
from gateway.cli.identities import SAMPLES, sample_token
from gateway.federation.engine import Engine, Prepared
from gateway.federation.execution.fetcher import SubgraphRequest
from gateway.federation.supergraph.read import read_supergraph
from gateway.upstream.client import SubgraphClient
from gateway.upstream.context import RequestContext
from gateway.upstream.signing import load_signer

COMMAND = [sys.executable, "-c", "from gateway.cli.main import main; main()"]
JUDGE = SAMPLES["judge"]
WARM_UP = 200


@dataclass
class Timed:
    """A fetcher that notes when each fetch of a request began and ended, in seconds."""

    client: SubgraphClient
    spans: list[tuple[float, float]] = field(default_factory=list)

    async def fetch(self, request: SubgraphRequest, context: object) -> bytes:
        began = time.perf_counter()
        try:
            return await self.client.fetch(request, context)
        finally:
            self.spans.append((began, time.perf_counter()))

    def waited(self) -> float:
        """Seconds in which at least one fetch was under way."""
        total, reached = 0.0, float("-inf")
        for began, ended in sorted(self.spans):
            total += max(0.0, ended - max(began, reached))
            reached = max(reached, ended)
        self.spans.clear()
        return total


def p50(seconds: Sequence[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.2f} ms"


async def through_http(url: str, token: str, requests: int, pid: int) -> None:
    headers = {"Authorization": f"Bearer {token}", "Quipu-Purpose": JUDGE.purpose}
    took, memory = [], []
    async with aiohttp.ClientSession(headers=headers) as session:
        for done in range(WARM_UP + requests):
            began = time.perf_counter()
            async with session.post(f"{url}/graphql", json={"query": worked_query()}) as response:
                answer: dict[str, Any] = await response.json()
            took.append(time.perf_counter() - began)
            if "errors" in answer or not answer["data"]["case"]:
                raise SystemExit(f"not the answer that was meant: {answer}")
            if done in (WARM_UP, WARM_UP + requests // 2, WARM_UP + requests - 1):
                memory.append((done, resident(pid)))
    print(f"p50 over HTTP, {requests} requests: {p50(took[WARM_UP:])}")
    print("resident memory of the gateway:", ", ".join(f"{mib:.1f} MiB after {done}" for done, mib in memory))


async def inside(data: Path, requests: int) -> None:
    """The same request in this process, so that fetches can be told from the rest."""
    graph = read_supergraph((data / "supergraph.graphql").read_text())
    urls = {name: known.url for name, known in graph.subgraphs.items()}
    client = SubgraphClient(urls, signer=load_signer(data / "keys"))
    await client.open()
    timed = Timed(client)
    engine = Engine(graph, timed)
    prepared: Prepared = engine.prepare(worked_query())
    identity = Identity(JUDGE.subject, JUDGE.institution, ("judge",), JUDGE.purpose, None, None)
    whole, waiting = [], []
    for _ in range(WARM_UP + requests):
        context = RequestContext(identity, "bench", asyncio.get_running_loop().time() + 30)
        began = time.perf_counter()
        await engine.execute(prepared, {}, context)
        whole.append(time.perf_counter() - began)
        waiting.append(timed.waited())
    await client.close()
    own = [one - other for one, other in zip(whole, waiting, strict=True)]
    print(f"engine p50: {p50(whole[WARM_UP:])}, of which waiting for subgraphs: {p50(waiting[WARM_UP:])}")
    print(f"the engine's own share, p50: {p50(own[WARM_UP:])}")


def resident(pid: int) -> float:
    """MiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=10_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        demo = subprocess.Popen(
            [*COMMAND, "demo", "--port", "0", "--data", folder, "--cases", str(asked.cases)], stdout=subprocess.DEVNULL
        )
        try:
            while not (data / "gateway.url").exists():
                if demo.poll() is not None:
                    raise SystemExit("the demo did not start")
                time.sleep(0.2)
            url = (data / "gateway.url").read_text()
            asyncio.run(through_http(url, sample_token(data, "judge"), asked.requests, demo.pid))
            asyncio.run(inside(data, min(asked.requests, 1000)))
        finally:
            demo.terminate()
            demo.wait()


if __name__ == "__main__":
    main()
