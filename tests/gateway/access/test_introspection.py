"""Who is not given the schema learns nothing of it: not by introspection, and not by suggestions in errors."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from federation_kit import LocalSubgraphs, engine
from identity_kit import token, verifier_of

from gateway.access.profile import Access
from gateway.transport.app import create_app
from gateway.upstream.client import SubgraphClient


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """A gateway that gives the schema to judges alone."""
    access = Access(introspection=frozenset({"judge"}))
    app = create_app(engine(LocalSubgraphs()), SubgraphClient({}), verifier=verifier_of(), access=access)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
        yield client


async def ask(http: httpx.AsyncClient, role: str, query: str, **variables: Any) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token(roles=[role])}"}
    body = {"query": query, "variables": variables}
    answer: dict[str, Any] = (await http.post("/graphql", json=body, headers=headers)).json()
    return answer


ASKING = [
    "{ __schema { types { name } } }",
    '{ __type(name: "Book") { fields { name } } }',
    "{ books { title } s: __schema { queryType { name } } }",
    "{ ...Root } fragment Root on Query { __schema { types { name } } }",
    "query ($yes: Boolean = true) { ... @include(if: $yes) { __schema { types { name } } } }",
    "query ($yes: Boolean = true) { __schema @include(if: $yes) { types { name } } }",
]


@pytest.mark.parametrize("query", ASKING)
async def test_the_schema_goes_to_its_role_alone_and_order_makes_no_difference(
    http: httpx.AsyncClient, query: str
) -> None:
    for role in ("auditor", "judge", "auditor"):
        answer = await ask(http, role, query)
        if role == "judge":
            assert "errors" not in answer
        else:
            assert [error["extensions"]["code"] for error in answer["errors"]] == ["INTROSPECTION_REFUSED"]
            assert "data" not in answer


async def test_what_every_client_asks_for_is_no_introspection(http: httpx.AsyncClient) -> None:
    answer = await ask(http, "auditor", "{ __typename books { __typename } }")
    assert answer["data"]["__typename"] == "Query"
    assert {book["__typename"] for book in answer["data"]["books"]} == {"Book"}


MISSPELT: list[tuple[str, dict[str, Any]]] = [
    ("{ boks { title } }", {}),
    ("{ books { titel } }", {}),
    ("{ book(isbm: 1) { title } }", {}),
    ("{ ... on Boook { title } }", {}),
    ("query ($a: Strin) { book(isbn: $a) { title } }", {}),
]


@pytest.mark.parametrize(("query", "variables"), MISSPELT)
async def test_errors_suggest_names_to_those_alone_who_may_read_them(
    http: httpx.AsyncClient, query: str, variables: dict[str, Any]
) -> None:
    told = [str((await ask(http, role, query, **variables))["errors"]) for role in ("judge", "auditor")]
    assert "Did you mean" in told[0]
    assert "Did you mean" not in told[1]
