"""What composition says of a set of subgraphs, all of it at once: mistakes, and hints at what may be one.

Codes are the field's (Apollo's composer gives the same code for the same thing), messages are ours: the thing, and
what to do about it. They are for the people who write subgraphs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from graphql.language import Node

Level = Literal["error", "warning", "info", "debug"]
"""An error prevents the supergraph; the others are hints, from what may be a mistake to what is merely so."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a subgraph's SDL, from 1; None where the mistake has no line."""

    subgraph: str
    line: int | None = None

    def __str__(self) -> str:
        return self.subgraph if self.line is None else f"{self.subgraph}, line {self.line}"


def place_of(subgraph: str, node: Node | None) -> Place:
    """Where a node is written in the SDL of a subgraph."""
    location = node.loc if node is not None else None
    return Place(subgraph, location.start_token.line if location else None)


@dataclass(frozen=True, slots=True)
class Issue:
    """A mistake or hint: its stable code, the element it is about (`Type.field(argument:)`), where it is written."""

    code: str
    message: str
    coordinate: str | None
    places: tuple[Place, ...]
    level: Level = "error"

    def __str__(self) -> str:
        """A line that says what, then one indented line a place."""
        about = f" at {self.coordinate}" if self.coordinate else ""
        return "\n".join([f"{self.code}{about}: {self.message}", *(f"  in {place}" for place in self.places)])


class CompositionError(Exception):
    """The subgraphs do not compose. `issues` holds every mistake that could be seen, `hints` what else was."""

    def __init__(self, issues: Sequence[Issue], hints: Sequence[Issue] = ()) -> None:
        super().__init__("\n".join(map(str, issues)))
        self.issues = tuple(issues)
        self.hints = tuple(hints)


def refuse_any(issues: Iterable[Issue], hints: Sequence[Issue] = ()) -> None:
    """Raises `CompositionError` if there is any issue; each is told once."""
    found = tuple(dict.fromkeys(issues))
    if found:
        raise CompositionError(found, hints)
