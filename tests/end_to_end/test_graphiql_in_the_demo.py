"""The demo in a browser without internet: the page opens with the worked case's query, and one click shows the case."""

from __future__ import annotations

from browser_kit import browser_page, needs_browser
from demo_kit import Demo
from playwright.async_api import Page

from subgraphs.sample import worked_cases as worked

_RESULT = "document.querySelector('.result-window .CodeMirror')?.CodeMirror.getValue() ?? ''"


async def result_with(page: Page, text: str) -> str:
    """The whole result, once it has that text: only the lines in sight are on the page itself."""
    await page.wait_for_function(f"text => ({_RESULT}).includes(text)", arg=text)
    return str(await page.evaluate(_RESULT))


@needs_browser
async def test_one_click_puts_the_whole_case_on_the_screen(demo: Demo) -> None:
    async with browser_page(demo.url) as (page, complaints):
        await page.goto(f"{demo.url}/graphql")
        await page.get_by_text("DATOS FICTICIOS").wait_for()
        assert await page.locator("#identity option").count() == 5
        await page.click(".graphiql-execute-button")
        await page.locator(".result-window").get_by_text("IN_EXECUTION").first.wait_for()
        judges = await result_with(page, "PEÑALUZ FICTICIO, MATEO ANDRÉS")
        assert all(text in judges for text in (worked.G.prosecution_files[0], worked.G.proceedings[0], "N. P. W."))
        await page.select_option("#identity", "citizen_desk")
        await page.click(".graphiql-execute-button")
        citizens = await result_with(page, "ROLE_NOT_GRANTED")
        assert worked.G_FATHER_DOCUMENT in judges
        assert worked.G_FATHER_DOCUMENT not in citizens
    assert complaints == []
