"""An engine serves one supergraph from start to end. There is no reload: another supergraph is another engine, and a
request that began with one engine ends with it."""

from __future__ import annotations

import asyncio

import pytest
from federation_kit import LocalSubgraphs, library
from world_kit import World

from gateway.federation.engine import Engine, Limits, Prepared
from gateway.federation.errors import RequestError
from gateway.federation.execution.fetcher import SubgraphRequest
from gateway.federation.planning.printer import print_plan

BEFORE = World(
    {
        "shop": 'type Query { product: Product } type Product @key(fields: "id") { id: ID! }',
        "stock": 'type Product @key(fields: "id") { id: ID! copies: Int }',
    },
    {"Query": {"product": "p"}, "p": {"__typename": "Product", "id": "1", "copies": 4}},
)
AFTER = World(
    {
        "shop": 'type Query { product: Product } type Product @key(fields: "sku") { sku: ID! }',
        "depot": 'type Product @key(fields: "sku") { sku: ID! copies: String }',
    },
    {"Query": {"product": "p"}, "p": {"__typename": "Product", "sku": "x", "copies": "many"}},
)
QUERY = "{ product { copies } }"


class Held:
    """A fetcher that lets its first request wait."""

    def __init__(self, world: World) -> None:
        self.local = world.local()
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()

    async def fetch(self, request: SubgraphRequest, context: object) -> bytes:
        if not self.begun.is_set():
            self.begun.set()
            await self.go_on.wait()
        return await self.local.fetch(request, context)


@pytest.mark.parametrize("program_after", [0, 100])
async def test_a_request_under_way_ends_with_the_supergraph_it_began_with(program_after: int) -> None:
    held = Held(BEFORE)
    old = Engine(BEFORE.supergraph, held, Limits(program_after=program_after))
    under_way = asyncio.create_task(old.execute(old.prepare(QUERY), {}))
    await held.begun.wait()
    new = Engine(AFTER.supergraph, AFTER.local(), Limits(program_after=program_after))
    assert (await new.execute(new.prepare(QUERY), {})).data == {"product": {"copies": "many"}}
    held.go_on.set()
    assert (await under_way).data == {"product": {"copies": 4}}
    assert [request.subgraph for request in held.local.sent] == ["shop", "stock"]


def plan_of(prepared: Prepared) -> str:
    return print_plan(prepared.plan)


WITH_REQUIREMENTS = [
    "{ books { postage } }",
    "{ books { weight copies } }",
    '{ reader(name: "Ana") { loans { book { postage title } } } }',
    '{ book(isbn: "1") { a: loans(last: 1) { day } loans(last: 2) { book { copies } } } }',
    "{ items { title ... on Book { postage copies } } }",
]


def test_no_plan_changes_those_that_are_made_after_it() -> None:
    shared = Engine(library(), LocalSubgraphs())
    for query in [*WITH_REQUIREMENTS, *reversed(WITH_REQUIREMENTS)]:
        alone = Engine(library(), LocalSubgraphs())
        assert plan_of(shared.prepare(query)) == plan_of(alone.prepare(query))


def test_a_query_that_is_refused_leaves_those_after_it_as_they_were() -> None:
    shared = Engine(library(), LocalSubgraphs(), Limits())
    with pytest.raises(RequestError):
        shared.prepare("{ books { nothing } }")
    with pytest.raises(RequestError):
        shared.prepare("{ " + " ".join(f"a{i}: books {{ postage }}" for i in range(101)) + " }")
    assert plan_of(shared.prepare(WITH_REQUIREMENTS[0])) == plan_of(
        Engine(library(), LocalSubgraphs()).prepare(WITH_REQUIREMENTS[0])
    )


async def test_a_plan_that_goes_back_and_forth_as_deep_as_a_document_may_is_made_and_run() -> None:
    world = World(
        {
            "a": 'type Query { t: T } type T @key(fields: "id") { id: ID! a: T }',
            "b": 'type T @key(fields: "id") { id: ID! b: T }',
        },
        {"Query": {"t": "t"}, "t": {"__typename": "T", "id": "1", "a": "t", "b": "t"}},
    )
    depth = 40
    query = "{ t " + "{ a { b " * depth + "{ id }" + " } }" * depth + " }"
    for program_after in (0, 100):
        local = world.local()
        engine = Engine(world.supergraph, local, Limits(program_after=program_after))
        answer = await engine.execute(engine.prepare(query), {})
        assert answer.errors == ()
        assert len(local.sent) == 2 * depth
        assert str(answer.data).count("'a'") == depth
