"""What the shop of the gateways' benchmark sells, and what any of its schemas says of it.

There is one shop a lot, all alike but for the lot, which stands in every key and has the same length in each. So two
lots share nothing that a gateway could keep, and one lot's answer is another's with the lot replaced.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from graphql import ExecutionResult, GraphQLSchema, build_schema, graphql_sync

FOLDER = Path(__file__).parent / "shop"
SUBGRAPHS = ("accounts", "inventory", "products", "reviews")
HEAVY = (FOLDER / "heavy.graphql").read_text()
FIRST_LOT = "lot00000000"

_PROSE = "The handle came loose within a week, and the shop sent another without asking why it had. " * 10
_USERS = 6
_PRICES = (899, 1299, 15, 499, 1299, 6999, 3999, 100_000, 9999)
_TEXTS = {1: (400, 265, 277, 142), 2: (400, 265, 277, 142), 3: (142,), 4: (142, 833)}
"""Of each reviewed product, the characters of its reviews."""
_REVIEWED = [(product, length) for product, lengths in _TEXTS.items() for length in lengths]
_ENTITIES = {
    "accounts": "union _Entity = User",
    "inventory": "type Query union _Entity = Product",
    "products": "union _Entity = Product",
    "reviews": "type Query union _Entity = Product | Review | User",
}
_FEDERATION = "\nscalar _Any extend type Query { _entities(representations: [_Any!]!): [_Entity]! }"


def lot(number: int) -> str:
    """The name of a lot."""
    return f"lot{number:08}"


@lru_cache(maxsize=1)
def _shop(name: str) -> dict[str, dict[str, Any]]:
    """Everything in a lot by its key. What is reached by a function may lead back."""
    things: dict[str, dict[str, Any]] = {}
    reviews: list[dict[str, Any]] = [
        {
            "__typename": "Review",
            "id": f"{name}-r{number}",
            "body": _PROSE[:length],
            "product": lambda _info, upc=f"{name}-p{product}": things[upc],
            "author": lambda _info: things[f"{name}-u1"],
        }
        for number, (product, length) in enumerate(_REVIEWED, 1)
    ]
    users: list[dict[str, Any]] = [
        {
            "__typename": "User",
            "id": f"{name}-u{number}",
            "name": f"Customer {number}",
            "username": f"customer{number}",
            "birthday": 19_700_000 + number,
            "reviews": reviews[:2],
        }
        for number in range(1, _USERS + 1)
    ]
    products: list[dict[str, Any]] = [
        {
            "__typename": "Product",
            "upc": f"{name}-p{number}",
            "name": f"Thing {number}",
            "price": price,
            "weight": price // 9,
            "inStock": number % 3 == 0,
            "shippingEstimate": None if price > 5000 else price // 18,
            "reviews": [review for review, (product, _) in zip(reviews, _REVIEWED, strict=True) if product == number],
        }
        for number, price in enumerate(_PRICES, 1)
    ]
    things |= {thing.get("id") or thing["upc"]: thing for thing in (*reviews, *users, *products)}
    return things


def _entity(_info: Any, representations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    keys = [given.get("id") or given["upc"] for given in representations]
    return [_shop(key.partition("-")[0])[key] for key in keys]


def _users(_info: Any, lot: str) -> list[dict[str, Any]]:
    return [_shop(lot)[f"{lot}-u{number}"] for number in range(1, _USERS + 1)]


def _top_products(_info: Any, lot: str, first: int) -> list[dict[str, Any]]:
    return [_shop(lot)[f"{lot}-p{number}"] for number in range(1, first + 1)]


_ROOT = {"users": _users, "topProducts": _top_products, "_entities": _entity}


def ask(schema: GraphQLSchema, operation: Mapping[str, Any]) -> ExecutionResult:
    """What a schema says of the shop: a subgraph's, or the one of all. `operation` is a request's JSON."""
    return graphql_sync(
        schema, operation["query"], _ROOT, None, operation.get("variables"), operation.get("operationName")
    )


def sdl(subgraph: str) -> str:
    """What the subgraph publishes."""
    return (FOLDER / f"{subgraph}.graphql").read_text()


def executable(subgraph: str) -> GraphQLSchema:
    """The subgraph's schema with its entities."""
    own = sdl(subgraph).partition("\n")[2]
    return build_schema(own + _ENTITIES[subgraph] + _FEDERATION, assume_valid_sdl=True)
