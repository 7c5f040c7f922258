"""Reads of the Court's wide table: one statement for any number of keys, values decoded and named.

A record is what the institution knows, before anyone asks who may see it; `masking` answers that.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.common.case_number import canonical_case, case_spellings
from subgraphs.constitutional_court.numbers import OLD_CODES, canonical_number, number_spellings
from subgraphs.constitutional_court.tables import TEXT_ENCODING, proceedings, reporting_judges, rulings

MOST_PER_CASE = 50
_CELLS = proceedings.c
_SOURCE = proceedings.outerjoin(reporting_judges, reporting_judges.c.cod_ponente == _CELLS.cod_ponente).outerjoin(
    rulings, rulings.c.cod_sentido == _CELLS.cod_sentido
)


@dataclass(frozen=True, slots=True)
class ProceedingRecord:
    row_id: int
    number: str
    as_printed: str
    type: str
    filed_text: str
    filed_at: datetime
    state: str
    chamber: str | None
    reporting_judge: str | None
    hearing_at: datetime | None
    ruling: str | None
    ruling_number: str | None
    ruled_on: date | None
    votes_in_favour: int | None
    votes_against: int | None
    separate_opinion: str | None
    district: str | None
    origin_as_written: str | None
    origin: str | None
    subject: str | None
    summary: str | None
    plaintiff: str | None
    plaintiff_document_type: str | None
    plaintiff_document: str | None
    respondent: str | None
    beneficiary: str | None
    beneficiary_born: date | None
    complaint: str | None
    reserved: bool
    ruling_digest: str | None


@dataclass(frozen=True, slots=True)
class ProceedingFilter:
    """What a list is asked for. `unlinked`: no number of origin that can be read, where one is due."""

    state: str | None = None
    type: str | None = None
    filed_from: date | None = None
    filed_to: date | None = None
    plaintiff_document: str | None = None
    unlinked: bool = False
    include_reserved: bool = False


# A position in a list, newest first: the text of the filing's time, and the row.
Position = tuple[str, int]


async def by_numbers(connection: AsyncConnection, numbers: Sequence[str]) -> dict[str, ProceedingRecord]:
    """The proceedings of these canonical numbers."""
    wanted = [spelling for number in numbers for spelling in number_spellings(number)]
    rows = await connection.execute(_select().where(_CELLS.nro_expediente.in_(wanted)).order_by(_CELLS.id.desc()))
    return {record.number: record for record in map(_record, rows)}


async def by_cases(connection: AsyncConnection, cases: Sequence[str]) -> dict[str, list[ProceedingRecord]]:
    """The proceedings that cite these canonical cases, the oldest first, at most fifty each."""
    cases_of: defaultdict[str, list[str]] = defaultdict(list)
    for case in cases:
        for spelling in case_spellings(case):
            cases_of[spelling].append(case)
    rows = await connection.execute(
        _select().where(_CELLS.exp_origen.in_([*cases_of])).order_by(_CELLS.fecha_ingreso, _CELLS.id)
    )
    found: defaultdict[str, list[ProceedingRecord]] = defaultdict(list)
    for record in map(_record, rows):
        for case in cases_of[record.origin_as_written or ""]:
            if len(found[case]) < MOST_PER_CASE:
                found[case].append(record)
    return dict(found)


async def page(
    connection: AsyncConnection, wanted: ProceedingFilter, first: int, after: Position | None
) -> list[ProceedingRecord]:
    """The newest first; one more than asked for tells the caller that there are others."""
    conditions = _conditions(wanted)
    if after is not None:
        filed, row_id = after
        conditions.append(or_(_CELLS.fecha_ingreso < filed, and_(_CELLS.fecha_ingreso == filed, _CELLS.id < row_id)))
    query = _select().where(*conditions).order_by(_CELLS.fecha_ingreso.desc(), _CELLS.id.desc()).limit(first + 1)
    return [_record(row) for row in await connection.execute(query)]


async def count(connection: AsyncConnection, wanted: ProceedingFilter) -> int:
    query = select(func.count()).select_from(proceedings).where(_CELLS.eliminado == 0, *_conditions(wanted))
    return int((await connection.execute(query)).scalar_one())


def _select() -> Select[Any]:
    return (
        select(
            proceedings,
            reporting_judges.c.nombre.label("nombre_ponente"),
            rulings.c.descripcion.label("descripcion_sentido"),
        )
        .select_from(_SOURCE)
        .where(_CELLS.eliminado == 0)
    )


def _conditions(wanted: ProceedingFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        conditions.append(_CELLS.estado == wanted.state)
    if wanted.type is not None:
        conditions.append(_CELLS.tipo.in_(_type_codes(wanted.type)))
    if wanted.filed_from is not None:
        conditions.append(_CELLS.fecha_ingreso >= wanted.filed_from.isoformat())
    if wanted.filed_to is not None:
        conditions.append(_CELLS.fecha_ingreso < f"{wanted.filed_to.isoformat()}U")  # after every T of that day
    if wanted.plaintiff_document is not None:
        conditions.append(_CELLS.doc_demandante == wanted.plaintiff_document)
    if wanted.unlinked:
        conditions += [_CELLS.exp_origen.is_(None), _CELLS.tipo.not_in(_type_codes("PI") + _type_codes("PCC"))]
    if not wanted.include_reserved:
        conditions.append(_CELLS.reservado != "S")
    return conditions


def _type_codes(type_: str) -> list[str]:
    return [type_, OLD_CODES[type_]] if type_ in OLD_CODES else [type_]


def _record(row: Row[Any]) -> ProceedingRecord:
    cells = row._mapping
    printed = cells["nro_expediente"]
    number = canonical_number(printed) or printed
    origin = cells["exp_origen"]
    return ProceedingRecord(
        row_id=cells["id"],
        number=number,
        as_printed=printed,
        type=number.removesuffix("/TC").rsplit("-", 1)[-1],
        filed_text=cells["fecha_ingreso"],
        filed_at=datetime.fromisoformat(cells["fecha_ingreso"]),
        state=cells["estado"],
        chamber=cells["sala"],
        reporting_judge=_text(cells["nombre_ponente"]),
        hearing_at=_moment(cells["fecha_vista"]),
        ruling=_text(cells["descripcion_sentido"]),
        ruling_number=cells["nro_sentencia"],
        ruled_on=None if (ruled := _moment(cells["fecha_sentencia"])) is None else ruled.date(),
        votes_in_favour=cells["votos_favor"],
        votes_against=cells["votos_contra"],
        separate_opinion=_text(cells["voto_singular"]),
        district=_text(cells["distrito_origen"]),
        origin_as_written=origin,
        origin=None if origin is None else canonical_case(origin),
        subject=_text(cells["materia"]),
        summary=_text(cells["resumen"]),
        plaintiff=_text(cells["demandante"]),
        plaintiff_document_type=cells["tipo_doc_demandante"],
        plaintiff_document=cells["doc_demandante"],
        respondent=_text(cells["demandado"]),
        beneficiary=_text(cells["beneficiario"]),
        beneficiary_born=_day(cells["nacimiento_beneficiario"]),
        complaint=cells["exp_queja"],
        reserved=cells["reservado"] == "S",
        ruling_digest=cells["hash_sentencia"],
    )


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode(TEXT_ENCODING).strip()


def _moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)
