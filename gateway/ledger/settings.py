"""What the ledger can be told."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class LedgerSettings:
    """`url`: a file for SQLite, for one gateway alone, or postgresql://… for many; without one there is no ledger.
    `keys`: the folder of signing keys, the key of people, and the last head seen, kept apart from the records and from
    their copies. `name`: of the log, in its origin `quipu/NAME`; a log that broke goes on under a new name only.
    `digested`: types whose keys are recorded as digests.

    `deadline`: seconds that a record may take to be durable, before what waits for it is refused. At most
    `queue_records` and `queue_bytes` wait, and one commit takes `batch_records` and `batch_bytes` of them. A head is
    signed every `sign_every` seconds, if records came.
    """

    url: str | None = field(default=None, repr=False)
    keys: Path | None = None
    name: str = "ledger"
    digested: tuple[str, ...] = ("Person", "ProsecutionFile")
    deadline: float = 5.0
    queue_records: int = 10_000
    queue_bytes: int = 64 * 1024 * 1024
    batch_records: int = 1_000
    batch_bytes: int = 8 * 1024 * 1024
    sign_every: float = 1.0

    @property
    def origin(self) -> str:
        """What the log is called in its heads."""
        return f"quipu/{self.name}"
