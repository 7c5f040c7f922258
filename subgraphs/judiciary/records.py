"""Reads of the Judiciary's case system: one statement a relation for any number of cases, values decoded and named.

A record is what the institution knows, before anyone asks who may see it. A case is found by its number, whose seven
parts are seven columns; its parts hang on `Key`, the system's own number and the incident (0 the main file).
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import CTE, ColumnElement, Row, Select, Table, and_, column, select, values
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.judiciary.tables import (
    ABSENT_DATE,
    TEXT_ENCODING,
    UNKNOWN_DATE,
    acts,
    codes,
    courts,
    files,
    hearings,
    judges,
    parties,
    subjects,
)

MOST_INCIDENTS = 50
_NUMBER = ("EXP_NRO", "EXP_ANO", "EXP_DIST", "EXP_ESP", "EXP_INC", "EXP_ORG", "EXP_JUZ")
_KEY = ("N_UNICO", "N_INCIDENTE")
DOCUMENT_TYPES = {"1": "DNI", "4": "CE", "6": "RUC"}

Key = tuple[int, int]
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class CaseRecord:
    key: Key
    number: str
    state: str
    subject: str
    summary: str | None
    court: str
    judge_code: str | None
    judge: str | None
    filed_on: date | None
    closed_on: date | None
    incident_kind: str | None
    due_on: date | None
    file_as_written: str | None
    proceeding_as_written: str | None
    reserved: bool
    family_violence: bool


@dataclass(frozen=True, slots=True)
class PartyRecord:
    line: int
    role: str
    document_type: str | None
    document: str | None
    name: str
    born: date | None
    victim: bool
    reserved: bool


@dataclass(frozen=True, slots=True)
class ActRecord:
    line: int
    kind: str
    made_on: date | None
    judge_code: str | None
    summary: str | None
    outcome: str | None
    pages: int
    digest: str


@dataclass(frozen=True, slots=True)
class HearingRecord:
    line: int
    kind: str
    held_at: datetime | None
    state: str
    room: str | None


async def by_numbers(connection: AsyncConnection, numbers: Sequence[str]) -> dict[str, CaseRecord]:
    """The cases and incidents of these canonical numbers."""
    asked, same = _asked(files, _NUMBER, [_columns(number) for number in numbers])
    rows = await connection.execute(_cases().join(asked, same))
    return {record.number: record for record in map(_case, rows)}


async def incidents(connection: AsyncConnection, cases: Sequence[int]) -> dict[int, list[CaseRecord]]:
    """The *cuadernos* of these cases by the system's number, in their order, at most fifty each."""
    query = _cases().where(files.c.N_UNICO.in_(cases), files.c.N_INCIDENTE.between(1, MOST_INCIDENTS))
    found: defaultdict[int, list[CaseRecord]] = defaultdict(list)
    for record in map(_case, await connection.execute(query.order_by(files.c.N_UNICO, files.c.N_INCIDENTE))):
        found[record.key[0]].append(record)
    return dict(found)


async def parties_of(connection: AsyncConnection, keys: Sequence[Key]) -> dict[Key, list[PartyRecord]]:
    """Each case's parties, in the order in which they were entered."""
    return await _parts(connection, parties, keys, parties.c.N_PARTE, _party)


async def acts_of(connection: AsyncConnection, keys: Sequence[Key]) -> dict[Key, list[ActRecord]]:
    """Each case's *resoluciones*, in their order."""
    return await _parts(connection, acts, keys, acts.c.N_ACTO, _act)


async def hearings_of(connection: AsyncConnection, keys: Sequence[Key]) -> dict[Key, list[HearingRecord]]:
    """Each case's hearings, in the order in which they were set."""
    return await _parts(connection, hearings, keys, hearings.c.N_AUDIENCIA, _hearing)


async def meanings(connection: AsyncConnection, table: str) -> dict[str, str]:
    """A short list of the system, `ACT` for instance: its codes, and what they say."""
    rows = await connection.execute(select(codes.c.C_CODIGO, codes.c.X_DESC).where(codes.c["C_TABLA"] == table))
    return {code.strip(): _text(meaning) or "" for code, meaning in rows}


def _columns(number: str) -> tuple[str, ...]:
    sequence, year, incident, district, organ, specialty, court = number.split("-")
    return sequence, year, district, specialty, incident.zfill(3), organ, court


def _cases() -> Select[Any]:
    cells, court = files.c, courts.c
    seat = and_(
        court.C_DISTRITO == cells.EXP_DIST,
        court.C_ORGANO == cells.EXP_ORG,
        court.C_ESPEC == cells.EXP_ESP,
        court.C_NUMERO == cells.EXP_JUZ,
    )
    return (
        select(files, subjects.c.X_DESC, courts.c.X_NOMBRE, judges.c.X_APE_PAT, judges.c.X_APE_MAT, judges.c.X_NOMBRES)
        .select_from(files)
        .outerjoin(subjects, subjects.c.N_MATERIA == cells.N_MATERIA)
        .outerjoin(courts, seat)
        .outerjoin(judges, judges.c.C_JUEZ == cells.C_JUEZ)
        .where(cells.L_ACTIVO == "S")
    )


def _asked(table: Table, names: Sequence[str], keys: Sequence[tuple[Any, ...]]) -> tuple[CTE, ColumnElement[bool]]:
    """The keys as a table to join, and the condition. For `(a, b) IN (…)` SQLite would read the whole table."""
    columns = [column(name, table.c[name].type) for name in names]
    asked = values(*columns, name="asked").data(list(keys)).cte()
    return asked, and_(*(table.c[name] == asked.c[name] for name in names))


async def _parts(
    connection: AsyncConnection,
    table: Table,
    keys: Sequence[Key],
    order: ColumnElement[Any],
    read: Callable[[Row[Any]], Part],
) -> dict[Key, list[Part]]:
    cells = table.c
    asked, same = _asked(table, _KEY, keys)
    query = select(table).join(asked, same).where(cells.L_ACTIVO == "S")
    found: defaultdict[Key, list[Part]] = defaultdict(list)
    for row in await connection.execute(query.order_by(cells.N_UNICO, cells.N_INCIDENTE, order)):
        found[row.N_UNICO, row.N_INCIDENTE].append(read(row))
    return dict(found)


def _case(row: Row[Any]) -> CaseRecord:
    number = (row.EXP_NRO, row.EXP_ANO, str(int(row.EXP_INC)), row.EXP_DIST, row.EXP_ORG, row.EXP_ESP, row.EXP_JUZ)
    return CaseRecord(
        key=(row.N_UNICO, row.N_INCIDENTE),
        number="-".join(number),
        state=row.C_ESTADO,
        subject=_text(row.X_DESC) or "",
        summary=_text(row.X_SUMILLA),
        court=_text(row.X_NOMBRE) or "",
        judge_code=_stripped(row.C_JUEZ),
        judge=_name(row.X_APE_PAT, row.X_APE_MAT, row.X_NOMBRES),
        filed_on=_day(row.F_INGRESO),
        closed_on=_day(row.F_CONCLUSION),
        incident_kind=_stripped(row.C_TIPO_INC),
        due_on=_day(row.F_VENCE),
        file_as_written=row.X_CARPETA,
        proceeding_as_written=row.X_EXP_TC,
        reserved=row.L_RESERVA == "S",
        family_violence=row.L_VIOLFAM == "S",
    )


def _party(row: Row[Any]) -> PartyRecord:
    return PartyRecord(
        line=row.N_PARTE,
        role=row.C_TIPO_PARTE,
        document_type=DOCUMENT_TYPES.get(row.C_TIPO_DOC),
        document=_stripped(row.X_NRO_DOC),
        name=_text(row.X_RAZON_SOC) or _name(row.X_APE_PAT, row.X_APE_MAT, row.X_NOMBRES) or "",
        born=_day(row.F_NACIM),
        victim=row.L_VICTIMA == "S",
        reserved=row.L_RESERVA == "S",
    )


def _act(row: Row[Any]) -> ActRecord:
    return ActRecord(
        line=row.N_ACTO,
        kind=row.C_TIPO_ACTO,
        made_on=_day(row.F_ACTO),
        judge_code=_stripped(row.C_JUEZ),
        summary=_text(row.X_SUMILLA),
        outcome=_stripped(row.C_RESULTADO),
        pages=row.N_FOLIOS,
        digest=row.X_HASH,
    )


def _hearing(row: Row[Any]) -> HearingRecord:
    return HearingRecord(
        line=row.N_AUDIENCIA,
        kind=row.C_TIPO_AUD,
        held_at=_moment(row.F_AUDIENCIA, row.H_AUDIENCIA),
        state=row.C_ESTADO,
        room=row.X_SALA,
    )


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode(TEXT_ENCODING, errors="replace").strip()


def _stripped(value: str | None) -> str | None:
    return (value or "").strip() or None


def _name(father: bytes | None, mother: bytes | None, given: bytes | None) -> str | None:
    """`PEÑALUZ FICTICIO, MATEO ANDRÉS`."""
    surnames = " ".join(filter(None, (_text(father), _text(mother))))
    return ", ".join(filter(None, (surnames, _text(given)))) or None


def _day(value: str) -> date | None:
    """`20220214`; none, unknown and broken dates are no date."""
    if value in (ABSENT_DATE, UNKNOWN_DATE):
        return None
    try:
        return date(int(value[:4]), int(value[4:6]), int(value[6:]))
    except ValueError:
        return None


def _moment(day: str, clock: str) -> datetime | None:
    """The day and the hour `0900`, Lima time."""
    try:
        return datetime.strptime(f"{day}{clock}-0500", "%Y%m%d%H%M%z") if _day(day) else None
    except ValueError:
        return None
