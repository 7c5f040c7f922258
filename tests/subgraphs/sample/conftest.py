"""One small sample for all the tests of this folder."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from subgraphs.sample.generate import generate

Rows = Callable[[str, str], list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    generate(folder, 4_000, seed=7)
    return folder


@pytest.fixture(scope="session")
def truth(sample: Path) -> dict[str, Any]:
    return json.loads((sample / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def rows(sample: Path) -> Iterator[Rows]:
    names = ("judiciary", "prosecution", "constitutional_court", "academy")
    connections = {name: sqlite3.connect(sample / f"{name}.db") for name in names}
    yield lambda database, query: connections[database].execute(query).fetchall()
    for connection in connections.values():
        connection.close()
