"""Who may act in cases besides those in charge, as each institution keeps it: a key, a kind and a person's code."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncConnection


async def accredited(
    connection: AsyncConnection, query: Select[Any], kinds: Mapping[str, str]
) -> dict[int, list[tuple[str, str]]]:
    """By key, (claim, code) of each. `query` gives (key, kind, code) rows; `kinds`: by the institution's code of a
    kind, the claim that names such a person."""
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for key, kind, code in await connection.execute(query):
        if kind in kinds:
            found[key].append((kinds[kind], code.strip()))
    return dict(found)
