"""Pages of other sites: only those of a configured origin may ask, and read the answer."""

from __future__ import annotations

import httpx
import pytest
from federation_kit import LocalSubgraphs, engine

from gateway.transport.app import HttpSettings, create_app
from gateway.upstream.client import SubgraphClient

DESK = "https://escritorio.example"
OTHER = "https://otro.example"
HEADERS = "authorization,content-type,quipu-purpose,quipu-purpose-reference,x-request-id"


async def ask(
    method: str, origins: tuple[str, ...] = (DESK,), path: str = "/graphql", **headers: str
) -> httpx.Response:
    app = create_app(engine(LocalSubgraphs()), SubgraphClient({}), HttpSettings(origins=origins))
    content = b'{"query": "{ books { title } }"}' if method == "POST" else None
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as http:
        kind = {"content-type": "application/json"} if content else {}
        return await http.request(method, path, content=content, headers={**kind, **headers})


def preflight(origin: str, method: str = "POST", headers: str = HEADERS) -> dict[str, str]:
    return {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": headers,
    }


def allowed(response: httpx.Response) -> str | None:
    assert "access-control-allow-credentials" not in response.headers
    return response.headers.get("access-control-allow-origin")


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_page_of_a_known_origin_may_ask_with_our_headers(method: str) -> None:
    response = await ask("OPTIONS", **preflight(DESK, method))
    assert (response.status_code, allowed(response)) == (200, DESK)
    assert "Origin" in response.headers["vary"]


@pytest.mark.parametrize(
    "asked",
    [
        preflight(OTHER),
        preflight("https://escritorio.example.otro.example"),
        preflight("http://escritorio.example"),
        preflight("null"),
        preflight(DESK, "DELETE"),
        preflight(DESK, headers="x-other"),
    ],
    ids=["another site", "a longer name", "another scheme", "no origin", "another method", "another header"],
)
async def test_any_other_preflight_is_refused(asked: dict[str, str]) -> None:
    assert (await ask("OPTIONS", **asked)).status_code == 400


async def test_answers_are_readable_by_known_origins_alone_and_vary_by_it() -> None:
    known, other, none = await ask("POST", Origin=DESK), await ask("POST", Origin=OTHER), await ask("POST")
    assert [allowed(response) for response in (known, other, none)] == [DESK, None, None]
    assert known.headers["access-control-expose-headers"] == "X-Request-Id, WWW-Authenticate"
    for response in (known, other, none):
        assert [part.strip() for part in response.headers["vary"].split(",")] == ["Accept", "Origin"]


async def test_refusals_are_readable_too() -> None:
    response = await ask("GET", Origin=DESK)
    assert (response.status_code, allowed(response)) == (403, DESK)


async def test_by_default_no_other_site_may_ask() -> None:
    response = await ask("OPTIONS", origins=(), **preflight(DESK))
    assert (response.status_code, allowed(response)) == (405, None)
    answered = await ask("POST", origins=(), Origin=DESK)
    assert (allowed(answered), answered.headers["vary"]) == (None, "Accept")


@pytest.mark.parametrize("path", ["/metrics", "/health/ready", "/.well-known/jwks.json"])
async def test_other_addresses_are_not_for_other_sites(path: str) -> None:
    assert allowed(await ask("GET", path=path, Origin=DESK)) is None


async def test_options_that_are_no_preflight_say_what_is_served() -> None:
    response = await ask("OPTIONS", Origin=DESK)
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")
