"""What replicas must agree on and may not lose quietly: what was used once already, and which tokens are revoked.

Unlike the store of what is only quicker to keep, a failure here is an error: who asks then refuses.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

MOST = 100_000
"""Marks in one process."""


class MarksUnavailableError(Exception):
    """Nothing can be marked, or read, at the moment; the message is for the log."""


class Marks(Protocol):
    """All calls raise `MarksUnavailableError`. Times are seconds of Unix time."""

    async def first(self, key: str, life: float) -> bool:
        """Whether nobody has used the key in the last `life` seconds; it is used from now on."""
        ...

    async def revoke(self, entry: str, until: float) -> None:
        """Keeps the entry on the list of what is revoked."""
        ...

    async def version(self) -> str:
        """Another after each revocation, and never one that was before."""
        ...

    async def revoked(self) -> dict[str, float]:
        """The list, with the time until which each entry is kept."""
        ...

    async def close(self) -> None: ...


@dataclass(eq=False)
class MemoryMarks:
    """Marks of one process alone, which end with it."""

    clock: Callable[[], float] = time.time
    _used: dict[str, float] = field(default_factory=dict)
    _revoked: dict[str, float] = field(default_factory=dict)
    _version: str = ""

    async def first(self, key: str, life: float) -> bool:
        """As the protocol has it. Raises `MarksUnavailableError` when too many are kept."""
        now = self.clock()
        if self._used.get(key, 0.0) > now:
            return False
        if len(self._used) >= MOST:
            self._used = {known: until for known, until in self._used.items() if until > now}
            if len(self._used) >= MOST:
                raise MarksUnavailableError(f"more than {MOST} marks")
        self._used[key] = now + life
        return True

    async def revoke(self, entry: str, until: float) -> None:
        self._revoked[entry] = until
        self._version = secrets.token_hex(8)

    async def version(self) -> str:
        return self._version

    async def revoked(self) -> dict[str, float]:
        now = self.clock()
        return {entry: until for entry, until in self._revoked.items() if until > now}

    async def close(self) -> None:
        self._used.clear()
