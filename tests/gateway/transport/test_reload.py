"""Another supergraph takes the place of the one that is served, while requests come."""

from __future__ import annotations

import asyncio
import hashlib
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from faults_kit import until
from http_kit import serving
from reload_kit import QUERY, Version, expected, version

from gateway.federation.engine import Engine
from gateway.federation.supergraph.read import read_supergraph
from gateway.store.memory import MemoryStore
from gateway.transport.app import create_app
from gateway.transport.current import Current
from gateway.upstream.client import SubgraphClient, UpstreamSettings

EXPECTED = {name: expected(name) for name in ("one", "two")}


def made(of: Version, settings: UpstreamSettings | None = None) -> tuple[Engine, SubgraphClient]:
    graph = read_supergraph(of.sdl)
    urls = {name: known.url for name, known in graph.subgraphs.items()}
    client = SubgraphClient(urls, settings or UpstreamSettings())
    return Engine(graph, client), client


class Slow(MemoryStore):
    """Between the planning and the running of a document that is to be remembered, supergraphs may be swapped."""

    async def put(self, key: str, value: bytes, life: float) -> None:
        await asyncio.sleep(0.01)
        await super().put(key, value, life)


@dataclass
class Gateway:
    """A gateway that serves the first version, and can be given the other."""

    http: httpx.AsyncClient
    versions: dict[str, Version]
    current: Current
    before: list[weakref.ref[Engine]] = field(default_factory=list)
    """The engines that were served before."""

    async def swap(self, name: str) -> None:
        self.before.append(weakref.ref(self.current.served.engine))
        await self.current.swap(*made(self.versions[name]))

    async def ask(self, query: str = QUERY, remembered: bool = False) -> dict[str, Any]:
        digest = hashlib.sha256(query.encode()).hexdigest()
        extensions = {"persistedQuery": {"version": 1, "sha256Hash": digest}} if remembered else {}
        response = await self.http.post("/graphql", json={"query": query, "extensions": extensions})
        assert response.status_code == 200
        answer: dict[str, Any] = response.json()
        return answer

    async def metric(self, name: str) -> list[str]:
        text = (await self.http.get("/metrics")).text
        return [line.removeprefix(name) for line in text.splitlines() if line.startswith(name)]


@asynccontextmanager
async def gateway() -> AsyncIterator[Gateway]:
    found: asyncio.Future[Current] = asyncio.get_running_loop().create_future()

    async def follow(current: Current) -> None:
        found.set_result(current)

    async with version("one") as one, version("two") as two:
        app = create_app(*made(one), store=Slow(1_000_000, 100), follow=[follow])
        async with serving(app) as address, httpx.AsyncClient(base_url=address, timeout=60) as http:
            yield Gateway(http, {"one": one, "two": two}, await found)


async def test_under_load_every_answer_is_wholly_of_one_supergraph_and_none_fails() -> None:
    async with gateway() as served:
        answers: list[dict[str, Any]] = []
        done = asyncio.Event()

        async def hammer(number: int) -> None:
            asked = 0
            while not done.is_set():
                # Some are equal, and share an answer under way; the others are planned for the first time.
                asked += 1
                query = f"{QUERY} # {number} {asked}" if number % 2 else QUERY
                answers.append(await served.ask(query, remembered=number % 3 == 0))

        hammering = [asyncio.create_task(hammer(number)) for number in range(10)]
        for turn in range(60):
            await asyncio.sleep(0.02)
            await served.swap("one" if turn % 2 else "two")
        done.set()
        await asyncio.gather(*hammering)
        seen = {name: answers.count(answer) for name, answer in EXPECTED.items()}
        assert sum(seen.values()) == len(answers)
        assert min(seen.values()) > 20
        assert await served.metric("quipu_supergraph_reloads_total") == [
            '{outcome="swapped"} 60.0',
            '{outcome="refused"} 0.0',
        ]
        await until(lambda: not any(engine() for engine in served.before))


async def test_a_request_under_way_ends_with_the_supergraph_it_began_with() -> None:
    async with gateway() as served:
        one = served.versions["one"]
        one.open.clear()
        waiting = [asyncio.create_task(served.ask()) for _ in range(3)]
        await until(lambda: served.current.served.requests == 3 and one.asked == 2)
        old = served.current.served.client
        await served.swap("two")
        assert await served.ask() == EXPECTED["two"]
        assert old.is_open
        one.open.set()
        assert await asyncio.gather(*waiting) == [EXPECTED["one"]] * 3
        await until(lambda: not old.is_open)
        assert await served.ask() == EXPECTED["two"]
        await until(lambda: not any(engine() for engine in served.before))


async def test_what_was_planned_for_the_old_is_neither_used_nor_missed() -> None:
    async with gateway() as served:
        for name in ("one", "two", "one"):
            if served.before or name == "two":
                await served.swap(name)
            first, again = await served.ask(), await served.ask()
            assert first == again == EXPECTED[name]
        refused = await served.http.post("/graphql", json={"query": "{ new }"})
        assert refused.json()["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
        await served.swap("two")
        assert await served.ask("{ new }") == {"data": {"new": None}}


async def test_a_supergraph_whose_client_cannot_be_opened_changes_nothing() -> None:
    async with gateway() as served:
        before = served.current.served
        with pytest.raises(OSError, match="No such file"):
            await served.current.swap(*made(served.versions["two"], UpstreamSettings(ca_file="/nowhere")))
        assert served.current.served is before
        assert await served.ask() == EXPECTED["one"]


async def test_health_and_metrics_are_of_what_is_served() -> None:
    async with gateway() as served:
        hashes = [await served.metric("quipu_supergraph_info")]
        await served.swap("two")
        hashes.append(await served.metric("quipu_supergraph_info"))
        assert len({str(shown) for shown in hashes}) == 2
        assert [len(shown) for shown in hashes] == [1, 1]
        [loaded] = await served.metric("quipu_supergraph_loaded_timestamp_seconds")
        assert float(loaded) == pytest.approx(served.current.served.since)
        assert len(await served.metric("quipu_breaker_open")) == 2
        ready = (await served.http.get("/health/ready")).json()
        assert ready == {"status": "ok", "subgraphs": {"a": "ready", "b": "ready"}}


async def test_a_gateway_that_stops_lets_requests_of_the_old_supergraph_end() -> None:
    async with httpx.AsyncClient(timeout=60) as outside:
        async with gateway() as served:
            one = served.versions["one"]
            one.open.clear()
            asking = outside.post(f"{served.http.base_url}/graphql", json={"query": QUERY})
            waiting = asyncio.create_task(asking)
            await until(lambda: one.asked == 2)
            old = served.current.served.client
            await served.swap("two")
            asyncio.get_running_loop().call_later(0.2, one.open.set)
        assert not old.is_open
        assert (await waiting).json() == EXPECTED["one"]
