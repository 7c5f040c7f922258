"""Reads of the Academy's spreadsheets: one statement for any number of magistrates, cells turned into values.

The column of grades is never selected: what is not read cannot leak.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.academy.tables import certificates, courses, enrolments, magistrates

_MONTHS = {
    "ene": 1, "feb": 2, "mar": 3, "abr": 4, "may": 5, "jun": 6,
    "jul": 7, "ago": 8, "set": 9, "sep": 9, "oct": 10, "nov": 11, "dic": 12,
}  # fmt: skip
_CENTURY = 2000


@dataclass(frozen=True, slots=True)
class MagistrateRecord:
    code: str
    name: str
    position: str
    institution: str


@dataclass(frozen=True, slots=True)
class TrainingRecord:
    """An enrolment, its course and, once passed, its certificate. `line` orders a magistrate's trainings."""

    line: int
    code: str
    course_code: str
    course: str
    programme: str
    hours: Decimal
    starts_on: date | None
    ends_on: date | None
    enrolled_on: date | None
    standing: str
    certificate_number: str | None
    certified_on: date | None


async def magistrates_by_code(connection: AsyncConnection, codes: Sequence[str]) -> dict[str, MagistrateRecord]:
    cells = magistrates.c
    query = select(cells.COD_MAG, cells.APELLIDOS_NOMBRES, cells.CARGO, cells.INSTITUCION).where(
        cells.COD_MAG.in_(codes), cells.ANULADO == ""
    )
    return {row[0]: MagistrateRecord(*row) for row in await connection.execute(query)}


async def trainings_by_code(connection: AsyncConnection, codes: Sequence[str]) -> dict[str, list[TrainingRecord]]:
    """Each magistrate's trainings in the order of the Academy's sheet."""
    enrolment, certificate = enrolments.c, certificates.c
    certified = and_(
        certificate.COD_MAG == enrolment.COD_MAG,
        certificate.COD_CURSO == enrolment.COD_CURSO,
        certificate.ANULADO == "",
    )
    query = (
        select(
            enrolment.fila, enrolment.COD_MAG, enrolment.COD_CURSO, courses.c.NOMBRE, courses.c.PROGRAMA,
            courses.c.HORAS, courses.c.INICIO, courses.c.FIN, enrolment.FECHA, enrolment.SITUACION,
            certificate.NRO_CERT, certificate.FECHA.label("FECHA_CERT"),
        )
        .join_from(enrolments, courses, courses.c.COD_CURSO == enrolment.COD_CURSO)
        .outerjoin(certificates, certified)
        .where(enrolment.COD_MAG.in_(codes), enrolment.ANULADO == "")
        .order_by(enrolment.COD_MAG, enrolment.fila)
    )  # fmt: skip
    found: defaultdict[str, list[TrainingRecord]] = defaultdict(list)
    for row in await connection.execute(query):
        line, code, course_code, name, programme, hours, starts, ends, enrolled, standing, number, issued = row
        found[code].append(
            TrainingRecord(
                line, code, course_code, plain_cell(name), programme, decimal_cell(hours), date_cell(starts),
                date_cell(ends), date_cell(enrolled), standing, number, date_cell(issued or ""),
            )
        )  # fmt: skip
    return dict(found)


def plain_cell(text: str) -> str:
    """Without the quotes that the export put around a cell with a `;`."""
    quoted = len(text) > 1 and text[0] == text[-1] == '"'
    return (text[1:-1].replace('""', '"') if quoted else text).strip()


def decimal_cell(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", "."))


def date_cell(text: str) -> date | None:
    """`4-mar-24`; an empty or broken cell is no date."""
    day, _, rest = text.partition("-")
    month, _, year = rest.partition("-")
    try:
        return date(_CENTURY + int(year), _MONTHS[month.lower()], int(day))
    except (KeyError, ValueError):
        return None
