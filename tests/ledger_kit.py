"""Ledgers to test with: in SQLite, and in a PostgreSQL server that is real."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from postgres_kit import PostgresServer

from gateway.ledger.canonical import encode
from gateway.ledger.leaf import Leaf
from gateway.ledger.settings import LedgerSettings

VECTORS: Any = json.loads((Path(__file__).parent / "fixtures/ledger/vectors.json").read_text(encoding="utf-8"))
_databases = itertools.count()


def sqlite_ledger(folder: Path, **changes: Any) -> LedgerSettings:
    """A ledger in that folder. It signs when it opens and closes, and every hundredth of a second."""
    settings = LedgerSettings(url=str(folder / "ledger.db"), keys=folder / "keys", sign_every=0.01)
    return replace(settings, **changes)


async def postgres_ledger(server: PostgresServer, folder: Path, **changes: Any) -> LedgerSettings:
    """A ledger in a database of its own."""
    name = f"ledger_{next(_databases)}"
    await server.run("postgres", f"CREATE DATABASE {name}")
    return sqlite_ledger(folder, url=server.text(name), **changes)


def leaf(number: int, padding: int = 0) -> Leaf:
    """A record that is not like any other."""
    return Leaf(encode({"n": number, "pad": "x" * padding}), (("n", str(number)),))


def leaves(numbers: Iterable[int]) -> list[Leaf]:
    return [leaf(number) for number in numbers]


async def until(holds: Callable[[], bool]) -> None:
    """Returns once it holds."""
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110 - what changes is the code under test, which has no event
            await asyncio.sleep(0.01)
