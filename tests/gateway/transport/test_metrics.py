"""What /metrics counts, and that nobody can write into it."""

from __future__ import annotations

import hashlib

import httpx
from federation_kit import LocalSubgraphs, engine, library
from http_kit import serving
from prometheus_client.parser import text_string_to_metric_families

from gateway.federation.engine import Engine
from gateway.transport.app import create_app
from gateway.upstream.client import SubgraphClient, UpstreamSettings

QUERY = '{ book(isbn: "1") { title } }'
NOBODY = "http://127.0.0.1:1/graphql"


async def scraped(http: httpx.AsyncClient) -> dict[str, float]:
    response = await http.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=")
    return {
        "|".join([sample.name, *(sample.labels[name] for name in sorted(sample.labels))]): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
        if not sample.name.endswith(("_bucket", "_created"))
    }


async def test_requests_fetches_breakers_and_caches_are_counted() -> None:
    client = SubgraphClient(dict.fromkeys(("catalogue", "loans", "stock"), NOBODY), UpstreamSettings(failures=2))
    app = create_app(Engine(library(), client), client)
    async with serving(app) as gateway, httpx.AsyncClient(base_url=gateway) as http:
        for _ in range(3):
            await http.post("/graphql", json={"query": QUERY})
        await http.post("/graphql", json={"query": "{ __typename }"})
        await http.post("/graphql", json={"query": "{ nothing }"})
        await http.post("/graphql", content=b"{")
        extension = {"version": 1, "sha256Hash": hashlib.sha256(QUERY.encode()).hexdigest()}
        for query in ({}, {"query": QUERY}, {}):
            await http.post("/graphql", json={**query, "extensions": {"persistedQuery": extension}})
        counted = await scraped(http)
    requests = {name.split("|")[1]: value for name, value in counted.items() if name.startswith("quipu_requests_total")}
    assert requests == {
        "PARTIAL": 5,
        "OK": 1,
        "GRAPHQL_VALIDATION_FAILED": 1,
        "UNSUPPORTED_MEDIA_TYPE": 1,
        "PERSISTED_QUERY_NOT_FOUND": 1,
    }
    assert counted["quipu_request_seconds_count"] == 9
    assert counted["quipu_fetches_total|SUBGRAPH_UNREACHABLE|catalogue"] == 2
    assert counted["quipu_fetches_total|SUBGRAPH_UNAVAILABLE|catalogue"] == 3
    assert counted["quipu_fetch_seconds_count|catalogue"] == 5
    assert (counted["quipu_breaker_open|catalogue"], counted["quipu_breaker_open|loans"]) == (1, 0)
    assert (counted["quipu_plan_cache_lookups_total|hit"], counted["quipu_plan_cache_lookups_total|miss"]) == (4, 3)
    assert counted["quipu_plan_cache_entries"] == 2
    assert (counted["quipu_store_lookups_total|hit"], counted["quipu_store_lookups_total|miss"]) == (1, 1)


async def test_nothing_that_a_client_wrote_becomes_a_label() -> None:
    app = create_app(engine(LocalSubgraphs()), SubgraphClient({}))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as http:
        await http.post("/graphql", json={"query": "query Mark { mark1 }", "operationName": "mark2"})
        await http.post("/graphql?mark3", content=b"mark4", headers={"X-Request-Id": "mark5", "User-Agent": "mark6"})
        await http.get("/mark7")
        assert "mark" not in (await http.get("/metrics")).text.lower()


async def test_two_gateways_in_one_process_count_apart() -> None:
    async def total(asked: int) -> float:
        app = create_app(engine(LocalSubgraphs()), SubgraphClient({}))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as http:
            for _ in range(asked):
                await http.post("/graphql", json={"query": QUERY})
            return (await scraped(http))["quipu_requests_total|OK"]

    assert [await total(1), await total(2)] == [1, 2]
