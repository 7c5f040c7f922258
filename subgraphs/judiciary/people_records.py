"""Reads of the people of the Judiciary: the parties of a case, and its judges.

A party knows whether its own file or the main file is reserved or of family violence, and deleted parties are read
too, marked: their names may still stand in a summary.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.judiciary.cells import as_stored, full_name, said, stripped, text
from subgraphs.judiciary.records import Key
from subgraphs.judiciary.tables import files, judges, parties

DOCUMENT_TYPES = {"1": "DNI", "4": "CE", "6": "RUC"}
_FLAGS = ("L_RESERVA", "L_VIOLFAM")


@dataclass(frozen=True, slots=True)
class PartyRecord:
    """`born_text` is YYYYMMDD as it stands; `case_reserved` and `family_violence` are its file's or the main file's."""

    key: Key
    line: int
    role: str
    document_type: str | None
    document: str | None
    name: str
    born_text: str
    victim: bool
    reserved: bool
    case_reserved: bool
    family_violence: bool
    active: bool


@dataclass(frozen=True, slots=True)
class JudgeRecord:
    code: str
    name: str
    condition: str
    active: bool


async def parties_of(connection: AsyncConnection, unique: Sequence[int]) -> dict[int, list[PartyRecord]]:
    """Everyone in these cases' main files and *cuadernos*, in the order in which they were entered."""
    own, main, cells = files.alias("own"), files.alias("main"), parties.c
    query = (
        select(parties, *(file.c[flag].label(f"{file.name}_{flag}") for file in (own, main) for flag in _FLAGS))
        .outerjoin(own, and_(own.c.N_UNICO == cells.N_UNICO, own.c.N_INCIDENTE == cells.N_INCIDENTE))
        .outerjoin(main, and_(main.c.N_UNICO == cells.N_UNICO, main.c.N_INCIDENTE == 0))
        .where(cells.N_UNICO.in_(unique))
        .order_by(cells.N_UNICO, cells.N_INCIDENTE, cells.N_PARTE)
    )
    found: defaultdict[int, list[PartyRecord]] = defaultdict(list)
    for row in await connection.execute(query):
        found[row.N_UNICO].append(_party(row))
    return dict(found)


async def judges_by_code(connection: AsyncConnection, codes: Sequence[str]) -> dict[str, JudgeRecord]:
    """The judges of these codes, those who left too."""
    rows = await connection.execute(select(judges).where(judges.c.C_JUEZ.in_(as_stored(codes, 10))))
    return {record.code: record for record in map(_judge, rows)}


def _party(row: Row[Any]) -> PartyRecord:
    return PartyRecord(
        key=(row.N_UNICO, row.N_INCIDENTE),
        line=row.N_PARTE,
        role=row.C_TIPO_PARTE,
        document_type=DOCUMENT_TYPES.get(row.C_TIPO_DOC),
        document=stripped(row.X_NRO_DOC),
        name=text(row.X_RAZON_SOC) or full_name(row.X_APE_PAT, row.X_APE_MAT, row.X_NOMBRES) or "",
        born_text=row.F_NACIM,
        victim=said(row.L_VICTIMA),
        reserved=said(row.L_RESERVA),
        case_reserved=said(row.own_L_RESERVA) or said(row.main_L_RESERVA),
        family_violence=said(row.own_L_VIOLFAM) or said(row.main_L_VIOLFAM),
        active=row.L_ACTIVO == "S",
    )


def _judge(row: Row[Any]) -> JudgeRecord:
    return JudgeRecord(
        code=row.C_JUEZ.strip(),
        name=full_name(row.X_APE_PAT, row.X_APE_MAT, row.X_NOMBRES) or "",
        condition=row.C_CONDICION,
        active=row.L_ACTIVO == "S",
    )
