"""The request's deadline, and clients that go away before their answer."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from faults_kit import PATIENT, ROLES, Gateway, Subgraph, codes, gateway, holds, silent, soon, until

ENTITY = ROLES["entity fetch"]
WHOLE = {"data": ENTITY.whole}


def start(serving: Gateway, query: str) -> asyncio.Task[dict[str, Any]]:
    return asyncio.create_task(serving.ask(query))


async def leave(asking: asyncio.Task[dict[str, Any]]) -> None:
    """The client closes its connection."""
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking


def waiting(serving: Gateway) -> int:
    """How many requests wait for fetches."""
    return sum(shared.waiting for shared in serving.client._in_flight._running.values())


async def test_the_deadline_ends_all_hops_though_each_has_time_of_its_own() -> None:
    query = '{ book(isbn: "1") { title loans { day } copies } reader(name: "Ana") { name } }'
    async with gateway(PATIENT, deadline=1) as serving:
        serving.subgraphs["loans"].misbehave = silent
        answer = await asyncio.wait_for(serving.ask(query), 10)
    assert answer["data"] == {"book": {"title": "Los ríos profundos", "loans": None, "copies": 4}, "reader": None}
    assert sorted(codes(answer), key=str) == [
        ("SUBGRAPH_TIMEOUT", "loans", ["book"]),
        ("SUBGRAPH_TIMEOUT", "loans", ["reader"]),
    ]


async def test_hops_behind_a_silent_subgraph_are_not_made() -> None:
    async with gateway(PATIENT, deadline=0.5) as serving:
        serving.subgraphs["catalogue"].misbehave = silent
        answer = await asyncio.wait_for(serving.ask("{ books { copies loans { day } } }"), 10)
        assert serving.subgraphs["stock"].seen == serving.subgraphs["loans"].seen == []
    assert answer["data"] is None
    assert codes(answer) == [("SUBGRAPH_TIMEOUT", "catalogue", ["books"])]


@pytest.mark.parametrize("name", ["catalogue", "loans"])
async def test_the_fetches_of_a_client_that_goes_away_are_cancelled(name: str) -> None:
    async with gateway() as serving:
        subgraph = serving.subgraphs[name]
        subgraph.misbehave = silent
        asking = start(serving, ENTITY.query)
        await soon(subgraph.asked)
        await leave(asking)
        await soon(subgraph.left)
        await until(lambda: not serving.client._in_flight._running)
        subgraph.misbehave = None
        assert await serving.ask(ENTITY.query) == WHOLE


@pytest.mark.parametrize("leaver", [0, 1], ids=["who asked first", "who joined"])
async def test_a_neighbour_of_a_client_that_goes_away_gets_the_answer_of_their_one_fetch(leaver: int) -> None:
    async with gateway() as serving, httpx.AsyncClient(base_url=serving.http.base_url, timeout=60) as other:
        loans, answering = serving.subgraphs["loans"], asyncio.Event()
        loans.misbehave = holds(answering)
        # Another document, so that the two have nothing in common but the fetch.
        neighbour = start(Gateway(other, serving.client, serving.subgraphs), f"{ENTITY.query} # neighbour")
        clients = [start(serving, ENTITY.query), neighbour]
        await soon(loans.asked)
        await until(lambda: waiting(serving) == 2)
        await leave(clients[leaver])
        await until(lambda: waiting(serving) == 1)
        answering.set()
        assert await asyncio.wait_for(clients[1 - leaver], 10) == WHOLE
        assert len(loans.seen) == 1
        assert not loans.left.is_set()


async def test_the_gateway_is_well_after_many_clients_went_away_at_once() -> None:
    async with gateway() as serving:
        loans: Subgraph = serving.subgraphs["loans"]
        loans.misbehave = silent
        queries = [f'{{ book(isbn: "1") {{ loans(last: {n}) {{ day }} }} }}' for n in range(30)]
        asking = [start(serving, query) for query in queries]
        await until(lambda: len(loans.seen) == 30)
        for task in asking:
            await leave(task)
        await until(lambda: not serving.client._in_flight._running and loans.open_connections == 0)
        loans.misbehave = None
        assert await serving.ask(ENTITY.query) == WHOLE
