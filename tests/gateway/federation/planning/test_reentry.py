"""A field that requires what other subgraphs have, on an entity of its own subgraph: back there, by which key."""

from __future__ import annotations

import pytest
from world_kit import World

from gateway.federation.engine import Engine
from gateway.federation.planning.query_plan import QueryPlan


def planned(keys: str) -> QueryPlan:
    item = f'type Item {keys} {{ id: ID! sku: ID! price: Int @external total: Int @requires(fields: "price") }}'
    shop = "type Query { item: Item } " + item
    prices = 'type Item @key(fields: "id") { id: ID! price: Int }'
    world = World({"shop": shop, "prices": prices}, {})
    return Engine(world.supergraph, world.local()).prepare("{ item { total } }").plan


@pytest.mark.parametrize(
    ("keys", "handed_in"),
    [
        ('@key(fields: "id")', ["id", "price"]),
        ('@key(fields: "id", resolvable: false)', ["id", "price"]),
        ('@key(fields: "id", resolvable: false) @key(fields: "sku")', ["price", "sku"]),
        ('@key(fields: "sku") @key(fields: "id", resolvable: false)', ["price", "sku"]),
    ],
)
def test_inputs_are_handed_in_by_a_resolvable_key_or_by_any_if_there_is_none(keys: str, handed_in: list[str]) -> None:
    steps = planned(keys).steps
    assert [step.subgraph for step in steps] == ["shop", "prices", "shop"]
    [place] = steps[-1].entities[0].places
    [representation] = place.representations
    assert sorted(field.name for field in representation.shape.fields) == handed_in
