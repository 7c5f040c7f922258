"""Automatic persisted queries, as Apollo's clients speak them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from federation_kit import LocalSubgraphs, engine
from http_kit import errors_of
from identity_kit import token, verifier_of

from gateway.store.memory import MemoryStore
from gateway.transport.app import HttpSettings, create_app
from gateway.upstream.client import SubgraphClient

QUERY = "query ($isbn: ID!) { book(isbn: $isbn) { title } }"
VARIABLES = {"isbn": "1"}
TITLE = {"data": {"book": {"title": "Los ríos profundos"}}}
NEW = "application/graphql-response+json"


class Touched(MemoryStore):
    """Keeps what was asked of it."""

    calls: list[str]

    async def get(self, key: str) -> bytes | None:
        self.calls.append(f"get {key}")
        return await super().get(key)

    async def put(self, key: str, value: bytes, life: float) -> None:
        self.calls.append(f"put {key}")
        await super().put(key, value, life)


@pytest.fixture
def store() -> Touched:
    touched = Touched(1_000_000, 1_000)
    touched.calls = []
    return touched


@asynccontextmanager
async def client(store: Touched, **given: Any) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(
        engine(LocalSubgraphs()), SubgraphClient({}), HttpSettings(persisted_bytes=500), store=store, **given
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as http:
        yield http


@pytest.fixture
async def http(store: Touched) -> AsyncIterator[httpx.AsyncClient]:
    async with client(store) as opened:
        yield opened


def digest(query: str) -> str:
    return hashlib.sha256(query.encode()).hexdigest()


def named(query: str = QUERY, *, text: bool = False, **changes: Any) -> dict[str, Any]:
    extension = {"version": 1, "sha256Hash": digest(query), **changes}
    sent: dict[str, Any] = {"variables": VARIABLES, "extensions": {"persistedQuery": extension}}
    return {**sent, "query": query} if text else sent


async def by_post(http: httpx.AsyncClient, asked: dict[str, Any], **headers: str) -> httpx.Response:
    return await http.post("/graphql", json=asked, headers=headers)


async def by_get(http: httpx.AsyncClient, asked: dict[str, Any], **headers: str) -> httpx.Response:
    params = {key: value if isinstance(value, str) else json.dumps(value) for key, value in asked.items()}
    return await http.get("/graphql", params=params, headers={"Apollo-Require-Preflight": "1", **headers})


@pytest.mark.parametrize("ask", [by_post, by_get])
@pytest.mark.parametrize("accept", ["application/json", NEW])
async def test_a_document_sent_once_is_run_by_its_hash(
    http: httpx.AsyncClient, store: Touched, ask: Any, accept: str
) -> None:
    unknown = await ask(http, named(), accept=accept)
    assert (unknown.status_code, unknown.headers["content-type"]) == (200, f"{accept}; charset=utf-8")
    assert unknown.json() == {
        "errors": [{"message": "PersistedQueryNotFound", "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"}}]
    }
    assert (await ask(http, named(text=True), accept=accept)).json() == TITLE
    assert (await ask(http, named(), accept=accept)).json() == TITLE
    assert await store.get(f"document:{digest(QUERY)}") == QUERY.encode(), "the document alone is kept"
    assert len(store) == 1


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (named(text=True, sha256Hash="0" * 64), "PERSISTED_QUERY_HASH_MISMATCH"),
        (named(text=True, version=2), "PERSISTED_QUERY_NOT_SUPPORTED"),
        (named(version=2), "PERSISTED_QUERY_NOT_SUPPORTED"),
        (named(version=True), "BAD_REQUEST"),
        (named(version="1"), "BAD_REQUEST"),
        (named(sha256Hash="../../etc/passwd"), "BAD_REQUEST"),
        (named(sha256Hash=digest(QUERY).upper()), "BAD_REQUEST"),
        (named(sha256Hash=None), "BAD_REQUEST"),
        ({"extensions": {"persistedQuery": "x"}}, "BAD_REQUEST"),
        ({"extensions": {"persistedQuery": None}}, "BAD_REQUEST"),
        ({"extensions": {}}, "BAD_REQUEST"),
        ({**named(), "query": ""}, "BAD_REQUEST"),
        ({**named(), "query": 3}, "BAD_REQUEST"),
    ],
)
async def test_what_breaks_the_protocol_is_refused_and_kept_nowhere(
    http: httpx.AsyncClient, store: Touched, asked: dict[str, Any], code: str
) -> None:
    response = await by_post(http, asked)
    assert (response.status_code, errors_of(response.json())) == (400, [code])
    assert store.calls == []


@pytest.mark.parametrize(
    "query",
    [
        "{ nothing }",
        "{ books {",
        "rubbish",
        "{ " + " ".join(f"a{i}: __typename" for i in range(600)) + " }",
        "query A { books { title } } query B { books { title } }",
        "subscription { books }",
        "{ books { title } } #" + "x" * 500,
    ],
    ids=["invalid", "broken", "rubbish", "too complex", "ambiguous", "not served", "too long"],
)
async def test_a_document_that_could_not_be_run_or_is_too_long_is_not_kept(
    http: httpx.AsyncClient, store: Touched, query: str
) -> None:
    await by_post(http, named(query, text=True))
    assert len(store) == 0


async def test_a_client_without_a_good_token_never_touches_the_store(store: Touched) -> None:
    async with client(store, verifier=verifier_of()) as http:
        for authorization in ({}, {"Authorization": "Bearer rubbish"}):
            for asked in (named(), named(text=True)):
                assert (await by_post(http, asked, **authorization)).status_code == 401
        assert store.calls == []
        known = {"Authorization": f"Bearer {token()}"}
        await by_post(http, named(text=True), **known)
        assert (await by_post(http, named(), **known)).json() == TITLE
        assert (await by_post(http, named())).status_code == 401


async def test_a_get_still_needs_a_header_that_no_other_site_can_send(http: httpx.AsyncClient, store: Touched) -> None:
    asked = {"extensions": json.dumps(named()["extensions"])}
    assert (await http.get("/graphql", params=asked)).status_code == 403
    assert store.calls == []


async def test_a_mutation_by_its_hash_is_no_get(http: httpx.AsyncClient, store: Touched) -> None:
    query = 'mutation { lend(isbn: "1") { day } }'
    assert (await by_get(http, named(query, text=True))).status_code == 405
    assert len(store) == 0
    assert (await by_post(http, named(query, text=True))).json() == {"data": {"lend": {"day": "hoy"}}}
    assert (await by_get(http, named(query))).status_code == 405


async def test_a_store_that_was_tampered_with_cannot_change_what_is_run(
    http: httpx.AsyncClient, store: Touched
) -> None:
    await store.put(f"document:{digest(QUERY)}", b"{ books { title } }", 60)
    assert errors_of((await by_post(http, named())).json()) == ["PERSISTED_QUERY_NOT_FOUND"]


async def test_without_its_extension_a_document_is_not_kept(http: httpx.AsyncClient, store: Touched) -> None:
    assert (await by_post(http, {"query": QUERY, "variables": VARIABLES})).json() == TITLE
    assert store.calls == []
