"""Composition's findings for a person: the gravest first, each with its places and their lines, and a count.

In colour on a terminal, the same text elsewhere. What subgraphs wrote is shown without the characters that would steer
a terminal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from gateway.cli.composing.verdict import GRAVITY, Verdict
from gateway.federation.composition.errors import Issue, Place

_STYLE = {"error": "bold red", "warning": "bold yellow", "info": "bold blue", "debug": "bold"}
_WIDEST = 120
"""Characters of a source line that are shown."""
_DESCRIBED = 3
"""Lines of a description that are shown."""


def show(console: Console, verdict: Verdict, verbose: bool) -> None:
    """Prints every finding; hints of level debug only if `verbose`."""
    found = [*verdict.errors, *verdict.hints]
    for level in GRAVITY[: len(GRAVITY) if verbose else -1]:
        for issue in found:
            if issue.level == level:
                for line in _lines(verdict, issue):
                    console.print(line, soft_wrap=True)
                console.print()


def count(issues: Sequence[Issue]) -> str:
    """How many there are of each level: `2 errors, 1 warning`."""
    words = []
    for level in GRAVITY:
        number = sum(issue.level == level for issue in issues)
        if number:
            word = f"{level} hint" if level in ("info", "debug") else level
            words.append(f"{number} {word}{'' if number == 1 else 's'}")
    return ", ".join(words)


def _lines(verdict: Verdict, issue: Issue) -> Iterator[Text]:
    about = f" at {issue.coordinate}" if issue.coordinate else ""
    first, *more = printable(issue.message, "\n").split("\n")
    yield Text.assemble((issue.level, _STYLE[issue.level]), " ", (issue.code, "bold"), f"{about}: {first}")
    for line in more:
        yield Text(f"  {line}")
    for place in issue.places:
        yield from _place(verdict, issue, place)


def _place(verdict: Verdict, issue: Issue, place: Place) -> Iterator[Text]:
    origin = f" ({verdict.origins[place.subgraph]})" if place.subgraph in verdict.origins else ""
    line = f":{place.line}" if place.line is not None else ""
    yield Text.assemble("  ", (f"{printable(place.subgraph)}{printable(origin)}{line}", "cyan"))
    source = verdict.source(place)
    if source is None or place.line is None:
        return
    *before, last = enumerate(source.split("\n"), place.line)
    for number, text in before[:_DESCRIBED]:
        yield _numbered(str(number), excerpt(text, None).text)
    if len(before) > _DESCRIBED:
        yield _numbered("…", "")
    shown = excerpt(last[1], issue.coordinate)
    yield _numbered(str(last[0]), shown.text)
    pointed = " " * cell_len(shown.text[: shown.start]) + "^" * cell_len(shown.text[shown.start : shown.end])
    yield _numbered("", pointed, _STYLE[issue.level])


def _numbered(number: str, text: str, style: str = "") -> Text:
    return Text.assemble("  ", (f"{number:>5} |", "dim"), (f" {text}".rstrip(), style))


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A source line as it is shown, and what of it is marked, `start` to `end`."""

    text: str
    start: int
    end: int


def excerpt(source: str, coordinate: str | None) -> Excerpt:
    """The line, with what the coordinate names marked: the last of its names that is there, or all of the line."""
    text = printable(source.expandtabs(4)).rstrip()
    start, end = _named(text, coordinate)
    cut = max(0, min(start - _WIDEST // 4, len(text) - _WIDEST))
    ends = min(len(text), cut + _WIDEST)
    before, after = "…" if cut else "", "…" if ends < len(text) else ""
    moved = len(before) - cut
    return Excerpt(before + text[cut:ends] + after, start + moved, min(end, ends) + moved)


def _named(text: str, coordinate: str | None) -> tuple[int, int]:
    for name in reversed(re.findall(r"\w+", coordinate or "", re.ASCII)):
        found = re.search(rf"\b{name}\b", text, re.ASCII)
        if found:
            return found.span()
    return len(text) - len(text.lstrip()), len(text)


def printable(text: str, kept: str = "") -> str:
    """The text, with � for each character that a terminal would not show, but for those kept."""
    return "".join(char if char.isprintable() or char in kept else "\N{REPLACEMENT CHARACTER}" for char in text)
