"""What was measured of a gateway, and the table of it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from load import Load

_TICKS = os.sysconf("SC_CLK_TCK")
_HEADINGS = ["mode", "gateway", "req/s", "CPU ms/req", "CPU", "other core", "fetches", "p50 ms", "p99 ms", "MiB"]


@dataclass(frozen=True, slots=True)
class Usage:
    """What a gateway has used so far, and the other core for the load and the subgraphs. Processor time in seconds,
    memory in MiB."""

    processor: float
    other_core: float
    memory: float
    fetches: int


@dataclass(frozen=True, slots=True)
class Measured:
    """One gateway in one mode."""

    gateway: str
    mode: str
    load: Load
    before: Usage
    after: Usage

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.load.latencies) / self.load.seconds

    @property
    def processor(self) -> float:
        """Milliseconds of processor time a request."""
        return (self.after.processor - self.before.processor) / len(self.load.latencies) * 1000

    @property
    def row(self) -> list[str]:
        """For the table, less the ratios."""
        other = (self.after.other_core - self.before.other_core) / self.load.seconds
        own = (self.after.processor - self.before.processor) / self.load.seconds
        fetches = (self.after.fetches - self.before.fetches) / len(self.load.latencies)
        figures = [f"{self.rate:.0f}", f"{self.processor:.2f}", f"{own:.0%}", f"{other:.0%}", f"{fetches:.1f}"]
        latencies = [f"{self.load.quantile(part):.0f}" for part in (0.5, 0.99)]
        return [self.mode, self.gateway, *figures, *latencies, f"{self.after.memory:.0f}"]


def least_disturbed(measured: Sequence[Measured]) -> list[Measured]:
    """Of each gateway in each mode, the round that needed the least processor time."""
    best: dict[tuple[str, str], Measured] = {}
    for one in measured:
        key = (one.mode, one.gateway)
        if key not in best or one.processor < best[key].processor:
            best[key] = one
    return list(best.values())


def table(measured: Sequence[Measured], anchor: str) -> str:
    """All that was measured, mode by mode, beside the gateway called `anchor` if it is there: how many times its
    requests a second, and how many times less processor time."""
    anchors = {one.mode: one for one in measured if one.gateway == anchor}
    rows = [[*_HEADINGS, f"req/s x {anchor}", f"CPU 1/{anchor}"] if anchors else _HEADINGS]
    for one in sorted(measured, key=lambda one: one.mode):
        beside = anchors.get(one.mode)
        ratios = [one.rate / beside.rate, beside.processor / one.processor] if beside else []
        rows.append([*one.row, *(f"{ratio:.2f}" for ratio in ratios)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def processor(pid: int) -> float:
    """Seconds of processor time of a process and its children, in user and system mode."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return (int(after_name[11]) + int(after_name[12])) / _TICKS + sum(processor(int(child)) for child in children)


def memory(pid: int) -> float:
    """Resident, MiB."""
    return int(Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1].split()[0]) / 1024
