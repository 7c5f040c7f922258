"""Equal fetches under way are one; whatever could change the answer keeps them apart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from faults_kit import Exchange, Subgraph, holds, says, silent, soon, until, writes
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.access.identity import Identity
from gateway.federation.errors import FetchError
from gateway.federation.execution.fetcher import SubgraphRequest, read_response, subgraph_request
from gateway.upstream.client import SubgraphClient
from gateway.upstream.context import RequestContext
from gateway.upstream.inflight import InFlight
from gateway.upstream.signing import new_signer

JUDGE = Identity("jueza.uno", "PJ", ("judge",), "case_review", "99006-2022-0-1801-JR-DC-04", "escritorio")


def book(variables: dict[str, Any], shown: str = "title") -> SubgraphRequest:
    query = f"query ($isbn: ID!) {{ book(isbn: $isbn) {{ {shown} }} }}"
    return subgraph_request("catalogue", "query", query, None, variables)


BOOKS = subgraph_request("catalogue", "query", "{ books { title } }", None, {})
BOOK = book({"isbn": "1"})
LEND = subgraph_request("catalogue", "mutation", 'mutation { addBook(title: "x") { title } }', None, {})


class Asking:
    """A client and the subgraph that it asks, which holds its answers until `answering` is set."""

    def __init__(self, client: SubgraphClient, subgraph: Subgraph, answering: asyncio.Event) -> None:
        self.client, self.subgraph, self.answering = client, subgraph, answering

    def start(
        self, request: SubgraphRequest = BOOKS, identity: Identity | None = JUDGE, **context: Any
    ) -> asyncio.Task[bytes]:
        given = {"request_id": "r1", "deadline": asyncio.get_running_loop().time() + 30, **context}
        return asyncio.create_task(self.client.fetch(request, RequestContext(identity, **given)))

    async def fetches(self, *asking: asyncio.Task[bytes]) -> int:
        """How many fetches these callers need, all under way at the same time."""
        await until(lambda: self.waiting() == len(asking))
        self.answering.set()
        await asyncio.gather(*asking)
        return len(self.subgraph.seen)

    def waiting(self) -> int:
        return sum(shared.waiting for shared in self.client._in_flight._running.values())


@pytest.fixture
async def asking() -> AsyncIterator[Asking]:
    answering = asyncio.Event()
    subgraph = Subgraph("catalogue", misbehave=holds(answering))
    async with subgraph.listening():
        client = SubgraphClient({"catalogue": subgraph.url}, signer=new_signer())
        await client.open()
        yield Asking(client, subgraph, answering)
        await client.close()


async def test_equal_queries_of_equal_identities_are_one_fetch(asking: Asking) -> None:
    same = Identity("jueza.uno", "PJ", ("judge",), "case_review", "99006-2022-0-1801-JR-DC-04", "escritorio")
    assert await asking.fetches(asking.start(), asking.start(identity=same), asking.start(request_id="r2")) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "juez.dos"},
        {"institution": "MP"},
        {"roles": ("judge", "auditor")},
        {"purpose": "audit"},
        {"purpose": None},
        {"purpose_reference": None},
        {"client": None},
    ],
    ids=str,
)
async def test_another_identity_or_purpose_is_another_fetch(asking: Asking, change: dict[str, Any]) -> None:
    assert await asking.fetches(asking.start(), asking.start(identity=replace(JUDGE, **change))) == 2


async def test_no_identity_is_not_anybodys(asking: Asking) -> None:
    assert await asking.fetches(asking.start(), asking.start(identity=None)) == 2


@pytest.mark.parametrize(
    "other",
    [
        book({"isbn": "2"}),
        book({"isbn": 1}),
        book({"isbn": "1"}, shown="weight"),
    ],
    ids=["variables", "a variable's type", "operation"],
)
async def test_another_body_is_another_fetch(asking: Asking, other: SubgraphRequest) -> None:
    assert await asking.fetches(asking.start(BOOK), asking.start(other)) == 2


async def test_a_mutation_is_never_shared(asking: Asking) -> None:
    assert await asking.fetches(asking.start(LEND), asking.start(LEND)) == 2


async def test_an_answer_is_not_kept_for_who_asks_later(asking: Asking) -> None:
    asking.answering.set()
    await asking.start()
    await asking.start()
    assert len(asking.subgraph.seen) == 2


async def test_an_error_is_shared_by_those_who_wait_and_not_kept(asking: Asking) -> None:
    async def closes(exchange: Exchange) -> None:
        await asking.answering.wait()
        await writes(b"")(exchange)

    asking.subgraph.misbehave = closes
    waiting = [asking.start(), asking.start()]
    await until(lambda: asking.waiting() == 2)
    asking.answering.set()
    errors = await asyncio.gather(*waiting, return_exceptions=True)
    assert [error.code for error in errors if isinstance(error, FetchError)] == ["SUBGRAPH_UNREACHABLE"] * 2
    assert len(asking.subgraph.seen) == 1
    asking.subgraph.misbehave = None
    assert b"data" in await asking.start()


@pytest.mark.parametrize("leavers", [[0], [1], [0, 1]])
async def test_who_goes_away_does_not_take_the_answer_along(asking: Asking, leavers: list[int]) -> None:
    waiting = [asking.start(), asking.start(), asking.start()]
    await until(lambda: asking.waiting() == 3)
    for leaver in leavers:
        waiting[leaver].cancel()
    await until(lambda: asking.waiting() == 3 - len(leavers))
    asking.answering.set()
    assert b"data" in await waiting[2]
    assert len(asking.subgraph.seen) == 1


async def test_when_all_have_gone_the_fetch_is_cancelled(asking: Asking) -> None:
    asking.subgraph.misbehave = silent
    waiting = [asking.start(), asking.start()]
    await soon(asking.subgraph.asked)
    for caller in waiting:
        caller.cancel()
    await soon(asking.subgraph.left)
    assert asking.waiting() == 0


async def test_who_asks_after_all_have_gone_asks_anew(asking: Asking) -> None:
    leaving = asking.start()
    await soon(asking.subgraph.asked)
    leaving.cancel()
    staying = asking.start()
    await until(lambda: len(asking.subgraph.seen) == 2)
    asking.answering.set()
    assert b"data" in await staying


async def test_each_keeps_the_deadline_of_its_own(asking: Asking) -> None:
    hurried = asking.start(deadline=asyncio.get_running_loop().time() + 0.2)
    patient = asking.start()
    with pytest.raises(FetchError, match="in time"):
        await hurried
    assert await asking.fetches(patient) == 1


Step = tuple[str, int]
STEPS = st.lists(st.tuples(st.sampled_from(["ask", "leave", "answer", "fail"]), st.integers(0, 2)), max_size=40)


@given(STEPS)
@settings(deadline=None, max_examples=150)
def test_whatever_the_order_each_gets_its_own_and_nothing_is_left(steps: list[Step]) -> None:
    asyncio.run(_in_this_order(steps))


class Flights:
    """Callers of shared work, and the work that was started for them."""

    def __init__(self) -> None:
        self.shared = InFlight()
        self.started: list[tuple[int, asyncio.Future[bool]]] = []
        self.callers: list[tuple[int, asyncio.Task[bytes]]] = []
        self.left: set[asyncio.Task[bytes]] = set()

    def ask(self, key: int) -> None:
        async def work() -> bytes:
            future = asyncio.get_running_loop().create_future()
            self.started.append((key, future))
            await future
            return b"%d" % key

        self.callers.append((key, asyncio.create_task(self.shared.share(key, work))))

    def leave(self, number: int) -> None:
        if self.callers:
            task = self.callers[number % len(self.callers)][1]
            self.left.add(task)
            task.cancel()

    def end(self, error: type[Exception] | None, keys: tuple[int, ...]) -> None:
        for key, future in self.started:
            if key in keys and not future.done():
                future.set_exception(error(str(key))) if error else future.set_result(True)

    def step(self, action: str, number: int) -> None:
        if action == "ask":
            self.ask(number)
        elif action == "leave":
            self.leave(number)
        else:
            self.end(LookupError if action == "fail" else None, (number,))

    def got_its_own(self, key: int, task: asyncio.Task[bytes]) -> bool:
        if task.cancelled():
            return task in self.left
        error = task.exception()
        return task.result() == b"%d" % key if error is None else str(error) == str(key)


async def _in_this_order(steps: list[Step]) -> None:
    flights = Flights()
    for action, number in steps:
        flights.step(action, number)
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    flights.end(None, (0, 1, 2))
    await asyncio.gather(*(task for _, task in flights.callers), return_exceptions=True)
    assert all(flights.got_its_own(key, task) for key, task in flights.callers)
    await asyncio.sleep(0)
    assert flights.shared._running == {}
    assert len(asyncio.all_tasks()) == 1


def whose(exchange: Exchange) -> str:
    """The token's second part: who asks, as signed."""
    return exchange.headers["quipu-identity"].split(".")[1]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1), st.integers(0, 1), st.integers(0, 3)), max_size=40))
@settings(deadline=None, max_examples=15)
def test_many_at_once_each_get_what_was_answered_to_themselves(callers: list[tuple[int, int, int, int]]) -> None:
    asyncio.run(_all_at_once(callers))


async def _all_at_once(callers: list[tuple[int, int, int, int]]) -> None:
    async def echo(exchange: Exchange) -> None:
        await asyncio.sleep(len(whose(exchange)) % 3 / 1000)
        await says({"data": {"who": whose(exchange), "body": exchange.payload}})(exchange)

    subgraph, signer = Subgraph("catalogue", misbehave=echo), new_signer()
    async with subgraph.listening():
        client = SubgraphClient({"catalogue": subgraph.url}, signer=signer)
        await client.open()

        async def call(person: int, purpose: int, number: int, wait: int) -> None:
            await asyncio.sleep(wait / 1000)
            identity = replace(JUDGE, subject=f"persona.{person}", purpose=f"motivo_{'ab'[purpose]}")
            request = book({"isbn": str(number)})
            context = RequestContext(identity, "r", asyncio.get_running_loop().time() + 30)
            data = read_response("catalogue", await client.fetch(request, context)).data
            assert data is not None
            assert data["who"] == signer.token("catalogue", identity).split(".")[1]
            assert data["body"]["variables"] == {"isbn": str(number)}

        await asyncio.gather(*(call(*caller) for caller in callers))
        await client.close()


async def test_a_shared_fetch_is_told_under_the_request_that_began_it(asking: Asking) -> None:
    deadline = asyncio.get_running_loop().time() + 30
    contexts = [RequestContext(JUDGE, request_id, deadline) for request_id in ("r1", "r2")]
    tasks = [asyncio.create_task(asking.client.fetch(BOOKS, context)) for context in contexts]
    assert await asking.fetches(*tasks) == 1
    assert [context.sources for context in contexts] == [{("catalogue", "r1")}, {("catalogue", "r1")}]
    assert asking.subgraph.seen[0].headers["x-request-id"] == "r1"
