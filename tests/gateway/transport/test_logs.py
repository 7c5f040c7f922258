"""What the logs must never hold: tokens, values and queries, even at DEBUG and when something breaks."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import httpx
import pytest
from federation_kit import LocalSubgraphs, engine, library
from http_kit import serving
from identity_kit import token, verifier_of

from gateway.federation.engine import Engine
from gateway.federation.execution.fetcher import SubgraphRequest
from gateway.transport.app import create_app
from gateway.upstream.client import SubgraphClient, UpstreamSettings
from gateway.upstream.signing import new_signer

NUMBER = "99006-2022-0-1801-JR-DC-04"
QUERY = "query Secreto($isbn: ID!) { book(isbn: $isbn) { title } }"
ASKED = {"query": QUERY, "variables": {"isbn": NUMBER}}
PURPOSE = {"Quipu-Purpose": "case_review", "Quipu-Purpose-Reference": NUMBER}


class Breaks(LocalSubgraphs):
    """Fails as no subgraph should, with a value in its message."""

    async def fetch(self, request: SubgraphRequest, context: object) -> bytes:
        try:
            raise KeyError(request.variables["isbn"])
        except KeyError as error:
            raise RuntimeError(f"{request.operation} {request.variables}") from error


@asynccontextmanager
async def gateway(served: Engine, client: SubgraphClient) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(served, client, verifier=verifier_of())
    async with serving(app) as address, httpx.AsyncClient(base_url=address) as http:
        yield http


@contextmanager
def everything(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """All loggers at DEBUG, the running server's too, which keeps its own to itself."""
    servers = [logging.getLogger(name) for name in ("uvicorn.error", "uvicorn.access", "uvicorn.asgi")]
    with caplog.at_level(logging.DEBUG):
        for server in servers:
            server.addHandler(caplog.handler)
            server.setLevel(logging.DEBUG)
        yield
    for server in servers:
        server.removeHandler(caplog.handler)
        server.setLevel(logging.NOTSET)


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """All that the server's side logged; httpx is the test's own client."""
    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    formatter = logging.Formatter()
    return "\n".join(formatter.format(record) for record in ours)


def upstream() -> SubgraphClient:
    urls = dict.fromkeys(("catalogue", "loans", "stock"), "http://127.0.0.1:1/graphql")
    return SubgraphClient(urls, UpstreamSettings(failures=1), new_signer())


@pytest.mark.parametrize("kind", ["answered", "unreachable", "broken"])
async def test_no_token_value_or_query_is_logged(caplog: pytest.LogCaptureFixture, kind: str) -> None:
    client = upstream()
    fetcher = {"answered": LocalSubgraphs(), "unreachable": client, "broken": Breaks()}[kind]
    good, rejected = token(), token(kid="k9")
    async with gateway(Engine(library(), fetcher), client) as http:
        await http.get("/health/live")
        with everything(caplog):
            statuses = [
                (await http.post("/graphql", json=ASKED, headers={"Authorization": given, **PURPOSE})).status_code
                for given in (f"Bearer {good}", f"Bearer {rejected}", "Bearer not.a.token")
            ]
            params = {"query": QUERY, "variables": f'{{"isbn": "{NUMBER}"}}', "access_token": good}
            headers = {"Authorization": f"Bearer {good}", "Apollo-Require-Preflight": "1", **PURPOSE}
            for more in ({}, {"Connection": "Upgrade", "Upgrade": "websocket"}):
                await http.get("/graphql", params=params, headers={**headers, **more})
            await http.post("/graphql", content=f'{{"query": "{NUMBER}'.encode(), headers=headers)
    assert statuses == [500 if kind == "broken" else 200, 401, 401]
    told = logged(caplog)
    assert "request" in told, "the requests themselves are logged"
    assert "uvicorn" in {record.name.partition(".")[0] for record in caplog.records}
    signatures = [part for made in (good, rejected) for part in made.split(".")]
    for secret in (*signatures, "not.a.token", NUMBER, "Secreto", "isbn:", "title", "case_review"):
        assert secret not in told


async def test_a_failure_is_logged_by_where_it_was(caplog: pytest.LogCaptureFixture) -> None:
    async with gateway(Engine(library(), Breaks()), upstream()) as http:
        response = await http.post("/graphql", json=ASKED, headers={"Authorization": f"Bearer {token()}"})
    assert response.json()["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert "Breaks" not in response.text
    told = logged(caplog)
    assert re.search(r"request [0-9a-f]{16} failed: KeyError\n(.*\n)+then RuntimeError\n", told)
    assert f"request {response.headers['x-request-id']} failed" in told
    assert "test_logs.py" in told


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("desk-7.A_b", True),
        ("a" * 64, True),
        ("a" * 65, False),
        ("two words", False),
        ("número", False),
        ("", False),
        ("<script>", False),
    ],
)
async def test_a_clients_request_id_is_logged_only_in_its_plain_form(
    caplog: pytest.LogCaptureFixture, given: str, kept: bool
) -> None:
    app = create_app(engine(LocalSubgraphs()), SubgraphClient({}))
    with caplog.at_level(logging.INFO, "gateway"):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as http:
            headers = {"X-Request-Id": given.encode()}
            response = await http.post("/graphql", json={"query": "{ __typename }"}, headers=headers)
    shown = given if kept else "-"
    own = response.headers["x-request-id"]
    assert re.fullmatch(r"[0-9a-f]{16}", own)
    assert logged(caplog) == f"request {own} (the client's id: {shown}): OK"
