"""A real browser that reaches the addresses that it is given, the gateway's own as a rule, and no other."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, Route, async_playwright

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on PATH: apt-get install chromium")


@asynccontextmanager
async def browser_page(*hosts: str, theme: str = "light") -> AsyncIterator[tuple[Page, list[str]]]:
    complaints: list[str] = []

    async def only_own(route: Route) -> None:
        if route.request.url.startswith((*hosts, "data:")):
            await route.continue_()
        else:
            complaints.append(f"outside: {route.request.url}")
            await route.abort()

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page(color_scheme=theme)  # type: ignore[arg-type]
        page.on("console", lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.route("**/*", only_own)
        yield page, complaints
        await browser.close()
