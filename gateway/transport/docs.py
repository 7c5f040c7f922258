"""The guides at /docs: Markdown of `gateway/docs` as pages that run nothing and need no other host.

A guide is `NAME.es.md`, and `NAME.en.md` where it is translated. Pages are looked up by name among those that were
read at the start, so that no address leads to another file.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

FOLDER = Path(__file__).parent.parent / "docs"
LANGUAGES = ("es", "en")
"""The first is served to who asks for none of them."""
GUIDES = ("developer", "auditor", "agreements", "institution", "identity", "operator")
_FILES = {
    "docs.css": "text/css",
    "audit_client.py": "text/plain",
    "agreement.schema.json": "application/schema+json",
}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_PAGE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Quipu</title>
<link rel="stylesheet" href="/docs/docs.css">
<header><a href="/docs?lang={language}">Quipu</a> <a href="?lang={other}" hreflang="{other}">{switch}</a>
<strong>DATOS FICTICIOS</strong></header>
<main>
{body}</main>
</html>
"""
_LINK = re.compile(rf'href="/docs/({"|".join(GUIDES)})')
_SWITCH = {"es": "English", "en": "Español"}


def docs_routes() -> list[Route]:
    """/docs, and everything under it."""
    guides = {(name, language): _guide(name, language) for name in ("index", *GUIDES) for language in LANGUAGES}
    files = {name: (FOLDER / name).read_bytes() for name in _FILES}

    async def index(request: Request) -> Response:
        return _page(guides, "index", request)

    async def page(request: Request) -> Response:
        name = request.path_params["name"]
        if name in files:
            return Response(files[name], media_type=_FILES[name], headers=_HEADERS)
        return _page(guides, name, request) if name in GUIDES else Response(status_code=404, headers=_HEADERS)

    return [Route("/docs", index), Route("/docs/{name}", page)]


def _page(guides: Mapping[tuple[str, str], bytes], name: str, request: Request) -> Response:
    asked = request.query_params.get("lang")
    language = asked if asked in LANGUAGES else preferred(request.headers.get("accept-language", ""))
    headers = {**_HEADERS, "Vary": "Accept-Language"}
    return Response(guides[name, language], media_type="text/html", headers=headers)


def preferred(accepted: str) -> str:
    """The language of the header `Accept-Language` (RFC 9110, section 12.5.4) that there is: `es-PE,en;q=0.5`."""
    ranked = [(_quality(entry), entry.partition(";")[0].strip().lower().partition("-")[0]) for entry in
              accepted.split(",")]  # fmt: skip
    known = [(quality, language) for quality, language in ranked if language in LANGUAGES and quality > 0]
    return max(known, key=lambda one: one[0])[1] if known else LANGUAGES[0]


def _quality(entry: str) -> float:
    _, _, written = entry.partition("q=")
    try:
        return float(written or 1)
    except ValueError:
        return 0.0


@cache
def _guide(name: str, language: str) -> bytes:
    """The guide in that language, or in the first where it is not translated."""
    translated = FOLDER / f"{name}.{language}.md"
    shown = language if translated.exists() else LANGUAGES[0]
    text = (FOLDER / f"{name}.{shown}.md").read_text(encoding="utf-8")
    title = html.escape(text.partition("\n")[0].removeprefix("# "))
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    body = _LINK.sub(rf"\g<0>?lang={language}", body)
    (other,) = (each for each in LANGUAGES if each != language)
    page = _PAGE.format(language=shown, other=other, switch=_SWITCH[language], title=title, body=body)
    return page.encode()
