"""What is wrong with a ledger: where, of what kind, and what to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

MAX_FINDINGS = 1_000


class Kind(StrEnum):
    """Of what was done to a ledger."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    REORDERED = "reordered"
    MALFORMED = "malformed"
    TREE = "tree"
    HEAD = "head"
    ROLLED_BACK = "rolled_back"
    FORKED = "forked"


@dataclass(frozen=True, slots=True)
class Finding:
    """`position`: of the record, or None where it is of no one record."""

    kind: Kind
    position: int | None
    message: str

    def __str__(self) -> str:
        where = "" if self.position is None else f"position {self.position}: "
        return f"{where}{self.kind}: {self.message}"


@dataclass(slots=True)
class Report:
    """What was verified. `start` and `stop`: the records that were looked at; `size`: of the last head that vouches for
    them, None without one. The ledger is sound if there is nothing in `findings`, of which the first thousand are kept;
    `more` counts the rest."""

    start: int = 0
    stop: int = 0
    size: int | None = None
    findings: list[Finding] = field(default_factory=list)
    more: int = 0

    @property
    def sound(self) -> bool:
        return not self.findings

    def add(self, kind: Kind, position: int | None, message: str) -> None:
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(Finding(kind, position, message))
        else:
            self.more += 1
