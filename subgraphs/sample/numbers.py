"""The numbers of the three institutions, and the ways in which clerks get them wrong.

A citation is what was typed, with the damage done to it. Damage that loses nothing can be undone by a good
normaliser; a wrong year or a number that does not exist cannot. The shares are fixed, so that what a
reader recovers can be measured against the truth beside the sample.
"""

from dataclasses import dataclass
from random import Random
from typing import NamedTuple

RECOVERABLE = frozenset(
    ("NONE", "UNPADDED", "LOST_INCIDENT", "WRONG_INCIDENT", "LOWER_CASE", "PADDED_OFFICE", "LOST_SUFFIX", "OLD_CODE")
)
OLD_TYPE_CODES = {"PHC": "HC", "PA": "AA", "PHD": "HD", "PC": "AC", "PI": "AI", "PCC": "CC"}

# Of each hundred links: what happened to the number on its way through a keyboard.
CASE_DAMAGE = (
    ("UNPADDED", 0.05),
    ("LOST_INCIDENT", 0.03),
    ("LOWER_CASE", 0.02),
    ("WRONG_INCIDENT", 0.02),
    ("WRONG_YEAR", 0.025),
    ("NO_SUCH_NUMBER", 0.015),
    ("SILENT", 0.04),
)
FILE_DAMAGE = (
    ("PADDED_OFFICE", 0.05),
    ("LOST_SUFFIX", 0.04),
    ("WRONG_YEAR", 0.02),
    ("NO_SUCH_NUMBER", 0.02),
    ("SILENT", 0.08),
)
PROCEEDING_DAMAGE = (
    ("OLD_CODE", 0.08),
    ("LOST_SUFFIX", 0.05),
    ("WRONG_YEAR", 0.02),
    ("NO_SUCH_NUMBER", 0.02),
    ("SILENT", 0.10),
)


class CaseNumber(NamedTuple):
    """The Judiciary's: 00123-2023-0-1801-JR-PE-01."""

    sequence: int
    year: int
    incident: int
    district: str
    organ: str
    specialty: str
    court: str

    def __str__(self) -> str:
        return "-".join((f"{self.sequence:05d}", str(self.year), str(self.incident), *self[3:]))

    @classmethod
    def parse(cls, text: str) -> "CaseNumber":
        sequence, year, incident, district, organ, specialty, court = text.split("-")
        return cls(int(sequence), int(year), int(incident), district, organ, specialty, court)


class FileNumber(NamedTuple):
    """The prosecutors': office (nine digits, or ten with the zero in front), year, sequence, sub-sequence."""

    office: str
    year: int
    sequence: int
    sub_sequence: int = 0

    def __str__(self) -> str:
        return f"{self.office}-{self.year}-{self.sequence}-{self.sub_sequence}"


class ProceedingNumber(NamedTuple):
    """The Constitutional Court's: 01234-2023-PHC/TC."""

    sequence: int
    year: int
    type: str

    def __str__(self) -> str:
        return f"{self.sequence:05d}-{self.year}-{self.type}/TC"

    def with_old_code(self) -> "ProceedingNumber":
        return self._replace(type=OLD_TYPE_CODES.get(self.type, self.type))


@dataclass(frozen=True, slots=True)
class Citation:
    written: str | None
    damage: str = "NONE"


def cite_case(random: Random, number: CaseNumber) -> Citation:
    damage = _draw(random, CASE_DAMAGE)
    return Citation(write_case(number, damage), damage)


def cite_file(random: Random, number: FileNumber) -> Citation:
    damage = _draw(random, FILE_DAMAGE)
    return Citation(write_file(number, damage), damage)


def cite_proceeding(random: Random, number: ProceedingNumber) -> Citation:
    damage = _draw(random, PROCEEDING_DAMAGE)
    return Citation(write_proceeding(number, damage), damage)


def write_case(number: CaseNumber, damage: str) -> str | None:
    sequence, year, incident, district, organ, specialty, court = number
    match damage:
        case "SILENT":
            return None
        case "UNPADDED":
            return f"{sequence}-{year}-{incident}-{int(district)}-{organ}-{specialty}-{int(court)}"
        case "LOST_INCIDENT":
            return f"{sequence:05d}-{year}-{district}-{organ}-{specialty}-{court}"
        case "LOWER_CASE":
            return str(number).lower()
        case "WRONG_INCIDENT":
            return str(number._replace(incident=0 if incident else 7))
        case "WRONG_YEAR":
            return str(number._replace(year=year - 1))
        case "NO_SUCH_NUMBER":
            return str(number._replace(sequence=sequence % 90))
        case _:
            return str(number)


def write_file(number: FileNumber, damage: str) -> str | None:
    match damage:
        case "SILENT":
            return None
        case "PADDED_OFFICE":
            return str(number._replace(office=number.office.zfill(10)))
        case "LOST_SUFFIX":
            return f"{number.office}-{number.year}-{number.sequence}"
        case "WRONG_YEAR":
            return str(number._replace(year=number.year - 1))
        case "NO_SUCH_NUMBER":
            return str(number._replace(sequence=number.sequence % 90))
        case _:
            return str(number)


def write_proceeding(number: ProceedingNumber, damage: str) -> str | None:
    match damage:
        case "SILENT":
            return None
        case "OLD_CODE":
            return str(number.with_old_code())
        case "LOST_SUFFIX":
            return str(number).removesuffix("/TC")
        case "WRONG_YEAR":
            return str(number._replace(year=number.year - 1))
        case "NO_SUCH_NUMBER":
            return str(number._replace(sequence=number.sequence % 90))
        case _:
            return str(number)


def first_sequence(cases: int) -> int:
    """Where the running numbers begin: high and unlike real ones while the sample is small enough for that."""
    if cases <= 10_000:
        return 99_100
    return 90_100 if cases <= 400_000 else 100


def _draw(random: Random, shares: tuple[tuple[str, float], ...]) -> str:
    left = random.random()
    for damage, share in shares:
        left -= share
        if left < 0:
            return damage
    return "NONE"
