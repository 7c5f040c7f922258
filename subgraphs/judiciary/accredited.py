"""Who may act in the Judiciary's cases beside the judge in charge: prosecutors, court officers, lawyers, advisers."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.judiciary.tables import accredited

KINDS = {"FIS": "magistrate", "ESP": "officer", "ABO": "lawyer", "ASE": "adviser"}
"""By the table's code, the claim that names such a person."""


async def accredited_of(connection: AsyncConnection, unique: Sequence[int]) -> dict[int, set[tuple[str, str]]]:
    """By case, (claim, code) of each."""
    cells = accredited.c
    query = select(accredited).where(cells.N_UNICO.in_(unique), cells.L_ACTIVO == "S")
    found: defaultdict[int, set[tuple[str, str]]] = defaultdict(set)
    for row in await connection.execute(query):
        if row.C_TIPO in KINDS:
            found[row.N_UNICO].add((KINDS[row.C_TIPO], row.C_PERSONA.strip()))
    return dict(found)
