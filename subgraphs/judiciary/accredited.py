"""Who may act in the Judiciary's cases beside the judge in charge: prosecutors, court officers, lawyers, advisers."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.common.accredited import accredited
from subgraphs.judiciary.tables import accredited as table

_KINDS = {"FIS": "magistrate", "ESP": "officer", "ABO": "lawyer", "ASE": "adviser"}
_CELLS = table.c


async def accredited_of(connection: AsyncConnection, unique: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    query = select(_CELLS.N_UNICO, _CELLS.C_TIPO, _CELLS.C_PERSONA).where(
        _CELLS.N_UNICO.in_(unique), _CELLS.L_ACTIVO == "S"
    )
    return await accredited(connection, query, _KINDS)
