"""What `append` promises."""

from __future__ import annotations

from pathlib import Path

from gateway.ledger.leaf import Leaf
from gateway.ledger.ledger import open_ledger
from gateway.ledger.settings import LedgerSettings


async def test_records_get_consecutive_positions(tmp_path: Path) -> None:
    settings = LedgerSettings(url=str(tmp_path / "ledger.db"), keys=tmp_path / "keys")
    async with open_ledger(settings) as ledger:
        first = await ledger.append([Leaf(b'{"a":1}', (("Case", "1"),)), Leaf(b'{"a":2}')])
        second = await ledger.append([Leaf(b'{"a":3}')])
    assert (first, second) == (range(2), range(2, 3))
    async with open_ledger(settings) as ledger:
        assert (ledger.head() or "").startswith("quipu/ledger\n3\n")
        assert await ledger.append([Leaf(b'{"a":4}')]) == range(3, 4)
