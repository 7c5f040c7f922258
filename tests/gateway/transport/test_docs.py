"""The guides: what they say is true of this code, they are read without another host, and lead to no other file."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from browser_kit import browser_page, needs_browser
from graphql import GraphQLSchema, parse, validate
from http_kit import serving
from starlette.applications import Starlette

from gateway.access.issuers import read_issuers
from gateway.federation.composition.compose import compose
from gateway.federation.composition.subgraph import Source
from gateway.federation.supergraph.read import read_supergraph
from gateway.settings import Settings
from gateway.transport.docs import FOLDER, GUIDES, docs_routes, preferred
from subgraphs.common.server import INSTITUTIONS, schema_sdl

ROOT = Path(__file__).parents[3]
PAGES = sorted(FOLDER.glob("*.md"))
_CODE = re.compile(r"[A-Z]+(_[A-Z]+)+|FORBIDDEN|INTERNAL|UNAUTHENTICATED|WITHHELD")
"""Codes of one word are told from other words by being known."""
_NOT_SENT = {"INVALID_SUPERGRAPH", "LEDGER_BUSY", "LEDGER_ERROR"}
"""Operators alone are told these, where the gateway starts."""


def blocks(kind: str) -> list[tuple[str, str]]:
    """The page and the text of each snippet of that kind."""
    fence = re.compile(rf"^```{kind}\n(.*?)^```", re.M | re.S)
    return [(page.name, text) for page in PAGES for text in fence.findall(page.read_text())]


@pytest.fixture(scope="module")
def api() -> GraphQLSchema:
    return read_supergraph(compose(Source(name, schema_sdl(name)) for name in INSTITUTIONS).sdl).api_schema


@pytest.mark.parametrize(("page", "text"), blocks("graphql checked"))
def test_every_query_of_a_guide_fits_the_composed_schema(api: GraphQLSchema, page: str, text: str) -> None:
    assert validate(api, parse(text)) == []


@pytest.mark.parametrize(("page", "text"), blocks("sh run"))
def test_commands_of_a_guide_that_can_run_do(page: str, text: str, tmp_path: Path) -> None:
    quipu = f"quipu() {{ {sys.executable} -c 'from gateway.cli.main import main; main()' \"$@\"; }}\n"
    done = subprocess.run(
        ["sh", "-ec", quipu + text], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr


def test_no_query_of_a_guide_goes_unchecked() -> None:
    assert blocks("graphql") == []
    assert len(blocks("graphql checked")) >= 8


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_issuers_of_the_identity_guide_can_be_taken(language: str, tmp_path: Path) -> None:
    told = re.findall(r"```toml\n(.*?)```", (FOLDER / f"identity.{language}.md").read_text(), re.S)
    (tmp_path / "issuers.toml").write_text(told[0])
    trusted = read_issuers(tmp_path / "issuers.toml")
    assert [issuer.institution for issuer in trusted.issuers] == ["PJ"]
    assert (list(trusted.clients), list(trusted.logins)) == (["cgr-audit"], ["PJ"])


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_table_of_error_codes_lacks_none_that_the_code_can_send(language: str) -> None:
    table = (FOLDER / f"developer.{language}.md").read_text().rpartition("\n## ")[2]
    told = re.findall(r"^\| `([A-Z_]+)` \|", table, re.M)
    assert len(told) == len(set(told))
    assert set(codes()) - set(told) == set()


def codes() -> set[str]:
    """What stands in the source as the code of an error that a client of the gateway may get."""
    apart = {"composition", "schema_changes", "cli", "sample"}
    files = [file for package in ("gateway", "subgraphs") for file in (ROOT / package).rglob("*.py")]
    modules = [ast.parse(file.read_text()) for file in files if not apart & set(file.parts)]
    texts = [value.value for module in modules for value in _coded(module) if isinstance(value, ast.Constant)]
    return {text for text in texts if isinstance(text, str) and _CODE.fullmatch(text)} - _NOT_SENT


def _coded(module: ast.Module) -> Iterator[ast.expr]:
    """The values that errors and refusals are made of, of `code` wherever it is set, and of tables of words."""
    for node in ast.walk(module):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "code":
                    yield value
                yield from value.elts[:1] if isinstance(value, ast.Tuple) else ()
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            made = name.endswith(("Error", "Refusal", "_error"))
            yield from node.args if made else (word.value for word in node.keywords if word.arg == "code")
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "code":
            yield node.value
        elif isinstance(node, ast.BoolOp):
            yield from (part for value in node.values if isinstance(value, ast.Tuple) for part in value.elts)


def test_every_variable_that_a_guide_names_is_a_setting() -> None:
    named = {name for page in PAGES for name in re.findall(r"QUIPU_([A-Z]+__[A-Z_]+)", page.read_text())}
    groups = Settings.model_fields
    assert named
    for name in named:
        group, _, field = name.lower().partition("__")
        assert field in groups[group].default.__dataclass_fields__, name


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "es"),
        ("en", "en"),
        ("es-PE,es;q=0.9,en;q=0.8", "es"),
        ("qu-PE,en-US;q=0.7,es;q=0.6", "en"),
        ("en;q=0, es;q=0.1", "es"),
        ("fr", "es"),
        ("en;q=x", "es"),
    ],
)
def test_a_page_is_in_the_language_that_the_browser_prefers(accepted: str, language: str) -> None:
    assert preferred(accepted) == language


async def get(path: str, **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(Starlette(routes=list(docs_routes())))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        return await client.get(path, headers=headers)


@pytest.mark.parametrize("name", ["", *(f"/{name}" for name in GUIDES)])
async def test_each_guide_is_a_page_that_runs_nothing_and_says_its_samples_are_invented(name: str) -> None:
    for language in ("es", "en"):
        answer = await get(f"/docs{name}?lang={language}")
        assert answer.status_code == 200
        assert "DATOS FICTICIOS" in answer.text
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert not re.search("unsafe|http|script-src", policy)
        assert not re.search(r"<script|<img|style=|(src|href)=.http", answer.text)
    assert answer.headers["vary"] == "Accept-Language"


async def test_the_query_may_choose_another_language_than_the_browser() -> None:
    assert '<html lang="en">' in (await get("/docs/auditor?lang=en", **{"Accept-Language": "es"})).text
    assert '<html lang="en">' in (await get("/docs/auditor", **{"Accept-Language": "en"})).text
    assert '<html lang="es">' in (await get("/docs/auditor?lang=<x>")).text
    assert '<html lang="es">' in (await get("/docs/operator?lang=en")).text


@pytest.mark.parametrize(
    "path",
    ["nothing", "index", "auditor.es.md", "__init__.py", "..%2ftransport%2fdocs.py", "%2e%2e/settings.py", "../x"],
)
async def test_what_is_no_guide_is_not_found(path: str) -> None:
    assert (await get(f"/docs/{path}")).status_code == 404


async def test_what_a_guide_links_to_is_there() -> None:
    for name in ("", *(f"/{name}" for name in GUIDES)):
        for language in ("es", "en"):
            page = (await get(f"/docs{name}?lang={language}")).text
            for link in re.findall(r'href="(/[^"]*)"', page):
                assert (await get(link)).status_code == 200, link


@needs_browser
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_in_a_browser_the_guides_are_read_without_a_complaint(theme: str) -> None:
    app = Starlette(routes=list(docs_routes()))
    async with serving(app) as host, browser_page(host, theme=theme) as (page, complaints):
        await page.goto(f"{host}/docs?lang=es")
        await page.get_by_role("link", name="Desarrollo de aplicaciones").click()
        await page.get_by_role("heading", name="Códigos de error").wait_for()
        colour = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (colour == "rgb(255, 255, 255)") is (theme == "light")
        wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not wide
    assert [complaint for complaint in complaints if "favicon" not in complaint] == []
