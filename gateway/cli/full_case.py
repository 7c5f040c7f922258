"""The full case in one request, by whichever number of it one holds: the query of the demo, GraphiQL and `quipu case`.

Three doors lead to one case: the Judiciary's number, the prosecutors' and the Constitutional Court's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources

WORKED_CASE = "99006-2022-0-1801-JR-DC-04"
"""Case G of the sample: it crosses all four institutions."""


@dataclass(frozen=True, slots=True)
class Door:
    """A way into a case: the form of its numbers, the operation to ask with, and where the answer has the case."""

    form: re.Pattern[str]
    operation: str
    path: tuple[str, ...]


_DOORS = (
    Door(
        re.compile(r"\d{1,5}-\d{4}-(?:\d{1,3}-)?\d{3,4}-[A-Z]{2}-[A-Z]{2}-\d{1,2}", re.ASCII), "CaseByNumber", ("case",)
    ),
    Door(
        re.compile(r"\d{1,5}-\d{4}-[A-Z]{1,3}(?:/TC)?", re.ASCII),
        "CaseByProceeding",
        ("constitutionalProceeding", "originCase"),
    ),
    Door(re.compile(r"\d{9,10}-\d{4}-\d{1,6}(?:-\d{1,3})?", re.ASCII), "CaseByFile", ("prosecutionFile", "case")),
)


def door_of(number: str) -> Door | None:
    """The door that a number of that form opens; None if it is no institution's."""
    return next((door for door in _DOORS if door.form.fullmatch(number.strip().upper())), None)


def document() -> str:
    """All three operations and the fragments that they share."""
    return resources.files(__package__).joinpath("full_case.graphql").read_text(encoding="utf-8")


def worked_query() -> str:
    """The full case by the Judiciary's number with the worked case's in it, ready to paste and needing no variables."""
    by_number, _, rest = document().partition("\n\nquery ")
    fragments = rest[rest.index("\n\nfragment ") :]
    opened = by_number.replace("($number: CaseNumber!)", "").replace("$number", f'"{WORKED_CASE}"')
    return opened + fragments
