"""Who may act in the prosecutors' files beside the prosecutor in charge."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.prosecution.tables import accredited

KINDS = {"J": "magistrate", "F": "magistrate", "A": "lawyer", "T": "adviser"}
"""By the table's code, the claim that names such a person."""


async def accredited_of(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """By file, (claim, code) of each."""
    cells = accredited.c
    query = select(accredited).where(cells.idCaso.in_(ids), cells.flActivo == "1")
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for row in await connection.execute(query):
        if row.tiAcreditado in KINDS:
            found[row.idCaso].append((KINDS[row.tiAcreditado], row.coPersona.strip()))
    return dict(found)
