"""Composition cases, read from data files.

A case is a file of sections: `# --- subgraph NAME URL` with an SDL, as many as there are, then what comes of them:

- `# --- supergraph`: what is composed, less the definitions of the join and link specifications;
- or `# --- errors`: the issues, less their messages;
- `# --- hints`, where there are any, written like errors;
- `# --- reference`, where the field's own composer says another thing: its error codes (BROKE_DOWN: it failed itself)
  or `composes`, and after `#` why ours differs.

To add a case, write its subgraphs and run `python tests/composition_kit.py FILE…`: the other sections are then
written (`# --- reference` is kept as it is), to be read and judged.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from federation_kit import FIXTURES

from gateway.federation.composition.compose import compose
from gateway.federation.composition.errors import CompositionError, Issue
from gateway.federation.composition.subgraph import Source

CASES = FIXTURES / "compose"
LIBRARY = FIXTURES / "subgraphs" / "library"
"""The SDLs of the library's three subgraphs."""
_SECTION = re.compile(r"^# --- (\w+)(?: (\S+) (\S*))?\n", re.MULTILINE)
_BLOCKS = re.compile(r"\n\n(?=\S)")
_MACHINERY = re.compile(r"(directive @|enum |scalar |input )(join__|link\b|link__)")


@dataclass(frozen=True)
class Outcome:
    """What comes of subgraphs, as the case files have it; `supergraph` or `errors` is empty."""

    supergraph: str = ""
    errors: str = ""
    hints: str = ""


@dataclass(frozen=True)
class Case:
    """`reference` is empty where the field's composer agrees."""

    subgraphs: tuple[Source, ...]
    expected: Outcome
    reference: str = ""


def case_files() -> list[Path]:
    return sorted(CASES.rglob("*.graphql"))


def case_name(path: Path) -> str:
    return path.relative_to(CASES).with_suffix("").as_posix()


def read_case(path: Path) -> Case:
    parts = _SECTION.split(path.read_text(encoding="utf-8"))[1:]
    sections = [parts[start : start + 4] for start in range(0, len(parts), 4)]
    subgraphs = tuple(
        Source(name, text.rstrip() + "\n", url) for kind, name, url, text in sections if kind == "subgraph"
    )
    texts = {kind: text.rstrip() + "\n" for kind, _, _, text in sections if kind != "subgraph"}
    reference = texts.pop("reference", "")
    return Case(subgraphs, Outcome(**texts), reference)


def outcome(sources: Sequence[Source]) -> Outcome:
    """What composition makes of subgraphs."""
    try:
        composed = compose(sources)
    except CompositionError as error:
        return Outcome(errors=without_messages(error.issues), hints=without_messages(error.hints))
    return Outcome(supergraph=without_machinery(composed.sdl), hints=without_messages(composed.hints))


def without_machinery(sdl: str) -> str:
    """A supergraph less what is the same in all of its version."""
    blocks = _BLOCKS.split(sdl.rstrip("\n"))
    return "\n\n".join(block for block in blocks if not _MACHINERY.match(block)) + "\n"


def without_messages(issues: Iterable[Issue]) -> str:
    """Code, coordinate and places of each issue, as the case files have them; empty if there is none."""
    lines = []
    for issue in issues:
        about = f" at {issue.coordinate}" if issue.coordinate else ""
        lines += [issue.code + about, *(f"  in {place}" for place in issue.places)]
    return "\n".join(lines) + "\n" if lines else ""


def composed_library() -> str:
    """The supergraph of the library, composed."""
    return compose(Source(path.stem, path.read_text()) for path in LIBRARY.glob("*.graphql")).sdl


def composed_fixture(name: str) -> str:
    """The supergraph of the subgraphs in a folder of fixtures, composed."""
    files = (FIXTURES / "subgraphs" / name).glob("*.graphql")
    return compose(Source(path.stem, path.read_text(), f"http://{path.stem}") for path in files).sdl


def write_case(path: Path) -> None:
    """Writes the expected sections of a case anew."""
    text, case = path.read_text(encoding="utf-8"), read_case(path)
    written = re.split(r"^# --- (?!subgraph)", text, maxsplit=1, flags=re.MULTILINE)[0].rstrip() + "\n"
    found = outcome(case.subgraphs)
    sections = {**vars(found), "reference": case.reference}
    for kind, section in sections.items():
        written += f"\n# --- {kind}\n{section}" if section else ""
    path.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        write_case(Path(name))
