"""Kills a gateway under load again and again, and looks after each kill for an answer without its record. By hand:

    PYTHONPATH=tests python tests/bench/kill_gateway.py --kills 1000 [--ledger postgresql://…] [--seed 6]

The tree is verified from its first record on after every fiftieth kill, and at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path

from kill_kit import storm

VERIFY_EVERY = 50


async def kill(kills: int, seed: int, ledger: str | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with storm(Path(folder), seed, ledger) as killed:
            for done in range(1, kills + 1):
                await killed.round()
                if done % VERIFY_EVERY == 0:
                    await killed.verify()
                    print(f"{done} kills, {killed.answers} answers, {killed.looked} records: sound", flush=True)
            await killed.end()
            print(f"{killed.kills} kills, {killed.answers} answers, {killed.looked} records: no answer is without one.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--ledger", help="A database of PostgreSQL in place of a file of SQLite; empty at first.")
    asked = parser.parse_args()
    asyncio.run(kill(asked.kills, asked.seed, asked.ledger))


if __name__ == "__main__":
    main()
