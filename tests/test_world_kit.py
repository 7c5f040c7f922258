"""The kit tells a right answer from a wrong one, and an honest request from one that no subgraph could serve."""

from __future__ import annotations

from typing import Any

import pytest
from world_kit import World

from gateway.federation.execution.fetcher import subgraph_request

SHOP = World(
    {
        "catalogue": """
            type Query { product(id: ID!): Product  media: [Media!]  find: [Found] }
            type Product @key(fields: "id") @key(fields: "code { of n }") {
              id: ID!  code: Code!  weight(unit: String = "kg"): Int  size: Size @shareable  maker: Maker
            }
            type Code @shareable { of: String!  n: Int }
            type Size @shareable { h: Int  w: Int }
            interface Media @key(fields: "id") { id: ID!  title: String }
            type Book implements Media @key(fields: "id") { id: ID!  title: String  pages: Int }
            type Film implements Media @key(fields: "id") { id: ID!  title: String  minutes: Int }
            union Found = Book | Product
            type Maker @key(fields: "name") { name: String!  city: String }
        """,
        "stock": """
            type Query { shelf: Shelf }
            type Mutation { order(id: ID!, n: Int = 1): Product  cancel(id: ID!): Product }
            type Shelf { product: Product @provides(fields: "size { h }")  other: Product }
            type Product @key(fields: "id") {
              id: ID!
              weight(unit: String = "kg"): Int @external
              size: Size @external
              postage(fast: Boolean): String @requires(fields: "weight(unit: \\"g\\") size { h w }")
            }
            type Size { h: Int @external  w: Int @external }
            type Media @key(fields: "id") @interfaceObject { id: ID!  reviews: [Review!] }
            type Review { stars: Int!  of: Media }
        """,
    },
    {
        "Query": {
            "product": ["p1", "p2"],
            "media": ["b1", "f1"],
            "find": ["b1", None, "p1"],
            "shelf": {"product": "p1", "other": "p2"},
        },
        "Mutation": {"order": ["p1"], "cancel": ["p1", "p2"]},
        "p1": {
            "__typename": "Product",
            "id": "p1",
            "code": {"of": "a", "n": 1},
            "weight": 3,
            "size": {"h": 1, "w": None},
            "maker": "m",
            "postage": "post",
        },
        "p2": {
            "__typename": "Product",
            "id": "p2",
            "code": {"of": "a", "n": 2},
            "weight": None,
            "size": None,
            "maker": {"error": "gone"},
            "postage": "post",
        },
        "b1": {"__typename": "Book", "id": "b1", "title": "T", "pages": 1, "reviews": [{"stars": 1, "of": "f1"}]},
        "f1": {"__typename": "Film", "id": "f1", "title": "F", "minutes": 9, "reviews": []},
        "m": {"__typename": "Maker", "name": "m", "city": "Lima"},
    },
)


@pytest.mark.parametrize(
    "query",
    [
        '{ product(id: "p1") { code { n } postage(fast: true) weight } other: product(id: "p2") { postage weight } }',
        '{ product(id: "none") { id } shelf { product { size { h } maker { city } } other { size { w } } } }',
        "{ media { __typename reviews { stars of { __typename title ... on Film { minutes } } } } }",
        "{ find { __typename ... on Book { reviews { stars } } ... on Product { postage } } }",
    ],
)
async def test_the_engine_and_one_server_agree(query: str) -> None:
    await SHOP.check(query)


async def test_a_field_that_fails_fails_in_both() -> None:
    answer = await SHOP.check('{ product(id: "p2") { id maker { name } } }')
    assert [error.path for error in answer.errors] == [("product", "maker")]


async def test_arguments_and_inputs_show_in_the_value() -> None:
    answer = await SHOP.check('{ product(id: "p1") { postage(fast: true) } }')
    assert answer.data == {"product": {"postage": 'post {"fast": true}{"size": {"h": 1, "w": null}, "weight": 113}'}}


async def test_mutations_run_one_after_the_other_and_leave_a_trace() -> None:
    local = SHOP.local()
    await SHOP.ask('mutation { b: cancel(id: "p2") { code { n } } order(id: "p1") { postage } }', None, local)
    assert local.effects == ['cancel{"id": "p2"}', 'order{"id": "p1", "n": 1}']


async def test_a_broken_subgraph_costs_its_own_fields() -> None:
    answer = await SHOP.ask('{ product(id: "p1") { id postage } }', None, SHOP.local(broken={"stock"}))
    assert (answer.data, [e.code for e in answer.errors]) == (
        {"product": {"id": "p1", "postage": None}},
        ["SUBGRAPH_UNREACHABLE"],
    )


P1 = {"__typename": "Product", "id": "p1"}
ENTITIES = "query($representations:[_Any!]!){_entities(representations:$representations){...on Product{%s}}}"


@pytest.mark.parametrize(
    ("subgraph", "operation", "representations", "complaint"),
    [
        ("stock", "{ shelf { nothing } }", [], "the operation is not valid"),
        ("stock", "{ shelf { other { size { h } } } }", [], "Product.size is asked for, but only declared here"),
        ("stock", "{ shelf { product { size { w } } } }", [], "Size.w is asked for, but only declared here"),
        ("stock", ENTITIES % "postage", [P1], "without its inputs ['weight', 'size']"),
        ("stock", ENTITIES % "postage", [{**P1, "weight": 1, "size": {"h": 1}}], "without its inputs ['w']"),
        ("stock", ENTITIES % "id", [{"__typename": "Product", "code": {"of": "a", "n": 1}}], "no ['code'] here"),
        ("catalogue", ENTITIES % "id", [{"__typename": "Product", "code": {"n": 1}}], "has no whole key"),
        ("catalogue", ENTITIES % "id", [P1, P1], "a representation comes twice"),
        ("stock", ENTITIES % "id", [{"__typename": "Book", "id": "b1"}], "Book is no entity"),
    ],
)
async def test_a_subgraph_complains_of(
    subgraph: str, operation: str, representations: list[dict[str, Any]], complaint: str
) -> None:
    local = SHOP.local()
    variables = {"representations": representations} if representations else {}
    await local.fetch(subgraph_request(subgraph, "query", operation, None, variables), None)
    assert complaint in "\n".join(local.complaints)
