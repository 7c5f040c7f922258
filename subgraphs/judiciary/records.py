"""Reads of the Judiciary's cases: one statement for any number of them, values decoded and named.

A record is what the institution knows, before anyone asks who may see it. A case is found by its number, whose seven
parts are seven columns; its parts hang on `Key`, the system's own number and the incident (0 the main file). A
*cuaderno* is reserved if its main file is, even one that has been deleted.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CTE, ColumnElement, Row, Select, Table, and_, column, select, union, values
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.judiciary.cells import day, said, stripped, text
from subgraphs.judiciary.tables import courts, files, relations, subjects

MOST_INCIDENTS = MOST_RELATED = 50
_NUMBER = ("EXP_NRO", "EXP_ANO", "EXP_DIST", "EXP_ESP", "EXP_INC", "EXP_ORG", "EXP_JUZ")

Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """`filed_text` is the filing's date as it stands, by which lists are ordered."""

    key: Key
    number: str
    state: str
    subject: str
    summary: str | None
    court: str
    judge_code: str | None
    filed_text: str
    filed_on: date | None
    closed_on: date | None
    incident_kind: str | None
    due_on: date | None
    file_as_written: str | None
    proceeding_as_written: str | None
    reserved: bool
    family_violence: bool


async def by_numbers(connection: AsyncConnection, numbers: Sequence[str]) -> dict[str, CaseRecord]:
    """The cases and incidents of these canonical numbers."""
    asked, same = numbered(numbers)
    rows = await connection.execute(cases().join(asked, same))
    return {record.number: record for record in map(case_record, rows)}


async def main_files(connection: AsyncConnection, unique: Sequence[int]) -> dict[int, CaseRecord]:
    """The main files of these cases by the system's own number."""
    query = cases().where(files.c.N_UNICO.in_(unique), files.c.N_INCIDENTE == 0)
    return {record.key[0]: record for record in map(case_record, await connection.execute(query))}


async def incidents(connection: AsyncConnection, unique: Sequence[int]) -> dict[int, list[CaseRecord]]:
    """The *cuadernos* of these cases, in their order, at most fifty each."""
    query = cases().where(files.c.N_UNICO.in_(unique), files.c.N_INCIDENTE.between(1, MOST_INCIDENTS))
    found: defaultdict[int, list[CaseRecord]] = defaultdict(list)
    for record in map(case_record, await connection.execute(query.order_by(files.c.N_UNICO, files.c.N_INCIDENTE))):
        found[record.key[0]].append(record)
    return dict(found)


async def related(connection: AsyncConnection, unique: Sequence[int]) -> dict[int, list[CaseRecord]]:
    """The main files tied to these cases, whichever of the two was written first; the oldest filing first."""
    one, other = relations.c.N_UNICO, relations.c.N_UNICO_REL
    keys = [(case,) for case in unique]
    ties = union(
        *(
            select(here.label("here"), there.label("there"))
            .join(*asked_for(relations, (here.name,), keys))
            .where(relations.c.L_ACTIVO == "S")
            for here, there in ((one, other), (other, one))
        )
    ).cte("ties")
    query = (
        cases()
        .add_columns(ties.c.here)
        .join(ties, ties.c.there == files.c.N_UNICO)
        .where(files.c.N_INCIDENTE == 0, ties.c.here != ties.c.there)
        .order_by(files.c.F_INGRESO, files.c.N_UNICO)
    )
    found: defaultdict[int, list[CaseRecord]] = defaultdict(list)
    for row in await connection.execute(query):
        found[row.here].append(case_record(row))
    return dict(found)


def cases() -> Select[Any]:
    """Every case that is not deleted, with what `case_record` reads."""
    cells, court, main = files.c, courts.c, files.alias("main")
    seat = and_(
        court.C_DISTRITO == cells.EXP_DIST,
        court.C_ORGANO == cells.EXP_ORG,
        court.C_ESPEC == cells.EXP_ESP,
        court.C_NUMERO == cells.EXP_JUZ,
    )
    flags = main.c.L_RESERVA.label("MAIN_RESERVA"), main.c.L_VIOLFAM.label("MAIN_VIOLFAM")
    return (
        select(files, subjects.c.X_DESC, courts.c.X_NOMBRE, *flags)
        .select_from(files)
        .outerjoin(main, and_(main.c.N_UNICO == cells.N_UNICO, main.c.N_INCIDENTE == 0))
        .outerjoin(subjects, subjects.c.N_MATERIA == cells.N_MATERIA)
        .outerjoin(courts, seat)
        .where(cells.L_ACTIVO == "S")
    )


def numbered(numbers: Sequence[str]) -> tuple[CTE, ColumnElement[bool]]:
    """These canonical numbers as a table to join `files` with, and the condition."""
    return asked_for(files, _NUMBER, [_columns(number) for number in numbers])


def asked_for(table: Table, names: Sequence[str], keys: Sequence[tuple[Any, ...]]) -> tuple[CTE, ColumnElement[bool]]:
    """The keys as a table to join, and the condition. For `(a, b) IN (…)` SQLite would read the whole table."""
    columns = [column(name, table.c[name].type) for name in names]
    asked = values(*columns, name="asked").data(list(keys)).cte()
    return asked, and_(*(table.c[name] == asked.c[name] for name in names))


def case_record(row: Row[Any]) -> CaseRecord:
    number = (row.EXP_NRO, row.EXP_ANO, str(int(row.EXP_INC)), row.EXP_DIST, row.EXP_ORG, row.EXP_ESP, row.EXP_JUZ)
    return CaseRecord(
        key=(row.N_UNICO, row.N_INCIDENTE),
        number="-".join(number),
        state=row.C_ESTADO,
        subject=text(row.X_DESC) or "",
        summary=text(row.X_SUMILLA),
        court=text(row.X_NOMBRE) or "",
        judge_code=stripped(row.C_JUEZ),
        filed_text=row.F_INGRESO,
        filed_on=day(row.F_INGRESO),
        closed_on=day(row.F_CONCLUSION),
        incident_kind=stripped(row.C_TIPO_INC),
        due_on=day(row.F_VENCE),
        file_as_written=row.X_CARPETA,
        proceeding_as_written=row.X_EXP_TC,
        reserved=said(row.L_RESERVA) or said(row.MAIN_RESERVA),
        family_violence=said(row.L_VIOLFAM) or said(row.MAIN_VIOLFAM),
    )


def _columns(number: str) -> tuple[str, ...]:
    sequence, year, incident, district, organ, specialty, court = number.split("-")
    return sequence, year, district, specialty, incident.zfill(3), organ, court
