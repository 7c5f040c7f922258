"""What comes of a recipe: a supergraph, or why there is none; and what its subgraphs' authors may want to know."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from gateway.cli.composing.recipe import Recipe
from gateway.cli.composing.schemas import Origin, Schema, origin_of
from gateway.federation.composition.compose import compose
from gateway.federation.composition.errors import CompositionError, Issue, Level, Place
from gateway.federation.composition.progress import OnProgress
from gateway.federation.composition.subgraph import Source

GRAVITY: tuple[Level, ...] = ("error", "warning", "info", "debug")
"""The gravest first."""

_DESCRIPTION = re.compile(r'''\s*("""(?:\\"""|(?!""").)*"""|"(?:[^"\\\n]|\\.)*")\s*''', re.DOTALL)

_MOST_LINES = 200
"""Of one place."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`supergraph` is None if there are errors, or hints that the recipe does not take (`refused`). `origins` and
    `schemas` by subgraph."""

    supergraph: str | None
    errors: tuple[Issue, ...]
    hints: tuple[Issue, ...]
    refused: Level | None
    origins: Mapping[str, Origin]
    schemas: Mapping[str, str]

    def source(self, place: Place) -> str | None:
        """The line of the subgraph's SDL, if the place has one; a description, and then the line after it."""
        if place.line is None or place.subgraph not in self.schemas:
            return None
        lines = _lines(self.schemas[place.subgraph])[place.line - 1 :][:_MOST_LINES]
        described = _DESCRIPTION.match("\n".join(lines))
        return "\n".join(lines[: 1 + (described[0].count("\n") if described else 0)])


@lru_cache(maxsize=200)
def _lines(sdl: str) -> list[str]:
    """GraphQL's lines end at these alone, while `splitlines` knows others."""
    return re.split(r"\r\n|\n|\r", sdl)


def judge(recipe: Recipe, schemas: Mapping[str, Schema], on_progress: OnProgress | None = None) -> Verdict:
    """Composes, unless a schema is missing. `on_progress` is told how far it is."""
    missing = tuple(schema for schema in schemas.values() if isinstance(schema, Issue))
    known = {name: schema for name, schema in schemas.items() if isinstance(schema, str)}
    supergraph, errors, hints = (None, missing, ()) if missing else _composed(recipe, known, on_progress)
    refused = recipe.fail_on if not errors and _any_as_grave(hints, recipe.fail_on) else None
    origins = {wanted.name: origin_of(wanted) for wanted in recipe.subgraphs}
    return Verdict(None if refused else supergraph, errors, hints, refused, origins, known)


def _composed(
    recipe: Recipe, schemas: Mapping[str, str], on_progress: OnProgress | None
) -> tuple[str | None, tuple[Issue, ...], tuple[Issue, ...]]:
    sources = [Source(wanted.name, schemas[wanted.name], wanted.url) for wanted in recipe.subgraphs]
    try:
        composed = compose(sources, on_progress)
    except CompositionError as error:
        return None, error.issues, error.hints
    return composed.sdl, (), composed.hints


def _any_as_grave(hints: tuple[Issue, ...], level: Level | None) -> bool:
    return level is not None and any(GRAVITY.index(hint.level) <= GRAVITY.index(level) for hint in hints)


def as_json(verdict: Verdict, out: str | None) -> dict[str, Any]:
    """The verdict for machines; `quipu compose --help` says what it holds."""
    composed = verdict.supergraph is not None
    return {
        "composed": composed,
        "out": out if composed else None,
        "supergraph": None if out else verdict.supergraph,
        "errors": [_issue(verdict, issue) for issue in verdict.errors],
        "hints": [_issue(verdict, issue) for issue in verdict.hints],
    }


def _issue(verdict: Verdict, issue: Issue) -> dict[str, Any]:
    return {
        "code": issue.code,
        "level": issue.level,
        "message": issue.message,
        "coordinate": issue.coordinate,
        "places": [_place(verdict, place) for place in issue.places],
    }


def _place(verdict: Verdict, place: Place) -> dict[str, Any]:
    origin = verdict.origins.get(place.subgraph, Origin(None, None))
    return {
        "subgraph": place.subgraph,
        "file": origin.file,
        "url": origin.url,
        "line": place.line,
        "source": verdict.source(place),
    }
