"""The GraphiQL page: what it is made of, what it lets in, and that it answers in a real browser."""

from __future__ import annotations

import httpx
import pytest
from browser_kit import browser_page, needs_browser
from federation_kit import LocalSubgraphs, engine
from http_kit import serving
from playwright.async_api import Request
from starlette.applications import Starlette

from gateway.transport import graphiql
from gateway.transport.app import create_app
from gateway.transport.graphiql import (
    GraphiQLConfig,
    GraphiQLFilesError,
    SampleIdentity,
    graphiql_files,
)
from gateway.upstream.client import SubgraphClient

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
DEMO = GraphiQLConfig(
    query="{ books { title } }",
    identities=(SampleIdentity("judge", "case_review"), SampleIdentity("auditor", "audit")),
    purposes=("case_review", "audit"),
    sample_token=lambda name: f"token-of-{name}",
    fictitious=True,
)
PLAIN = GraphiQLConfig(query="{ __typename }", identities=DEMO.identities)


def application(config: GraphiQLConfig | None) -> Starlette:
    return create_app(engine(LocalSubgraphs()), SubgraphClient({}), graphiql=config)


async def ask_for_token(config: GraphiQLConfig, **changes: str) -> httpx.Response:
    headers = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin", **changes}
    transport = httpx.ASGITransport(application(config), client=("127.0.0.1", 5))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:4000") as client:
        return await client.post("/graphiql/sample-token", content=b'{"as": "judge"}', headers=headers)


async def get(config: GraphiQLConfig | None, accept: str, **query: str) -> httpx.Response:
    transport = httpx.ASGITransport(application(config))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        return await client.get("/graphql", params=query, headers={"Accept": accept, "Apollo-Require-Preflight": "1"})


@pytest.mark.parametrize(
    "accept",
    [
        "",
        "*/*",
        "application/json",
        "application/graphql-response+json, text/html;q=0.5",
        "application/json, text/html",
    ],
)
async def test_whoever_asks_for_graphql_gets_graphql(accept: str) -> None:
    answer = await get(DEMO, accept, query="{ books { title } }")
    assert answer.status_code == 200
    assert answer.json()["data"]["books"]


async def test_without_a_page_a_browser_is_answered_in_json() -> None:
    answer = await get(None, BROWSER, query="{ books { title } }")
    assert answer.headers["content-type"].startswith("application/json")


async def test_the_page_comes_whole_however_often_it_is_asked_for_compressed() -> None:
    transport = httpx.ASGITransport(application(DEMO))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        pages = [await client.get("/graphql", headers={"Accept": BROWSER}) for _ in range(3)]
    assert pages[0].headers["content-encoding"] == "gzip"
    assert len({page.text for page in pages}) == 1
    assert len({page.headers["content-length"] for page in pages}) == 1


async def test_the_demo_gives_a_sample_token_to_its_own_page() -> None:
    assert (await ask_for_token(DEMO)).json() == {"token": "token-of-judge"}


@pytest.mark.parametrize(
    "changes",
    [{"Host": "evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Content-Type": "text/plain"}],
    ids=["rebound name", "another site", "a form"],
)
async def test_another_site_gets_no_sample_token(changes: dict[str, str]) -> None:
    assert (await ask_for_token(DEMO, **changes)).status_code == 403


async def test_outside_the_demo_no_endpoint_gives_tokens() -> None:
    assert (await ask_for_token(PLAIN)).status_code in {404, 405}


async def test_the_page_reflects_nothing_and_runs_nothing_but_its_own_files() -> None:
    plain = await get(DEMO, BROWSER)
    tried = await get(DEMO, BROWSER, query="<script>alert(1)</script>")
    assert plain.text == tried.text
    policy = plain.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy


def test_files_other_than_the_reviewed_ones_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(graphiql.PINNED, "react.production.min.js", "0" * 64)
    with pytest.raises(GraphiQLFilesError, match="not the file that was reviewed"):
        graphiql_files()


@needs_browser
async def test_in_a_browser_without_internet_the_first_click_answers_as_the_chosen_identity() -> None:
    async with serving(application(DEMO)) as host, browser_page(host) as (page, complaints):
        sent: list[Request] = []
        page.on("request", lambda request: sent.append(request))
        await page.goto(f"{host}/graphql")
        await page.get_by_text("DATOS FICTICIOS").wait_for()
        await page.select_option("#identity", "auditor")
        await page.click(".graphiql-execute-button")
        await page.locator(".result-window").get_by_text("Trilce").wait_for()
    assert complaints == []
    headers = [request.headers for request in sent if request.url == f"{host}/graphql" and request.method == "POST"][-1]
    assert headers["authorization"] == "Bearer token-of-auditor"
    assert headers["quipu-purpose"] == "audit"
    assert headers["accept"].startswith("application/graphql-response+json")
