"""The HTTP surface, held against the GraphQL over HTTP specification and known attacks."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from federation_kit import LocalSubgraphs, engine

from gateway.transport.app import HttpSettings, create_app
from gateway.upstream.client import SubgraphClient

QUERY = '{ book(isbn: "1") { title } }'
TITLE = {"book": {"title": "Los ríos profundos"}}
NEW = "application/graphql-response+json"


@pytest.fixture
def subgraphs() -> LocalSubgraphs:
    return LocalSubgraphs()


@pytest.fixture
async def http(subgraphs: LocalSubgraphs) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(engine(subgraphs), SubgraphClient({}), HttpSettings(max_body=100_000))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
        yield client


async def post(http: httpx.AsyncClient, payload: Any, **headers: str) -> httpx.Response:
    return await http.post("/graphql", json=payload, headers=headers)


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        (NEW, NEW),
        (f"{NEW}, application/json;q=0.9", NEW),
        (f"{NEW};q=0.5, application/json", "application/json"),
    ],
)
async def test_the_response_has_the_media_type_that_the_client_prefers(
    http: httpx.AsyncClient, accept: str, media: str
) -> None:
    response = await post(http, {"query": QUERY}, accept=accept)
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{media}; charset=utf-8"
    assert response.json() == {"data": TITLE}
    assert response.headers["cache-control"] == "no-store"


async def test_a_client_that_reads_neither_media_type_gets_406(http: httpx.AsyncClient) -> None:
    response = await post(http, {"query": QUERY}, accept="text/html")
    assert response.status_code == 406
    assert response.json()["errors"][0]["extensions"]["code"] == "NOT_ACCEPTABLE"


@pytest.mark.parametrize(("accept", "status"), [(NEW, 400), ("application/json", 200)])
async def test_an_invalid_document_has_no_data_and_the_status_of_its_media_type(
    http: httpx.AsyncClient, accept: str, status: int
) -> None:
    response = await post(http, {"query": "{ nothing }"}, accept=accept)
    assert response.status_code == status
    assert "data" not in response.json()
    assert response.json()["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"query": ', "BAD_REQUEST"),
        (b"[]", "BATCHING_NOT_SUPPORTED"),
        (b'[{"query": "{ books { title } }"}]', "BATCHING_NOT_SUPPORTED"),
        (b'"text"', "BAD_REQUEST"),
        (b"{}", "BAD_REQUEST"),
        (b'{"query": 1}', "BAD_REQUEST"),
        (b'{"query": "{ books { title } }", "variables": [1]}', "BAD_REQUEST"),
        (b'{"query": "{ books { title } }", "operationName": 1}', "BAD_REQUEST"),
        (b"\xff\xfe", "BAD_REQUEST"),
    ],
)
async def test_a_malformed_body_is_refused_with_400(http: httpx.AsyncClient, body: bytes, code: str) -> None:
    response = await http.post("/graphql", content=body, headers={"content-type": "application/json"})
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == code


SIMPLE = ["text/plain", "multipart/form-data", "application/x-www-form-urlencoded", ""]
"""Media types that a browser sends to another site without asking."""


@pytest.mark.parametrize("media", [*SIMPLE, "text/plain; application/json", "text/plain, application/json"])
async def test_a_post_that_another_site_could_send_is_refused_with_415(http: httpx.AsyncClient, media: str) -> None:
    content = json.dumps({"query": QUERY}).encode()
    response = await http.post("/graphql", content=content, headers={"content-type": media} if media else {})
    assert response.status_code == 415


async def test_a_get_needs_a_header_that_no_other_site_can_send(http: httpx.AsyncClient) -> None:
    refused = await http.get("/graphql", params={"query": QUERY})
    assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (403, "CSRF_REFUSED")
    answered = await http.get("/graphql", params={"query": QUERY}, headers={"Apollo-Require-Preflight": "1"})
    assert answered.json() == {"data": TITLE}


@pytest.mark.parametrize("media", [*SIMPLE, "message/rfc822", "message/", "application/json", "x"])
async def test_no_media_type_of_a_get_stands_for_such_a_header(
    http: httpx.AsyncClient, subgraphs: LocalSubgraphs, media: str
) -> None:
    refused = await http.get("/graphql", params={"query": QUERY}, headers={"content-type": media})
    assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (403, "CSRF_REFUSED")
    assert subgraphs.sent == []


async def test_a_get_never_runs_a_mutation(http: httpx.AsyncClient, subgraphs: LocalSubgraphs) -> None:
    query = 'mutation { lend(isbn: "1") { day } }'
    response = await http.get("/graphql", params={"query": query}, headers={"Apollo-Require-Preflight": "1"})
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert subgraphs.effects == []


async def test_variables_of_a_get_are_json(http: httpx.AsyncClient) -> None:
    query = "query ($isbn: ID!) { book(isbn: $isbn) { title } }"
    headers = {"X-Requested-With": "XMLHttpRequest"}
    good = await http.get("/graphql", params={"query": query, "variables": '{"isbn": "1"}'}, headers=headers)
    assert good.json() == {"data": TITLE}
    bad = await http.get("/graphql", params={"query": query, "variables": "{isbn}"}, headers=headers)
    assert bad.status_code == 400


async def test_a_body_past_the_bound_is_refused_with_413(http: httpx.AsyncClient) -> None:
    response = await post(http, {"query": QUERY, "variables": {"padding": "x" * 200_000}})
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (413, "BODY_TOO_LARGE")


async def test_a_compressed_body_is_counted_while_it_is_inflated(http: httpx.AsyncClient) -> None:
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    bomb = gzip.compress(b'{"query": "' + b" " * 50_000_000 + b'"}')
    refused = await http.post("/graphql", content=bomb, headers=headers)
    assert refused.status_code == 413
    answered = await http.post(
        "/graphql", content=gzip.compress(json.dumps({"query": QUERY}).encode()), headers=headers
    )
    assert answered.json() == {"data": TITLE}
    truncated = await http.post("/graphql", content=gzip.compress(b'{"query": "{ a }"}')[:-4], headers=headers)
    assert truncated.status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "{ books " + "{ loans { book " * 10_000 + "{ title }" + "} }" * 10_000 + "}",
        "{ book(isbn: " + "[" * 10_000 + "]" * 10_000 + ") { title } }",
        "{ " + "a: __typename " * 30_000 + "}",
    ],
    ids=["selections", "lists", "aliases"],
)
async def test_a_hostile_document_is_refused_before_it_is_parsed(subgraphs: LocalSubgraphs, query: str) -> None:
    app = create_app(engine(subgraphs), SubgraphClient({}))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
        response = await post(client, {"query": query}, accept=NEW)
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (400, "QUERY_TOO_COMPLEX")


async def test_a_subgraph_that_is_down_is_named_and_the_rest_arrives(
    http: httpx.AsyncClient, subgraphs: LocalSubgraphs
) -> None:
    subgraphs.broken.add("loans")
    response = await post(http, {"query": '{ book(isbn: "1") { title loans { day } } }'})
    assert response.status_code == 200
    assert response.json()["data"] == {"book": {"title": "Los ríos profundos", "loans": None}}
    assert response.json()["errors"] == [
        {
            "message": "loans cannot be reached.",
            "path": ["book"],
            "extensions": {"code": "SUBGRAPH_UNREACHABLE", "service": "loans"},
        }
    ]


async def test_the_request_id_is_the_gateways_own(http: httpx.AsyncClient) -> None:
    response = await post(http, {"query": QUERY}, **{"X-Request-Id": "mine"})
    assert response.headers["x-request-id"] != "mine"
    assert len(response.headers["x-request-id"]) == 16
