"""Requests made to exhaust the gateway, over a real socket: each is refused, and the next client is served."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from federation_kit import LocalSubgraphs, engine
from http_kit import errors_of, send, serving

from gateway.transport.app import HttpSettings, create_app
from gateway.upstream.client import SubgraphClient

QUERY = '{ book(isbn: "1") { title } }'
TITLE = {"data": {"book": {"title": "Los ríos profundos"}}}
NEW = "application/graphql-response+json"
JSON = "Content-Type: application/json"
MEGABYTE = 1024 * 1024


@pytest.fixture
async def gateway() -> AsyncIterator[str]:
    async with serving(create_app(engine(LocalSubgraphs()), SubgraphClient({}), HttpSettings(linger=0.2))) as address:
        yield address


async def still_serves(gateway: str) -> bool:
    async with httpx.AsyncClient(base_url=gateway) as http:
        return (await http.post("/graphql", json={"query": QUERY})).json() == TITLE


def nested(depth: int, opening: str, closing: str, inmost: str = "1") -> bytes:
    return (opening * depth + inmost + closing * depth).encode()


def request(query: str = QUERY, variables: bytes = b"{}") -> bytes:
    return b'{"query": ' + json.dumps(query).encode() + b', "variables": ' + variables + b"}"


HOSTILE = {
    "a query 10,000 deep": (request("{ books " + "{ loans { book " * 5_000 + "} }" * 5_000 + "}"), "QUERY_TOO_COMPLEX"),
    "lists 10,000 deep": (
        request("{ book(isbn: " + "[" * 10_000 + "]" * 10_000 + ") { title } }"),
        "QUERY_TOO_COMPLEX",
    ),
    "objects 10,000 deep": (
        request("{ book(isbn: " + "{a:" * 10_000 + "}" * 10_000 + ") { t } }"),
        "QUERY_TOO_COMPLEX",
    ),
    "types 10,000 deep": (
        request("query ($a: " + "[" * 10_000 + "Int" + "]" * 10_000 + ") { a }"),
        "QUERY_TOO_COMPLEX",
    ),
    "30,000 fields": (request("{ books {" + "title " * 30_000 + "} }"), "QUERY_TOO_COMPLEX"),
    "thousands of aliases": (
        request("{ " + " ".join(f"a{i}: __typename" for i in range(5_000)) + "}"),
        "QUERY_TOO_COMPLEX",
    ),
    "aliases of introspection": (
        request("{ " + " ".join(f"a{i}: __schema {{ types {{ name }} }}" for i in range(600)) + "}"),
        "QUERY_TOO_COMPLEX",
    ),
    "introspection in itself": (
        request("{ __schema { types " + "{ fields { type " * 8 + "{ name }" + "} }" * 8 + "} }"),
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "the same field 1,500 times": (request("{ " + "books { title } " * 1_500 + "}"), "QUERY_TOO_COMPLEX"),
    "a fragment in itself": (request("{ books { ...F } } fragment F on Book { ...F }"), "GRAPHQL_VALIDATION_FAILED"),
    "variables 10,000 deep": (request(variables=b'{"a": ' + nested(10_000, "[", "]") + b"}"), "JSON_TOO_DEEP"),
    "variables 500 deep": (request(variables=b'{"a": ' + nested(500, '{"b":', "}") + b"}"), "JSON_TOO_DEEP"),
    "variables 101 deep": (request(variables=nested(101, '{"b":', "}")), "JSON_TOO_DEEP"),
    "lists of JSON 10,000 deep": (nested(10_000, "[", "]"), "JSON_TOO_DEEP"),
    "malformed JSON": (b'{"query": "{ books { title } }", ', "BAD_REQUEST"),
    "no UTF-8": (b'{"query": "\xff"}', "BAD_REQUEST"),
    "half a surrogate pair": (b'{"query": "{ book(isbn: \\"\\ud800\\") { title } }"}', "BAD_REQUEST"),
    "a batch": (json.dumps([{"query": QUERY}] * 1_000).encode(), "BATCHING_NOT_SUPPORTED"),
}


@pytest.mark.parametrize("case", HOSTILE)
async def test_a_hostile_body_is_refused_with_400_and_a_code(gateway: str, case: str) -> None:
    body, code = HOSTILE[case]
    async with httpx.AsyncClient(base_url=gateway) as http:
        response = await http.post(
            "/graphql", content=body, headers={"content-type": "application/json", "accept": NEW}
        )
    assert (response.status_code, errors_of(response.json())[0]) == (400, code)
    assert "data" not in response.json()
    assert await still_serves(gateway)


async def test_variables_as_deep_as_the_bound_are_taken(gateway: str) -> None:
    async with httpx.AsyncClient(base_url=gateway) as http:
        body = request(variables=nested(99, '{"b":', "}", "{}"))
        response = await http.post("/graphql", content=body, headers={"content-type": "application/json"})
    assert response.json() == TITLE


async def test_deep_variables_and_malformed_json_of_a_get_are_refused(gateway: str) -> None:
    codes = {nested(2_000, "[", "]"): "JSON_TOO_DEEP", b'{"a": ' + nested(200, "[", "]") + b"}": "JSON_TOO_DEEP"}
    async with httpx.AsyncClient(base_url=gateway, headers={"Apollo-Require-Preflight": "1"}) as http:
        for variables, code in (codes | {b"{": "BAD_REQUEST"}).items():
            response = await http.get("/graphql", params={"query": QUERY, "variables": variables.decode()})
            assert (response.status_code, errors_of(response.json())) == (400, [code])


@pytest.mark.parametrize(
    ("head", "sent"),
    [
        ([JSON, f"Content-Length: {10 * MEGABYTE}"], b""),
        ([JSON, f"Content-Length: {10 * MEGABYTE}"], b"x" * 4096),
        ([JSON, f"Content-Length: {10 * MEGABYTE}"], b"x" * 2 * MEGABYTE),
        ([JSON, f"Content-Length: {10 * MEGABYTE}", "Content-Encoding: gzip"], b""),
        ([JSON, "Transfer-Encoding: chunked"], b"%x\r\n" % (2 * MEGABYTE) + b"x" * 2 * MEGABYTE + b"\r\n"),
    ],
    ids=["announced", "begun", "past the bound", "compressed", "chunked"],
)
async def test_a_large_body_is_refused_before_it_has_come_and_no_more_of_it_is_read(
    gateway: str, head: list[str], sent: bytes
) -> None:
    response = await send(gateway, head, sent)
    assert (response.status, response.code, response.closed) == (413, "BODY_TOO_LARGE", True)
    assert await still_serves(gateway)


@pytest.mark.parametrize("encoding", [None, "gzip"])
async def test_a_client_that_sends_ten_megabytes_learns_why_it_is_refused(encoding: str | None) -> None:
    body = b'{"query": "' + b" " * 10 * MEGABYTE + b'"}'
    headers = {"content-type": "application/json"}
    if encoding:
        body, headers = gzip.compress(body), {**headers, "content-encoding": encoding}
    async with serving(create_app(engine(LocalSubgraphs()), SubgraphClient({}))) as gateway:
        async with httpx.AsyncClient(base_url=gateway) as http:
            response = await http.post("/graphql", content=body, headers=headers)
        assert (response.status_code, errors_of(response.json())) == (413, ["BODY_TOO_LARGE"])
        assert await still_serves(gateway)


async def test_gzip_in_gzip_and_other_encodings_are_refused(gateway: str) -> None:
    body = gzip.compress(request())
    for encoding in ("gzip, gzip", "br", "deflate", "zstd"):
        head = [JSON, f"Content-Length: {len(body)}", f"Content-Encoding: {encoding}"]
        response = await send(gateway, head, body)
        assert (response.status, response.headers["accept-encoding"]) == (415, "gzip")


FLOODS = {
    "many headers": (b"POST /graphql HTTP/1.1\r\nHost: x\r\n", b"a: " + b"x" * 1_000 + b"\r\n"),
    "one header": (b"POST /graphql HTTP/1.1\r\nHost: x\r\na: ", b"x" * 1_000),
    "an address": (b"GET /graphql?query=", b"x" * 1_000),
    "trailers": (
        b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"1\r\n{\r\n0\r\n",
        b"a: " + b"x" * 1_000 + b"\r\n",
    ),
}


async def flood(gateway: str, begun: bytes, more: bytes) -> int:
    """Sends up to 100 MB; how many bytes went out before the connection was closed."""
    _, writer = await asyncio.open_connection("127.0.0.1", int(gateway.rpartition(":")[2]))
    writer.write(begun)
    sent = 0
    try:
        while sent < 100 * MEGABYTE:
            writer.write(more * 100)
            await writer.drain()
            sent += len(more) * 100
    except ConnectionError:
        return sent
    finally:
        writer.close()
    return sent


@pytest.mark.parametrize("case", FLOODS)
async def test_headers_without_end_close_the_connection(gateway: str, case: str) -> None:
    assert await flood(gateway, *FLOODS[case]) < 20 * MEGABYTE, "what the sockets themselves hold, and no more"
    assert await still_serves(gateway)


async def test_long_headers_and_bodies_in_small_parts_are_taken(gateway: str) -> None:
    async def parts() -> AsyncIterator[bytes]:
        body = request(variables=b'{"a": "' + b"x" * 200_000 + b'"}')
        for start in range(0, len(body), 500):
            yield body[start : start + 500]

    async with httpx.AsyncClient(base_url=gateway) as http:
        headers = {"content-type": "application/json", "cookie": "x" * 30_000}
        for _ in range(4):
            assert (await http.post("/graphql", content=parts(), headers=headers)).json() == TITLE


async def test_a_body_that_never_ends_is_refused_at_the_deadline() -> None:
    app = create_app(engine(LocalSubgraphs()), SubgraphClient({}), HttpSettings(deadline=0.2, linger=0.2))
    async with serving(app) as gateway:
        response = await send(gateway, [JSON, "Content-Length: 1000"], b'{"query": ')
        assert (response.status, response.code, response.closed) == (408, "REQUEST_TIMEOUT", True)


async def test_many_hostile_requests_at_once_leave_the_gateway_serving(gateway: str) -> None:
    async def one(body: bytes) -> int:
        async with httpx.AsyncClient(base_url=gateway, timeout=60) as http:
            headers = {"content-type": "application/json", "accept": NEW}
            return (await http.post("/graphql", content=body, headers=headers)).status_code

    bodies: list[Any] = [body for body, _ in HOSTILE.values()]
    assert set(await asyncio.gather(*map(one, bodies * 3))) == {400}
    assert await still_serves(gateway)
