"""Who works on the Court's proceedings, or came with them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.common.accredited import accredited
from subgraphs.constitutional_court.tables import assigned

_KINDS = {"A": "adviser", "J": "magistrate", "F": "magistrate"}
_CELLS = assigned.c


async def assigned_to(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    query = select(_CELLS.id_expediente, _CELLS.tipo, _CELLS.codigo).where(
        _CELLS.id_expediente.in_(ids), _CELLS.eliminado == 0
    )
    return await accredited(connection, query, _KINDS)
