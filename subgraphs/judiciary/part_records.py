"""Reads of what hangs on a case: acts, hearings, appeals, notices, cassations; one statement a relation."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, Select, Table, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.judiciary.cells import day, moment, stripped, text, timestamp
from subgraphs.judiciary.records import Key, asked_for
from subgraphs.judiciary.tables import acts, appeals, cassations, courts, hearings, notices

_KEY = ("N_UNICO", "N_INCIDENTE")
Part = TypeVar("Part")


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


@dataclass(frozen=True, slots=True)
class AppealRecord:
    """`act` is the line of the act that is appealed; `chamber` its code, `1801-SP-DC-01`, beside its name."""

    line: int
    kind: str
    act: int | None
    filed_on: date | None
    chamber: str | None
    chamber_name: str
    outcome: str | None
    resolved_on: date | None


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """`act` and `party` are lines; `casilla` is the party's electronic mailbox."""

    line: int
    act: int
    party: int | None
    casilla: str | None
    sent_at: datetime | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class CassationRecord:
    number: str
    chamber: str
    filed_on: date | None
    resolved_on: date | None
    outcome: str | None


async def cassations_of(connection: AsyncConnection, unique: Sequence[int]) -> dict[int, list[CassationRecord]]:
    """The Supreme Court's cassations of these cases, the oldest first."""
    cells = cassations.c
    asked = asked_for(cassations, ("N_UNICO",), [(case,) for case in unique])
    query = select(cassations).join(*asked).where(cells.L_ACTIVO == "S")
    found: defaultdict[int, list[CassationRecord]] = defaultdict(list)
    for row in await connection.execute(query.order_by(cells.F_INGRESO, cells.CAS_NRO)):
        found[row.N_UNICO].append(_cassation(row))
    return dict(found)


async def acts_of(connection: AsyncConnection, keys: Sequence[Key]) -> dict[Key, list[ActRecord]]:
    """Each case's *resoluciones*, in their order."""
    return await _by_key(connection, acts, keys, acts.c.N_ACTO, _act)


async def hearings_of(connection: AsyncConnection, keys: Sequence[Key]) -> dict[Key, list[HearingRecord]]:
    """Each case's hearings, in the order in which they were set."""
    return await _by_key(connection, hearings, keys, hearings.c.N_AUDIENCIA, _hearing)


async def notices_of(connection: AsyncConnection, keys: Sequence[Key]) -> dict[Key, list[NoticeRecord]]:
    """Each case's notices, in their order."""
    return await _by_key(connection, notices, keys, notices.c.N_NOTIF, _notice)


async def appeals_of(connection: AsyncConnection, keys: Sequence[Key]) -> dict[Key, list[AppealRecord]]:
    """Each case's appeals, in their order, with the name of the chamber."""
    cells, court = appeals.c, courts.c
    seat = and_(
        court.C_DISTRITO == cells.SAL_DIST,
        court.C_ORGANO == cells.SAL_ORG,
        court.C_ESPEC == cells.SAL_ESP,
        court.C_NUMERO == cells.SAL_NUM,
    )
    source = select(appeals, court.X_NOMBRE).outerjoin(courts, seat)
    return await _by_key(connection, appeals, keys, cells.N_RECURSO, _appeal, source)


async def _by_key(
    connection: AsyncConnection,
    table: Table,
    keys: Sequence[Key],
    order: ColumnElement[Any],
    read: Callable[[Row[Any]], Part],
    source: Select[Any] | None = None,
) -> dict[Key, list[Part]]:
    cells = table.c
    asked, same = asked_for(table, _KEY, keys)
    query = (select(table) if source is None else source).join(asked, same).where(cells.L_ACTIVO == "S")
    found: defaultdict[Key, list[Part]] = defaultdict(list)
    for row in await connection.execute(query.order_by(cells.N_UNICO, cells.N_INCIDENTE, order)):
        found[row.N_UNICO, row.N_INCIDENTE].append(read(row))
    return dict(found)


def _cassation(row: Row[Any]) -> CassationRecord:
    return CassationRecord(
        number=f"{row.CAS_NRO.lstrip('0')}-{row.CAS_ANO}-{row.CAS_DISTRITO.strip()}",
        chamber=text(row.X_SALA) or "",
        filed_on=day(row.F_INGRESO),
        resolved_on=day(row.F_RESUELVE),
        outcome=stripped(row.C_RESULTADO),
    )


def _act(row: Row[Any]) -> ActRecord:
    return ActRecord(
        line=row.N_ACTO,
        kind=row.C_TIPO_ACTO,
        made_on=day(row.F_ACTO),
        judge_code=stripped(row.C_JUEZ),
        summary=text(row.X_SUMILLA),
        outcome=stripped(row.C_RESULTADO),
        pages=row.N_FOLIOS,
        digest=row.X_HASH,
    )


def _hearing(row: Row[Any]) -> HearingRecord:
    return HearingRecord(
        line=row.N_AUDIENCIA,
        kind=row.C_TIPO_AUD,
        held_at=moment(row.F_AUDIENCIA, row.H_AUDIENCIA),
        state=row.C_ESTADO,
        room=stripped(row.X_SALA),
    )


def _notice(row: Row[Any]) -> NoticeRecord:
    return NoticeRecord(
        line=row.N_NOTIF,
        act=row.N_ACTO,
        party=row.N_PARTE,
        casilla=stripped(row.X_CASILLA),
        sent_at=timestamp(row.FH_ENVIO),
        read_at=timestamp(row.FH_LECTURA),
    )


def _appeal(row: Row[Any]) -> AppealRecord:
    chamber = (row.SAL_DIST, row.SAL_ORG, row.SAL_ESP, row.SAL_NUM)
    return AppealRecord(
        line=row.N_RECURSO,
        kind=row.C_TIPO_REC,
        act=row.N_ACTO,
        filed_on=day(row.F_INTERP),
        chamber="-".join(chamber) if all(chamber) else None,
        chamber_name=text(row.X_NOMBRE) or "",
        outcome=stripped(row.C_RESULTADO),
        resolved_on=day(row.F_RESUELVE),
    )
