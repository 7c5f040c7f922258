"""Who may act in the prosecutors' files beside the prosecutor in charge."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.common.accredited import accredited
from subgraphs.prosecution.tables import accredited as table

_KINDS = {"J": "magistrate", "F": "magistrate", "A": "lawyer", "T": "adviser"}
_CELLS = table.c


async def accredited_of(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    query = select(_CELLS.idCaso, _CELLS.tiAcreditado, _CELLS.coPersona).where(
        _CELLS.idCaso.in_(ids), _CELLS.flActivo == "1"
    )
    return await accredited(connection, query, _KINDS)
