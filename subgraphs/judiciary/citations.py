"""A citation of a case by another institution, judged: which case it leads to, how it fits, what contradicts it.

Whoever cites a *cuaderno* is led to its main file. What a case cites in its turn is weighed only for those who may
read it in the case itself, and a *cuaderno* that the reader may not have listed weighs nothing.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from enum import Enum

import strawberry

from subgraphs.common.case_number import canonical_case
from subgraphs.common.links import LinkMatch
from subgraphs.judiciary.masking import SeenCase
from subgraphs.judiciary.numbers import comparable_file, comparable_proceeding, is_complaint
from subgraphs.judiciary.reader import JudiciaryReader
from subgraphs.judiciary.records import CaseRecord


@strawberry.enum(description="Lo que contradice un vínculo con el expediente judicial.")
class CaseLinkConflict(Enum):
    CASE_CITES_ANOTHER = strawberry.enum_value(
        "CASE_CITES_ANOTHER", description="El expediente judicial cita otro número de la misma institución."
    )
    CASE_CITATION_UNREADABLE = strawberry.enum_value(
        "CASE_CITATION_UNREADABLE", description="Lo que el expediente judicial cita de esa institución no es un número."
    )
    INCIDENT_LOST = strawberry.enum_value(
        "INCIDENT_LOST",
        description="Se cita el cuaderno principal, que no cita de vuelta, y hay cuadernos: pudo perderse el suyo.",
    )
    INCIDENT_UNKNOWN = strawberry.enum_value(
        "INCIDENT_UNKNOWN", description="Se cita un cuaderno que el expediente no tiene."
    )


@dataclass(frozen=True, slots=True)
class Citing:
    """An institution that cites cases: how its numbers compare, where a case cites it, and who may read that."""

    comparable: Callable[[str | None], Hashable | None]
    cited_by: Callable[[CaseRecord], str | None]
    told_by: Callable[[SeenCase], bool]
    expects_answer: Callable[[str], bool] = lambda _number: True


PROSECUTION = Citing(comparable_file, lambda case: case.file_as_written, lambda seen: seen.tells_file)
COURT = Citing(
    comparable_proceeding,
    lambda case: case.proceeding_as_written,
    lambda seen: seen.tells_proceeding,
    lambda number: not is_complaint(number),
)


@dataclass(frozen=True, slots=True)
class Cited:
    """Where a citation leads. `literally`: the number, incident included, is one that the Judiciary has."""

    main: SeenCase | None
    incident: int = 0
    literally: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    match: LinkMatch
    reciprocal: bool | None = None
    conflicts: list[CaseLinkConflict] = field(default_factory=list)


async def cited(reader: JudiciaryReader, written: str) -> Cited:
    canonical = canonical_case(written)
    if canonical is None:
        return Cited(None)
    sequence, year, incident, *rest = canonical.split("-")
    exact = await reader.case(canonical)
    found = exact or await reader.case("-".join((sequence, year, "0", *rest)))
    return Cited(found and await reader.main_file(found), int(incident), exact is not None)


async def judge(reader: JudiciaryReader, written: str, own: str, citing: Citing) -> Judgement:
    """`own` is the number of who cites."""
    to = await cited(reader, written)
    if to.main is None:
        return Judgement(LinkMatch.BROKEN)
    match = LinkMatch.EXACT if written == to.main.record.number else LinkMatch.NORMALISED
    unknown = [] if to.literally else [CaseLinkConflict.INCIDENT_UNKNOWN]
    if not citing.told_by(to.main):
        return Judgement(match, None, unknown)
    incidents = [seen.record for seen in await reader.incidents(to.main) if citing.told_by(seen)]
    reciprocal, conflicts = _answers(to.main.record, incidents, own, citing)
    if to.incident:
        conflicts.discard(CaseLinkConflict.INCIDENT_LOST)
    return Judgement(match, reciprocal, [*unknown, *sorted(conflicts, key=lambda conflict: conflict.name)])


def _answers(
    main: CaseRecord, incidents: list[CaseRecord], own: str, citing: Citing
) -> tuple[bool, set[CaseLinkConflict]]:
    """Whether the case cites back, in any of its files, and what that says against a citation of its main file."""
    number, back = citing.comparable(own), citing.cited_by(main)
    answers, *others = (
        number is not None and citing.comparable(citing.cited_by(case)) == number for case in (main, *incidents)
    )
    if answers:
        return True, set()
    conflicts = set()
    if back is not None and citing.expects_answer(own):
        read = citing.comparable(back) is not None
        conflicts.add(CaseLinkConflict.CASE_CITES_ANOTHER if read else CaseLinkConflict.CASE_CITATION_UNREADABLE)
    if any(others) or (incidents and back is None):
        conflicts.add(CaseLinkConflict.INCIDENT_LOST)
    return any(others), conflicts
