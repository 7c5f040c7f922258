"""Telling a verdict: the supergraph or JSON on stdout, everything else on stderr."""

from __future__ import annotations

from dataclasses import dataclass, field

import orjson
import typer
from rich.console import Console

from gateway.cli.composing.recipe import Recipe
from gateway.cli.composing.verdict import GRAVITY, Verdict, as_json
from gateway.cli.issues import count, show


def _stderr() -> Console:
    return Console(stderr=True, markup=False, highlight=False, emoji=False)


@dataclass(frozen=True, slots=True)
class Report:
    """`json`: for machines, which are told everything; `verbose`: for a person who wants hints of level debug too."""

    json: bool
    verbose: bool
    console: Console = field(default_factory=_stderr)

    def tell(self, recipe: Recipe, verdict: Verdict, kept: bool) -> None:
        """The verdict, whole. `kept`: the file held this very supergraph."""
        if self.json:
            out = str(recipe.out) if recipe.out else None
            typer.echo(orjson.dumps(as_json(verdict, out)).decode())
            return
        if verdict.supergraph is not None and recipe.out is None:
            typer.echo(verdict.supergraph, nl=False)
        show(self.console, verdict, self.verbose)
        self.console.print(self._summary(recipe, verdict, kept), soft_wrap=True)

    def _summary(self, recipe: Recipe, verdict: Verdict, kept: bool) -> str:
        counted = count([*verdict.errors, *verdict.hints]) or "no hints"
        if verdict.errors:
            return f"Not composed: {counted}."
        if verdict.refused:
            graver = " or graver" if verdict.refused != GRAVITY[1] else ""
            return f"Composed, but not written, since no hint of level {verdict.refused}{graver} is taken: {counted}."
        number = len(recipe.subgraphs)
        into = f" into {recipe.out}{', which is as it was' if kept else ''}" if recipe.out else ""
        unseen = not self.verbose and any(hint.level == "debug" for hint in verdict.hints)
        shown = " --verbose shows those of level debug." if unseen else ""
        return f"Composed {number} subgraph{'' if number == 1 else 's'}{into}: {counted}.{shown}"
