"""Composition cases, read from data files.

A case is a file of sections: `# --- subgraph NAME URL` with an SDL, as many as there are, then either
`# --- supergraph` (what is composed, less the definitions of the join and link specifications) or `# --- errors`
(the issues, less their messages).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from federation_kit import FIXTURES

from gateway.federation.composition.compose import compose
from gateway.federation.composition.errors import Issue
from gateway.federation.composition.subgraph import Source

LIBRARY = FIXTURES / "subgraphs" / "library"
"""The SDLs of the library's three subgraphs."""
_SECTION = re.compile(r"^# --- (\w+)(?: (\S+) (\S*))?\n", re.MULTILINE)
_BLOCKS = re.compile(r"\n\n(?=\S)")
_MACHINERY = re.compile(r"(directive @|enum |scalar |input )(join__|link\b|link__)")


@dataclass(frozen=True)
class Case:
    """`supergraph` or `errors` is empty."""

    subgraphs: tuple[Source, ...]
    supergraph: str
    errors: str


def case_files() -> list[Path]:
    return sorted((FIXTURES / "compose").glob("*.graphql"))


def read_case(path: Path) -> Case:
    parts = _SECTION.split(path.read_text())[1:]
    sections = [parts[start : start + 4] for start in range(0, len(parts), 4)]
    subgraphs = tuple(
        Source(name, text.rstrip() + "\n", url) for kind, name, url, text in sections if kind == "subgraph"
    )
    expected = {kind: text for kind, _, _, text in sections if kind != "subgraph"}
    return Case(subgraphs, expected.get("supergraph", ""), expected.get("errors", ""))


def without_machinery(sdl: str) -> str:
    """A supergraph less what is the same in all of its version."""
    blocks = _BLOCKS.split(sdl.rstrip("\n"))
    return "\n\n".join(block for block in blocks if not _MACHINERY.match(block)) + "\n"


def without_messages(issues: tuple[Issue, ...]) -> str:
    """Code, coordinate and places of each issue, as the case files have them."""
    lines = []
    for issue in issues:
        about = f" at {issue.coordinate}" if issue.coordinate else ""
        lines += [issue.code + about, *(f"  in {place}" for place in issue.places)]
    return "\n".join(lines) + "\n"


def composed_library() -> str:
    """The supergraph of the library, composed."""
    return compose(Source(path.stem, path.read_text()) for path in LIBRARY.glob("*.graphql"))
