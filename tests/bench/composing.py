"""What composing costs: `python tests/bench/composing.py`, by hand, beside the field's own composer where that is
installed (`npm ci --prefix tests/conformance`).

Two wide federations (`wide_supergraph.py`). Each composer runs once for each, in a process of its own: its processor
and wall time and the most memory that it held are those of the whole process, Python's or Node's start included.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from wide_supergraph import Shape, wide_subgraphs

from gateway.federation.composition.compose import compose
from gateway.federation.composition.errors import CompositionError
from gateway.federation.composition.progress import Progress
from gateway.federation.composition.subgraph import Source

SHAPES = {"10 subgraphs of 20 types": Shape(10, 40), "100 subgraphs of 50 types": Shape(100, 530)}
PATIENCE = 300
"""Seconds that a composer may take."""
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one process: seconds of processor and by the clock, MiB; `answer` is what it wrote."""

    processor: float
    wall: float
    memory: float
    answer: str


def main() -> None:
    for title, shape in SHAPES.items():
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "subgraphs.json"
            file.write_text(json.dumps([{"name": name, "sdl": sdl} for name, sdl in wide_subgraphs(shape).items()]))
            _compare(title, file)


def _compare(title: str, file: Path) -> None:
    print(f"{title}, {file.stat().st_size // 1024} KiB")
    ours = _run([sys.executable, __file__, str(file)])
    _tell("Quipu", ours)
    print(ours.answer)
    if shutil.which("node") is None or not (HERE.parent / "conformance" / "node_modules").exists():
        return
    for extent, name in (("merge", "the field's, without the proof"), ("whole", "the field's")):
        theirs = _run(["node", "--max-old-space-size=8192", str(HERE / "composing.mjs"), str(file), extent])
        _tell(f"{name} ({theirs.answer or f'given up after {PATIENCE} s'})", theirs)
    print(f"Quipu takes {ours.processor / theirs.processor:.3f} of the field's processor time, ", end="")
    print(f"{ours.memory / theirs.memory:.2f} of its memory.\n")


def _tell(name: str, cost: Cost) -> None:
    print(f"{cost.processor:8.2f} s processor {cost.wall:8.2f} s wall {cost.memory:7.0f} MiB  {name}")


def _run(command: Sequence[str]) -> Cost:
    """What a command costs; its answer is empty where it is given up."""
    with tempfile.TemporaryFile("w+") as out:
        begun = time.perf_counter()
        process = os.posix_spawnp(
            command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1)]
        )
        ended, _, used = os.wait4(process, os.WNOHANG)
        while not ended:
            time.sleep(0.02)
            if time.perf_counter() - begun > PATIENCE:
                os.kill(process, signal.SIGKILL)
            ended, _, used = os.wait4(process, os.WNOHANG)
        wall = time.perf_counter() - begun
        out.seek(0)
        return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024, out.read().rstrip())


def _compose(file: Path) -> None:
    """Composes what a file has, and writes what each stage took."""
    begun: dict[str, tuple[float, float]] = {}
    took: dict[str, tuple[float, float]] = {}

    def on_progress(progress: Progress) -> None:
        now = (time.process_time(), time.perf_counter())
        start = begun.setdefault(progress.stage, now)
        took[progress.stage] = (now[0] - start[0], now[1] - start[1])

    sources = [Source(**each) for each in json.loads(file.read_text())]
    try:
        compose(sources, on_progress)
    except CompositionError as error:
        print(f"refused: {error.issues[0].code}")
    for stage, (processor, wall) in took.items():
        print(f"{processor:8.2f} s processor {wall:8.2f} s wall              {stage}")


if __name__ == "__main__":
    _compose(Path(sys.argv[1])) if sys.argv[1:] else main()
