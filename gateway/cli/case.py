"""`quipu case`: the full case in the terminal, as a timeline across institutions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.cli.demo import demo_url
from gateway.cli.errors import CommandError
from gateway.cli.full_case import WORKED_CASE, Door, document, door_of
from gateway.cli.identities import DEFAULT_DATA, SAMPLES, known_sample, sample_token
from gateway.cli.timeline import Words, nodes, timeline, untold
from gateway.cli.wording import LANGUAGES, say

if TYPE_CHECKING:
    from rich.console import Console

_SECONDS = 30


def case(
    number: Annotated[str, typer.Argument(help=f"The number at any institution, for example {WORKED_CASE}.")],
    as_: Annotated[str, typer.Option("--as", help=f"Who asks: {', '.join(SAMPLES)}.")],
    data: Annotated[Path, typer.Option(help="The folder of the demo that is running.")] = DEFAULT_DATA,
    lang: Annotated[str, typer.Option(help="es or en.")] = "es",
) -> None:
    """Print the full case, asked of the running demo: by the Judiciary's, the prosecutors' or the Court's number."""
    from rich.console import Console

    if lang not in LANGUAGES:
        raise CommandError(f"--lang is {' or '.join(LANGUAGES)}.")
    door = door_of(number)
    if door is None:
        raise CommandError(
            f"{number} is no number of a case: write it as {WORKED_CASE} (PJ), 999014502-2021-99006-0 (MP) or "
            "99005-2023-PA/TC (TC)."
        )
    answer = _ask(demo_url(data), sample_token(data, as_), known_sample(as_).purpose, door, number)
    found = _found(answer, door)
    if found is None:
        raise CommandError("\n".join((f"no case is found by {number}.", *_errors(answer))))
    _show(Console(), found, _errors(answer), partial(say, lang))


def _ask(url: str, token: str, purpose: str, door: Door, number: str) -> Mapping[str, Any]:
    import asyncio

    import aiohttp

    headers = {"Authorization": f"Bearer {token}", "Quipu-Purpose": purpose}
    asked = {"query": document(), "operationName": door.operation, "variables": {"number": number}}

    async def post() -> Any:
        limit = aiohttp.ClientTimeout(total=_SECONDS)
        async with (
            aiohttp.ClientSession(timeout=limit, headers=headers) as session,
            session.post(f"{url}/graphql", json=asked) as response,
        ):
            return await response.json()

    try:
        answer = asyncio.run(post())
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise CommandError(f"the demo does not answer at {url}: start it with `quipu demo`.") from error
    if not isinstance(answer, dict):
        raise CommandError(f"what answers at {url} is not Quipu.")
    return answer


def _found(answer: Mapping[str, Any], door: Door) -> Mapping[str, Any] | None:
    found: Any = answer.get("data")
    for step in door.path:
        found = (found or {}).get(step)
    return found if isinstance(found, dict) else None


def _errors(answer: Mapping[str, Any]) -> list[str]:
    """What the gateway says is missing, each thing once."""
    told = (
        f"{error['message']} [{(error.get('extensions') or {}).get('code', '?')}]"
        for error in answer.get("errors") or ()
    )
    return list(dict.fromkeys(told))


def _show(console: Console, case: Mapping[str, Any], errors: list[str], words: Words) -> None:
    from rich.table import Table
    from rich.text import Text

    # What institutions write is text, never markup: [RESERVADO] is a word there.
    console.print(Text(f"{words('case')} {case['number']} · {words('fictitious')}", style="bold"))
    for line in _about(case, words):
        console.print(Text(line))
    table = Table(*map(words, ("date", "institution", "what", "detail")), box=None, pad_edge=False)
    for entry in timeline(case, words):
        table.add_row(*map(Text, (entry.day, entry.institution, entry.title, entry.detail)))
    console.print(table)
    for name, count in untold(case).items():
        console.print(Text(f"{name}: {count} {words('more')}"))
    for error in errors:
        console.print(Text(f"{words('missing')}: {error}", style="yellow"))


def _about(case: Mapping[str, Any], words: Words) -> list[str]:
    lines = [case["subject"]] if case["subject"] else []
    if case.get("court"):
        lines.append(f"{words('court')}: {case['court']['name']}")
    if judge := case.get("judge"):
        name = (judge.get("judge") or {}).get("name") or judge["code"]
        count = (judge.get("trainings") or {}).get("totalCount")
        lines.append(f"{words('judge')}: {name}" + ("" if count is None else f" ({count} {words('trainings')})"))
    people = [
        f"{party['name']} ({words('minor')})" if party["minor"] else party["name"] for party in nodes(case, "parties")
    ]
    if people:
        lines.append(f"{words('parties')}: {'; '.join(people)}")
    return [*lines, *_links(case, words)]


def _links(case: Mapping[str, Any], words: Words) -> list[str]:
    linked = [(file["number"], file["caseLink"]) for file in case.get("prosecutionFiles") or ()]
    linked += [(one["number"], one["originLink"]) for one in case.get("constitutionalProceedings") or ()]
    return [f"{words('links')}: {number}, {_link(link, words)}" for number, link in linked if link is not None]


def _link(link: Mapping[str, Any], words: Words) -> str:
    way = "reciprocal" if link["reciprocal"] else "one_way"
    return ", ".join((words(link["match"]), words(way), *link["conflicts"]))
