"""Logging in to GraphiQL at a real OpenID provider, in a real browser; and what may not be done with it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from browser_kit import browser_page, needs_browser
from command_kit import talking, up_at_last
from conformance_kit import FOLDER, needs_npm
from federation_kit import FIXTURES
from playwright.async_api import Page, Response

from gateway.access.discovery import Provider
from gateway.access.fetching import ProviderError
from gateway.access.logins import Login, beginning

LIBRARY = FIXTURES / "supergraphs" / "library.graphql"
JSON = {"Content-Type": "application/json"}
_RESULT = "document.querySelector('.result-window .CodeMirror')?.CodeMirror.getValue() ?? ''"


@dataclass(frozen=True)
class Place:
    """A gateway whose people log in at the provider."""

    gateway: str
    provider: str


@asynccontextmanager
async def provider_for(callback: str) -> AsyncIterator[str]:
    process = await asyncio.create_subprocess_exec(
        "node", str(FOLDER / "openid.mjs"), callback, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    assert process.stdout is not None
    try:
        yield (await asyncio.wait_for(process.stdout.readline(), 60)).decode().strip()
    finally:
        process.kill()
        await process.wait()


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    gateway = f"http://127.0.0.1:{port}"
    async with provider_for(f"{gateway}/graphiql/callback") as provider:
        (tmp_path / "issuers.toml").write_text(
            f"""
            gateway = "{gateway}"
            [[issuer]]
            issuer = "{provider}"
            institution = "PJ"
            [issuer.login]
            client_id = "quipu-graphiql"
            scope = "openid cases"
            resource = "urn:quipu"
            """
        )
        addresses = [f"--subgraph={name}=http://127.0.0.1:1/" for name in ("catalogue", "loans", "stock")]
        trust = [f"--issuers={tmp_path / 'issuers.toml'}", f"--keys={tmp_path / 'keys'}", "--introspection=judge"]
        async with talking("serve", f"--supergraph={LIBRARY}", f"--port={port}", *addresses, *trust) as command:
            await command.hears("/graphql")
            async with httpx.AsyncClient(base_url=gateway) as http:
                await up_at_last(http)
            yield Place(gateway, provider)


async def log_in(page: Page, place: Place, name: str) -> None:
    await page.goto(f"{place.gateway}/graphql")
    await page.get_by_role("button", name="Ingresar (PJ)").click()
    await page.fill("input[name=login]", name)
    await page.click("button")


async def result(page: Page) -> str:
    await page.click(".graphiql-execute-button")
    await page.wait_for_function(f"({_RESULT}).length > 2")
    return str(await page.evaluate(_RESULT))


@needs_browser
@needs_npm
async def test_a_person_logs_in_and_asks_as_who_the_provider_says(place: Place) -> None:
    async with browser_page(place.gateway, place.provider) as (page, complaints):
        asked: list[str] = []
        page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
        await page.goto(f"{place.gateway}/graphql")
        await page.get_by_text("Ingrese con la cuenta de su institución.").wait_for()
        assert not any(line.startswith("POST") for line in asked), "nothing is asked before who asks is known"
        await log_in(page, place, "judge")
        await page.get_by_role("button", name="Salir (PJ)").wait_for()
        assert page.url == f"{place.gateway}/graphql"
        assert '"__typename": "Query"' in await result(page)
        went = next(line for line in asked if "code_challenge" in line)
        told = parse_qs(urlsplit(went.partition(" ")[2]).query)
        assert told["code_challenge_method"] == ["S256"]
        assert "code_verifier" not in went
        kept = await page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}, document.cookie])")
        assert "quipu-login" not in kept
        assert "eyJ" not in kept
    assert complaints == []


@needs_browser
@needs_npm
async def test_who_has_no_say_over_the_schema_logs_in_all_the_same(place: Place) -> None:
    async with browser_page(place.gateway, place.provider) as (page, _):
        async with page.expect_response(_is_graphql) as told:
            await log_in(page, place, "auditor")
        answer = await (await told.value).json()
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["INTROSPECTION_REFUSED"]
        assert '"__typename": "Query"' in await result(page)


def _is_graphql(answer: Response) -> bool:
    return answer.request.method == "POST" and urlsplit(answer.url).path == "/graphql"


@needs_browser
@needs_npm
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("code=stolen&state=made-up", "Este ingreso no empezó aquí"),
        ("code=stolen", "Este ingreso no empezó aquí"),
    ],
)
async def test_a_code_that_this_tab_did_not_ask_for_is_not_redeemed(place: Place, query: str, said: str) -> None:
    async with browser_page(place.gateway, place.provider) as (page, _):
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await page.goto(f"{place.gateway}/graphiql/callback?{query}")
        await page.get_by_text(said).wait_for()
        assert page.url == f"{place.gateway}/graphql"
        assert not any("graphiql/token" in url for url in asked)


@needs_browser
@needs_npm
async def test_an_answer_in_another_providers_name_is_not_redeemed(place: Place) -> None:
    async with browser_page(place.gateway, place.provider) as (page, _):
        state = parse_qs(urlsplit(await began(page, place)).query)["state"][0]
        await page.goto(f"{place.gateway}/graphiql/callback?code=x&state={state}&iss=https://stranger.example")
        await page.get_by_text("Respondió otro proveedor").wait_for()


async def began(page: Page, place: Place) -> str:
    """The address to which the page sends a browser."""
    await page.goto(f"{place.gateway}/graphql")
    async with page.expect_request(lambda request: "code_challenge" in request.url) as asked:
        await page.get_by_role("button", name="Ingresar (PJ)").click()
    await page.locator("input[name=login]").wait_for()
    return (await asked.value).url


@needs_browser
@needs_npm
async def test_who_is_denied_by_the_provider_is_told_so(place: Place) -> None:
    async with browser_page(place.gateway, place.provider) as (page, _):
        await log_in(page, place, "")
        await page.get_by_text("El proveedor de identidad no dio acceso.").wait_for()


@needs_npm
async def test_only_the_page_may_ask_and_only_for_who_is_known(place: Place) -> None:
    code = {"institution": "PJ", "code": "x", "verifier": "v" * 43}
    async with httpx.AsyncClient(base_url=place.gateway) as http:
        for path in ("/graphiql/login", "/graphiql/token"):
            elsewhere = await http.post(path, json=code, headers={"Sec-Fetch-Site": "cross-site"})
            as_form = await http.post(path, content=b"{}", headers={"Content-Type": "text/plain"})
            unknown = await http.post(path, json={**code, "institution": "MP"})
            broken = await http.post(path, content=b"{", headers=JSON)
            large = await http.post(path, json={**code, "code": "x" * 10_000})
            statuses = [answer.status_code for answer in (elsewhere, as_form, unknown, broken, large)]
            assert statuses == [403, 403, 404, 400, 413]
        for changes in ({}, {"verifier": "short"}, {"code": ""}, {"code": ["x"]}):
            refused = await http.post("/graphiql/token", json={**code, **changes})
            assert (refused.status_code, refused.content) == (400, b"")


async def test_a_provider_that_is_away_is_told_as_that() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        away = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(ProviderError) as refused:
        await beginning(Login("PJ", Provider(away), "c"), "http://127.0.0.1/callback")
    assert refused.value.status is None
