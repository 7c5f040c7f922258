"""A record as the ledger takes it, whatever its kind."""

from __future__ import annotations

from dataclasses import dataclass

MAX_RECORD = 64 * 1024
"""Bytes."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """`record`: canonical JSON. `mentions`: what it is found by, as (kind, value); they are an index, and no part of
    what is proved."""

    record: bytes
    mentions: tuple[tuple[str, str], ...] = ()
