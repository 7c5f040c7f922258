"""A case's number, which every institution cites and each writes in its own way.

One form is canonical, `99006-2022-0-1801-JR-DC-04`: sequence, year, incident (0 the main file), court district,
organ, specialty and court. A key is looked up by index, so it is expanded to every spelling that clerks are known to
use, and to no other.
"""

import re
from typing import NewType

import strawberry
from graphql import GraphQLError
from strawberry.federation.schema_directives import Shareable

CaseNumber = NewType("CaseNumber", str)

# As typed, zeros, case and the incident may be missing.
_CASE = re.compile(r"(\d{1,5})-(\d{4})-(?:(\d{1,3})-)?(\d{3,4})-([A-Z]{2})-([A-Z]{2})-(\d{1,2})", re.ASCII)
_INCIDENTS = range(10)


def canonical_case(text: str) -> str | None:
    """The number that was meant; a lost incident is the main file. None if it cannot be read."""
    match = _CASE.fullmatch(text.strip().upper())
    if match is None:
        return None
    sequence, year, incident, district, organ, specialty, court = match.groups()
    return "-".join(
        (f"{int(sequence):05d}", year, str(int(incident or 0)), district.zfill(4), organ, specialty, court.zfill(2))
    )


def case_spellings(canonical: str) -> tuple[str, ...]:
    """How clerks write a case: a main file also by any of its incidents, as they are often confused. At most 31."""
    sequence, year, incident, district, organ, specialty, court = canonical.split("-")
    tail = f"{district}-{organ}-{specialty}-{court}"
    bare_tail = f"{int(district)}-{organ}-{specialty}-{int(court)}"
    main = incident == "0"
    spellings = []
    for cited in map(str, _INCIDENTS) if main else (incident,):
        full = f"{sequence}-{year}-{cited}-{tail}"
        spellings += [full, full.lower(), f"{int(sequence)}-{year}-{cited}-{bare_tail}"]
    if main:
        spellings.append(f"{sequence}-{year}-{tail}")
    return tuple(dict.fromkeys(spellings))


def _parse(value: object) -> CaseNumber:
    canonical = canonical_case(value) if isinstance(value, str) else None
    if canonical is None:
        raise GraphQLError("A case number reads 00123-2023-0-1801-JR-CI-01.", extensions={"code": "BAD_CASE_NUMBER"})
    return CaseNumber(canonical)


CASE_NUMBER_SCALAR = strawberry.scalar(
    name="CaseNumber",
    description="Número de expediente judicial: NNNNN-AAAA-I-DDDD-OO-EE-JJ.",
    serialize=str,
    parse_value=_parse,
)


@strawberry.type(
    description="Referencia a un expediente judicial, como la digitó la entidad que lo cita.", directives=[Shareable()]
)
class CaseReference:
    as_written: str = strawberry.field(description="Número de expediente tal como fue digitado.")
    normalised: CaseNumber | None = strawberry.field(
        description="Número de expediente normalizado; nulo si no se puede leer."
    )


def case_reference(written: str | None) -> CaseReference | None:
    """What a clerk typed, and the case that it can be read as."""
    if written is None or not written.strip():
        return None
    canonical = canonical_case(written)
    return CaseReference(as_written=written, normalised=None if canonical is None else CaseNumber(canonical))
