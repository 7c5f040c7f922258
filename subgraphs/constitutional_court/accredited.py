"""Who works on the Court's proceedings, or came with them."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.constitutional_court.tables import assigned

KINDS = {"A": "adviser", "J": "magistrate", "F": "magistrate"}
"""By the table's code, the claim that names such a person."""


async def assigned_to(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, set[tuple[str, str]]]:
    """By proceeding, (claim, code) of each."""
    cells = assigned.c
    query = select(assigned).where(cells.id_expediente.in_(ids), cells.eliminado == 0)
    found: defaultdict[int, set[tuple[str, str]]] = defaultdict(set)
    for row in await connection.execute(query):
        if row.tipo in KINDS:
            found[row.id_expediente].add((KINDS[row.tipo], row.codigo.strip()))
    return dict(found)
