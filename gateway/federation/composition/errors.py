"""What may be wrong with a set of subgraphs, all of it at once.

Codes are the field's (Apollo's composer gives the same code for the same mistake), messages are ours: the thing, and
what to do about it. They are for the people who write subgraphs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a subgraph's SDL, from 1; None where the mistake has no line."""

    subgraph: str
    line: int | None = None

    def __str__(self) -> str:
        return self.subgraph if self.line is None else f"{self.subgraph}, line {self.line}"


@dataclass(frozen=True, slots=True)
class Issue:
    """One mistake: its stable code, the element it is about (`Type.field(argument:)`), and where it is written."""

    code: str
    message: str
    coordinate: str | None
    places: tuple[Place, ...]

    def __str__(self) -> str:
        """A line that says what, then one indented line a place."""
        about = f" at {self.coordinate}" if self.coordinate else ""
        return "\n".join([f"{self.code}{about}: {self.message}", *(f"  in {place}" for place in self.places)])


class CompositionError(Exception):
    """The subgraphs do not compose. `issues` holds every mistake that could be seen."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        super().__init__("\n".join(map(str, issues)))
        self.issues = tuple(issues)


def refuse_any(issues: Iterable[Issue]) -> None:
    """Raises `CompositionError` if there is any issue; each is told once."""
    found = tuple(dict.fromkeys(issues))
    if found:
        raise CompositionError(found)
