"""One composition: judged, written where it is to be written, and told."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gateway.cli.composing.progress import shown
from gateway.cli.composing.recipe import Recipe
from gateway.cli.composing.report import Report
from gateway.cli.composing.schemas import Schema
from gateway.cli.composing.verdict import judge
from gateway.cli.errors import CommandError, read_text
from gateway.cli.files import write_whole


def compose_once(recipe: Recipe, schemas: Mapping[str, Schema], report: Report, keep_equal: bool = False) -> bool:
    """Is there a supergraph? `keep_equal`: a file that holds it already is not written. Raises `CommandError` if it
    cannot be written."""
    with shown(report.console) as on_progress:
        verdict = judge(recipe, schemas, on_progress)
    kept = keep_equal and _holds(recipe.out, verdict.supergraph)
    if verdict.supergraph is not None and recipe.out is not None and not kept:
        write_whole(recipe.out, verdict.supergraph)
    report.tell(recipe, verdict, kept)
    return verdict.supergraph is not None


def _holds(out: Path | None, supergraph: str | None) -> bool:
    try:
        return out is not None and read_text(out) == supergraph
    except CommandError:
        return False
