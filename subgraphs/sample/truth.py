"""The sidecar `truth.json`: what every citation meant, beside what was typed, and where the faults are.

Whoever reads the databases never sees it; it is what precision and recall of the links are measured against.
It is written as the sample grows, a link a line, and read whole by the tests alone.
"""

import json
import os
from dataclasses import asdict
from pathlib import Path

from subgraphs.sample.numbers import RECOVERABLE
from subgraphs.sample.story import Fault, Link


class Truth:
    def __init__(self, path: Path, cases: int, seed: int) -> None:
        self._path = path
        self._temporary = path.with_name(f"{path.name}.part")
        self._out = self._temporary.open("w", encoding="utf-8")
        self._out.write(f'{{"seed": {seed}, "cases": {cases}, "links": [')
        self._first = True

    def link(self, link: Link) -> None:
        line = asdict(link) | {"recoverable": link.target is not None and link.damage in RECOVERABLE}
        self._out.write(("\n" if self._first else ",\n") + json.dumps(line, ensure_ascii=False))
        self._first = False

    def complete(self, faults: list[Fault]) -> None:
        rows = ",\n".join(json.dumps(asdict(fault), ensure_ascii=False) for fault in faults)
        self._out.write(f'\n], "faults": [\n{rows}\n]}}\n')
        self._out.close()

    def publish(self) -> None:
        os.replace(self._temporary, self._path)

    def abandon(self) -> None:
        self._out.close()
        self._temporary.unlink(missing_ok=True)
