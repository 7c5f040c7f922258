"""A case's answer told day by day: what each institution did, in one line each, in Spanish or English."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Data = Mapping[str, Any]
_ORDER_WITHIN_A_DAY = ("MP", "PJ", "TC")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened. `day`: ISO date; `institution`: PJ, MP or TC."""

    day: str
    institution: str
    title: str
    detail: str = ""


Words = Callable[[str], str]


def timeline(case: Data, words: Words) -> list[Entry]:
    """Everything with a date in the answer to the full case's query, the oldest first. What is null is left out."""
    found = [*_court_file(case, words), *_prosecution(case, words), *_proceedings(case, words)]
    for incident in case.get("incidents") or ():
        found += _court_file(incident, words, incident["number"])
    return sorted(found, key=lambda entry: (entry.day, _ORDER_WITHIN_A_DAY.index(entry.institution)))


def untold(case: Data) -> dict[str, int]:
    """How many elements the pages of this answer left out, by list."""
    left: dict[str, int] = {}
    parts = [case, *(case.get("incidents") or ()), *(case.get("prosecutionFiles") or ())]
    for part in parts:
        for name, value in part.items():
            if isinstance(value, Mapping) and "totalCount" in value and (more := _more(value)) > 0:
                left[name] = left.get(name, 0) + more
    return left


def _more(connection: Data) -> int:
    return int(connection["totalCount"] or 0) - len(connection.get("nodes") or ())


def nodes(part: Data, name: str) -> list[Data]:
    """The elements of a connection; none where it is null."""
    return list((part.get(name) or {}).get("nodes") or ())


def _court_file(case: Data, words: Words, incident: str = "") -> Iterator[Entry]:
    if case.get("filedOn"):
        yield Entry(case["filedOn"], "PJ", words("incident_filed" if incident else "filed"), incident)
    for act in nodes(case, "acts"):
        if act["date"]:
            yield Entry(act["date"], "PJ", words(act["kind"]), act["summary"] or "")
    for hearing in nodes(case, "hearings"):
        if hearing["heldAt"]:
            yield Entry(hearing["heldAt"][:10], "PJ", words("hearing"), hearing["heldAt"][11:16])


def _prosecution(case: Data, words: Words) -> Iterator[Entry]:
    for file in case.get("prosecutionFiles") or ():
        if file["reportedOn"]:
            yield Entry(file["reportedOn"], "MP", words("reported"), file["number"])
        for disposition in nodes(file, "dispositions"):
            if disposition["issuedOn"]:
                yield Entry(disposition["issuedOn"], "MP", words("disposition"), disposition["summary"] or "")
        for opinion in nodes(file, "opinions"):
            if opinion["issuedOn"]:
                yield Entry(opinion["issuedOn"], "MP", words("opinion"), opinion["opinion"] or "")


def _proceedings(case: Data, words: Words) -> Iterator[Entry]:
    for proceeding in case.get("constitutionalProceedings") or ():
        if proceeding["filedAt"]:
            yield Entry(proceeding["filedAt"][:10], "TC", words("received"), proceeding["number"])
        if proceeding["hearingAt"]:
            yield Entry(proceeding["hearingAt"][:10], "TC", words("hearing"), proceeding["number"])
        if decision := proceeding["decision"]:
            detail = f"{decision['number']}: {words(decision['ruling'])}"
            yield Entry(decision["decidedOn"], "TC", words("decided"), detail)
