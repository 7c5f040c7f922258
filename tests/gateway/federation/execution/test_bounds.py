"""Answers that are too large, errors that are too many, failures without end: what each may cost is bounded."""

from __future__ import annotations

import asyncio
import gc
import itertools
import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from world_kit import World

from gateway.federation.engine import Engine, Limits
from gateway.federation.errors import FetchError
from gateway.federation.execution.execute import ExecutionLimits
from gateway.federation.execution.fetcher import SubgraphRequest

SUPERGRAPH = World(
    {
        "shop": 'type Query { title: String  products: [Product]  pages: [[Product!]] } '
        'type Product @key(fields: "id") { id: ID! }',
        "stock": 'type Product @key(fields: "id") { id: ID!  copies: Int  shelf: String! }',
    },
    {},
).supergraph  # fmt: skip


class Shop:
    """A shop with as many products as it is told, and a stock that answers as it is told."""

    def __init__(self, ids: list[int], stock: Callable[[list[Any]], Any]) -> None:
        self.ids = ids
        self.stock = stock
        self.asked: list[int] = []

    async def fetch(self, request: SubgraphRequest, _context: object) -> bytes:
        if request.subgraph == "shop":
            return json.dumps({"data": {"title": "inks", "products": [{"id": str(i)} for i in self.ids]}}).encode()
        given = request.variables["representations"]
        self.asked.append(len(given))
        return json.dumps(self.stock(given)).encode()


def copies(given: list[Any]) -> Any:
    return {"data": {"_entities": [{"copies": int(each["id"])} for each in given]}}


@pytest.fixture(params=[0, 100], ids=["compiled", "interpreted"])
def program_after(request: pytest.FixtureRequest) -> int:
    return int(request.param)


async def ask(shop: Shop, program_after: int, limits: ExecutionLimits | None = None) -> Any:
    engine = Engine(SUPERGRAPH, shop, Limits(program_after=program_after, execution=limits or ExecutionLimits()))
    return await engine.execute(engine.prepare("{ title products { copies } }"), {})


async def test_a_hundred_thousand_entities_are_not_asked_for_and_the_limit_is_named(program_after: int) -> None:
    shop = Shop(list(range(100_000)), copies)
    answer = await ask(shop, program_after)
    [error] = answer.errors
    assert (error.code, error.path) == ("TOO_MANY_ENTITIES", ("products", 0))
    assert "20000" in error.message
    assert answer.data["title"] == "inks"
    assert answer.data["products"] == [{"copies": None}] * 100_000
    assert shop.asked == []


async def test_as_many_entities_as_the_limit_are_asked_for_at_once(program_after: int) -> None:
    shop = Shop([*range(50), *range(50)], copies)
    answer = await ask(shop, program_after, ExecutionLimits(representations=50))
    assert answer.errors == ()
    assert [each["copies"] for each in answer.data["products"]] == [*range(50), *range(50)]
    assert shop.asked == [50]


async def test_one_error_of_an_entity_in_two_thousand_places_is_told_at_a_few(program_after: int) -> None:
    error = {"message": "On hold.", "path": ["_entities", 0, "copies"], "extensions": {"code": "ON_HOLD"}}
    answer = await ask(Shop([7] * 2_000, lambda _: {"data": None, "errors": [error]}), program_after)
    assert [error.path for error in answer.errors] == [("products", i, "copies") for i in range(20)]


async def test_two_thousand_errors_are_told_up_to_the_bound(program_after: int) -> None:
    def stuck(given: list[Any]) -> Any:
        errors = [
            {"message": "On hold.", "path": ["_entities", i], "extensions": {"code": "ON_HOLD"}}
            for i in range(len(given))
        ]
        return {"data": {"_entities": [None] * len(given)}, "errors": errors}

    answer = await ask(Shop(list(range(2_000)), stuck), program_after)
    assert [error.code for error in answer.errors] == ["ON_HOLD"] * 500 + ["TOO_MANY_ERRORS"]


WAYS_TO_FAIL = ("unreachable", "no JSON", "errors", "too few", "crashes", "client gone")
TEN_THOUSAND = 10_000


class Failing:
    """Fails in each way in turn."""

    def __init__(self) -> None:
        self.ways = itertools.cycle(WAYS_TO_FAIL)
        self.running = 0

    async def fetch(self, request: SubgraphRequest, _context: object) -> bytes:
        self.running += 1
        try:
            await asyncio.sleep(0)
            if request.subgraph == "shop":
                return b'{"data":{"title":"inks","products":[{"id":"1"},{"id":"2"}]}}'
            return await self.fail(next(self.ways))
        finally:
            self.running -= 1

    async def fail(self, way: str) -> bytes:
        if way == "unreachable":
            raise FetchError("stock", "stock cannot be reached.", "SUBGRAPH_UNREACHABLE")
        if way == "crashes":
            raise RuntimeError("a fault of the fetcher's own")
        if way == "client gone":
            await asyncio.Event().wait()
        return {"no JSON": b"<html>", "errors": b'{"data":null,"errors":[{}]}'}.get(way, b'{"data":{"_entities":[]}}')


async def fail_often(engine: Engine, failing: Failing, times: int) -> None:
    prepared = engine.prepare("{ title products { copies } }")
    for _ in range(times // 50):
        asking = [asyncio.create_task(engine.execute(prepared, {})) for _ in range(50)]
        _, waiting = await asyncio.wait(asking, timeout=0.005)
        for each in waiting:
            each.cancel()
        outcomes = await asyncio.gather(*asking, return_exceptions=True)
        assert all(isinstance(each, BaseException) or each.errors for each in outcomes)
    assert failing.running == 0


async def test_ten_thousand_failing_requests_leave_no_fetch_task_or_memory() -> None:
    failing = Failing()
    engine = Engine(SUPERGRAPH, failing, Limits(program_after=0))
    await fail_often(engine, failing, 1_000)
    gc.collect()
    tasks = len(asyncio.all_tasks())
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    await fail_often(engine, failing, TEN_THOUSAND)
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert len(asyncio.all_tasks()) == tasks
    assert grown < 500_000
