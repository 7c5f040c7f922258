"""The breaker as a client of the gateway meets it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from faults_kit import (
    ROLES,
    Clock,
    Gateway,
    codes,
    gateway,
    holds,
    http,
    silent,
    soon,
    until,
    writes,
)

from gateway.upstream.client import UpstreamSettings

ROLE = ROLES["entity fetch"]
OTHER = '{ b: book(isbn: "1") { title loans(last: 2) { day } } }'
REFUSED = [("SUBGRAPH_UNAVAILABLE", "loans", ["b"])]
DEAD = writes(b"")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def serving(clock: Clock) -> AsyncIterator[Gateway]:
    async with gateway(UpstreamSettings(failures=3, pause=5)) as started:
        for breaker in started.client._breakers.values():
            breaker.clock = clock
        yield started


async def opened(serving: Gateway) -> Gateway:
    serving.subgraphs["loans"].misbehave = DEAD
    for _ in range(3):
        assert codes(await serving.ask(ROLE.query)) == [("SUBGRAPH_UNREACHABLE", "loans", ["b"])]
    return serving


async def test_a_subgraph_that_keeps_silent_is_left_alone_and_the_rest_is_answered(serving: Gateway) -> None:
    await opened(serving)
    asked = len(serving.subgraphs["loans"].seen)
    answer = await serving.ask(ROLE.query)
    assert (answer["data"], codes(answer)) == (ROLE.left, REFUSED)
    assert len(serving.subgraphs["loans"].seen) == asked


async def test_after_the_pause_an_answer_brings_it_back(serving: Gateway, clock: Clock) -> None:
    await opened(serving)
    serving.subgraphs["loans"].misbehave = None
    assert codes(await serving.ask(ROLE.query)) == REFUSED, "it is well, but nobody knows yet"
    clock.now += 6
    assert await serving.ask(ROLE.query) == {"data": ROLE.whole}
    assert await serving.ask(ROLE.query) == {"data": ROLE.whole}


async def test_while_one_request_probes_the_others_are_refused_at_once(serving: Gateway, clock: Clock) -> None:
    loans, answering = (await opened(serving)).subgraphs["loans"], asyncio.Event()
    loans.misbehave = holds(answering)
    loans.asked.clear()
    clock.now += 6
    probing = asyncio.create_task(serving.ask(ROLE.query))
    await soon(loans.asked)
    assert codes(await serving.ask(OTHER)) == REFUSED
    answering.set()
    assert await probing == {"data": ROLE.whole}


async def test_a_probe_whose_client_goes_away_leaves_the_probe_to_the_next(serving: Gateway, clock: Clock) -> None:
    loans = (await opened(serving)).subgraphs["loans"]
    loans.misbehave = silent
    loans.asked.clear()
    clock.now += 6
    probing = asyncio.create_task(serving.ask(ROLE.query))
    await soon(loans.asked)
    probing.cancel()
    await until(lambda: not serving.client._in_flight._running)
    loans.misbehave = None
    assert await serving.ask(ROLE.query) == {"data": ROLE.whole}


async def test_wrong_answers_do_not_cut_a_subgraph_off(serving: Gateway) -> None:
    for _ in range(5):
        await serving.ask_while("loans", writes(http(b"<html>", "500 Oops", "text/html")), ROLE.query)
    assert await serving.ask(ROLE.query) == {"data": ROLE.whole}


async def test_one_subgraphs_breaker_is_no_others(serving: Gateway) -> None:
    await opened(serving)
    assert "errors" not in await serving.ask("{ books { title copies postage } }")
