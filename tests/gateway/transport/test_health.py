"""Live and ready, with subgraphs that answer, decline, hang or are gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from federation_kit import LocalSubgraphs, engine
from http_kit import serving

from gateway.transport.app import create_app
from gateway.upstream.client import SubgraphClient

NOBODY = "http://127.0.0.1:1/graphql"


@asynccontextmanager
async def subgraph(status: str | None) -> AsyncIterator[tuple[str, list[str]]]:
    """Answers everything with the status, or never; gives its address and the first lines it was sent."""
    asked: list[str] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
        if status is None:
            await reader.read()
        else:
            writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())
        writer.close()

    async with await asyncio.start_server(handle, "127.0.0.1", 0) as listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v1/graphql", asked


async def ready(urls: dict[str, str], times: int = 1) -> httpx.Response:
    app = create_app(engine(LocalSubgraphs()), SubgraphClient(urls))
    async with serving(app) as gateway, httpx.AsyncClient(base_url=gateway) as http:
        answers = await asyncio.gather(*(http.get("/health/ready") for _ in range(times)))
        assert len({answer.text for answer in answers}) == 1
        assert (await http.get("/health/live")).json() == {"status": "ok"}
    assert answers[0].headers["cache-control"] == "no-store"
    return answers[0]


async def test_one_institution_down_is_not_the_gateway_down() -> None:
    async with subgraph("200 OK") as (court, asked), subgraph("503 Service Unavailable") as (academy, _):
        response = await ready({"court": court, "academy": academy, "judiciary": NOBODY})
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "subgraphs": {"academy": "not ready", "court": "ready", "judiciary": "unreachable"},
    }
    assert asked[0].startswith("GET /v1/health/ready HTTP/1.1\r\n")
    assert "quipu-identity" not in asked[0].lower()


async def test_without_any_subgraph_the_gateway_is_not_ready() -> None:
    async with subgraph("503 Service Unavailable") as (academy, _):
        response = await ready({"academy": academy, "judiciary": NOBODY})
    assert (response.status_code, response.json()["status"]) == (503, "unavailable")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("404 Not Found", "ready"),
        ("401 Unauthorized", "ready"),
        ("502 Bad Gateway", "not ready"),
        (None, "unreachable"),
    ],
)
async def test_of_a_foreign_subgraph_any_answer_will_do(status: str | None, state: str) -> None:
    async with subgraph(status) as (url, _):
        assert (await ready({"foreign": url})).json()["subgraphs"] == {"foreign": state}


async def test_however_many_ask_each_subgraph_is_asked_once() -> None:
    async with subgraph("200 OK") as (court, asked):
        assert (await ready({"court": court}, times=20)).status_code == 200
        assert len(asked) == 1


async def test_a_gateway_that_has_not_started_is_live_and_not_ready() -> None:
    app = create_app(engine(LocalSubgraphs()), SubgraphClient({}))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as http:
        assert (await http.get("/health/live")).status_code == 200
        response = await http.get("/health/ready")
        assert (response.status_code, response.json()) == (503, {"status": "starting"})


async def test_addresses_of_subgraphs_are_not_told() -> None:
    assert "127.0.0.1" not in (await ready({"judiciary": NOBODY})).text
