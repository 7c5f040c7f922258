"""The query plan in the response, for developers where it is allowed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from federation_kit import FIXTURES, LocalSubgraphs, engine

from gateway.transport.app import HttpSettings, create_app
from gateway.upstream.client import SubgraphClient

QUERY = "{ books { title postage } }"


@pytest.fixture
def subgraphs() -> LocalSubgraphs:
    return LocalSubgraphs()


def client(subgraphs: LocalSubgraphs, **settings: Any) -> httpx.AsyncClient:
    app = create_app(engine(subgraphs), SubgraphClient({}), HttpSettings(**settings))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway")


@pytest.fixture
async def http(subgraphs: LocalSubgraphs) -> AsyncIterator[httpx.AsyncClient]:
    async with client(subgraphs, query_plans=True) as shown:
        yield shown


async def ask(http: httpx.AsyncClient, query: str = QUERY, **headers: str) -> dict[str, Any]:
    answer: dict[str, Any] = (await http.post("/graphql", json={"query": query}, headers=headers)).json()
    return answer


@pytest.mark.parametrize("header", ["Quipu-Query-Plan", "Apollo-Expose-Query-Plan", "hive-expose-query-plan"])
async def test_a_client_that_asks_sees_the_plan_beside_the_answer(http: httpx.AsyncClient, header: str) -> None:
    answer = await ask(http, **{header: "true"})
    assert answer["data"]["books"][0]["title"] == "Los ríos profundos"
    shown = answer["extensions"]["queryPlan"]
    assert shown["text"] + "\n" == (FIXTURES / "plans" / "postage.txt").read_text()
    assert [step["subgraph"] for step in shown["plan"]["steps"]] == ["catalogue", "stock"]


async def test_a_dry_run_shows_the_plan_and_asks_no_subgraph(
    http: httpx.AsyncClient, subgraphs: LocalSubgraphs
) -> None:
    answer = await ask(http, **{"Quipu-Query-Plan": "dry-run"})
    assert answer["data"] is None
    assert answer["extensions"]["queryPlan"]["plan"]["fetches"] == 2
    assert subgraphs.sent == []


async def test_errors_come_beside_the_plan(http: httpx.AsyncClient, subgraphs: LocalSubgraphs) -> None:
    subgraphs.broken = {"stock"}
    answer = await ask(http, **{"Quipu-Query-Plan": "true"})
    assert answer["errors"][0]["extensions"]["code"] == "SUBGRAPH_UNREACHABLE"
    assert "queryPlan" in answer["extensions"]


@pytest.mark.parametrize("headers", [{}, {"Quipu-Query-Plan": "false"}, {"Quipu-Query-Plan": "yes please"}])
async def test_a_client_that_does_not_ask_sees_no_plan(http: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert (await ask(http, **headers)).keys() == {"data"}


async def test_an_operation_that_is_refused_has_no_plan(http: httpx.AsyncClient) -> None:
    assert (await ask(http, "{ nothing }", **{"Quipu-Query-Plan": "true"})).keys() == {"errors"}


@pytest.mark.parametrize("word", ["true", "dry-run"])
async def test_without_the_switch_nobody_sees_a_plan(subgraphs: LocalSubgraphs, word: str) -> None:
    async with client(subgraphs) as http:
        answer = await ask(http, **{"Quipu-Query-Plan": word, "Apollo-Expose-Query-Plan": word})
    assert answer.keys() == {"data"}
    assert answer["data"]["books"][0]["title"] == "Los ríos profundos"


async def test_pages_of_configured_sites_may_ask_for_the_plan(subgraphs: LocalSubgraphs) -> None:
    async with client(subgraphs, query_plans=True, origins=("https://desk.example",)) as http:
        asked = {
            "Origin": "https://desk.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "quipu-query-plan",
        }
        assert (await http.options("/graphql", headers=asked)).status_code == 200
