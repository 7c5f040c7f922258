"""Headers of the client that would travel on to a subgraph, and a subgraph's that would travel back."""

from __future__ import annotations

import json

import pytest
from faults_kit import gateway, http, writes
from http_kit import send

QUERY = '{ book(isbn: "1") { title } }'
OURS = {"host", "content-type", "accept", "accept-encoding", "content-length", "x-request-id"}
"""All that a subgraph is sent where no identity is signed."""

ATTEMPTS = {
    "hop by hop": [
        "Connection: keep-alive, X-Secret, Content-Length",
        "Keep-Alive: timeout=900",
        "TE: trailers, deflate;q=0.5",
        "Trailer: X-Secret",
        "Proxy-Connection: keep-alive",
        "Proxy-Authorization: Basic c2VjcmV0",
        "X-Secret: secret",
    ],
    "another host": [
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-For: evil.example",
        "Forwarded: for=127.0.0.1;host=evil.example",
        "X-Original-URL: /evil",
        "Origin: https://evil.example",
    ],
    "another identity": [
        "Authorization: Bearer secret",
        "Cookie: session=secret",
        "Quipu-Identity: forged",
        "Quipu-Purpose: audit",
        "X-Request-Id: mine",
    ],
    "another encoding": ["Accept-Encoding: br;q=1, secret", "Content-Language: es", "Accept-Charset: secret"],
}


@pytest.mark.parametrize("lines", ATTEMPTS.values(), ids=ATTEMPTS)
async def test_no_header_of_a_client_reaches_a_subgraph(lines: list[str]) -> None:
    body = json.dumps({"query": QUERY}).encode() + b" " * 500
    own = ["Content-Type: application/json", f"Content-Length: {len(body)}", *lines]
    async with gateway() as serving:
        answer = await send(str(serving.http.base_url).rstrip("/"), own, body)
        [exchange] = serving.subgraphs["catalogue"].seen
    assert answer.status == 200
    assert json.loads(answer.body)["data"]["book"]["title"]
    assert set(exchange.headers) == OURS
    assert exchange.headers["host"] in serving.subgraphs["catalogue"].url
    assert int(exchange.headers["content-length"]) < len(body)
    assert not any(word in str(exchange.headers) for word in ("secret", "evil", "forged", "mine"))


async def test_no_header_of_a_subgraph_reaches_the_client() -> None:
    extra = (
        "Set-Cookie: session=planted\r\nAccess-Control-Allow-Origin: *\r\nCache-Control: public\r\n"
        "Location: https://evil.example\r\nWWW-Authenticate: Basic\r\nX-Internal: db-1.institution.example\r\n"
    )
    async with gateway() as serving:
        serving.subgraphs["catalogue"].misbehave = writes(http(b'{"data": {"book": {"title": "t"}}}', extra=extra))
        answer = await serving.http.post("/graphql", json={"query": QUERY})
    assert answer.json() == {"data": {"book": {"title": "t"}}}
    told = str(answer.headers.multi_items())
    assert answer.headers["cache-control"] == "no-store"
    assert not any(word in told for word in ("planted", "access-control", "public", "evil", "Basic", "institution"))


async def test_no_socket_is_opened_by_which_a_client_would_speak_to_a_subgraph() -> None:
    """So no payload of a `connection_init` can travel on."""
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "c2VjcmV0c2VjcmV0c2Vjcg==",
        "Sec-WebSocket-Protocol": "graphql-transport-ws",
    }
    async with gateway() as serving:
        answer = await serving.http.get("/graphql", params={"query": QUERY}, headers=headers)
        assert all(subgraph.seen == [] for subgraph in serving.subgraphs.values())
    assert (answer.status_code, answer.headers.get("upgrade")) == (403, None)
