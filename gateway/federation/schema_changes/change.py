"""A change of a schema: what became of one element, and what it means for those who ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """`BREAKING`: an operation that was valid may no longer be, or its result may lack what its client relies on.
    `DANGEROUS`: operations stay valid, but may come by what their clients do not know, or mean something else.
    `SAFE`: neither."""

    BREAKING = "breaking"
    DANGEROUS = "dangerous"
    SAFE = "safe"


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    `coordinate` is of the schema coordinates specification: `Type`, `Type.field`, `Type.field(argument:)`,
    `Enum.VALUE`, `@directive`, `@directive(argument:)`; `schema` for the schema itself, which has none. An operation
    that leaves one of the `marks` (`marks.py`) is touched by the change.
    """

    severity: Severity
    code: str
    coordinate: str
    message: str
    marks: frozenset[str]


def breaking(code: str, coordinate: str, message: str, marks: Iterable[str] = ()) -> Change:
    """Touches whatever names the coordinate, if no marks are given."""
    return change(Severity.BREAKING, code, coordinate, message, marks)


def dangerous(code: str, coordinate: str, message: str, marks: Iterable[str] = ()) -> Change:
    """Touches whatever names the coordinate, if no marks are given."""
    return change(Severity.DANGEROUS, code, coordinate, message, marks)


def safe(code: str, coordinate: str, message: str, marks: Iterable[str] = ()) -> Change:
    """Touches whatever names the coordinate, if no marks are given."""
    return change(Severity.SAFE, code, coordinate, message, marks)


def change(severity: Severity, code: str, coordinate: str, message: str, marks: Iterable[str] = ()) -> Change:
    """Touches whatever names the coordinate, if no marks are given."""
    return Change(severity, code, coordinate, message, frozenset(marks) or frozenset((coordinate,)))
