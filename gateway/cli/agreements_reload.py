"""The agreements' folder is looked at again and again, and what it holds is enforced from the next request on.

A load is recorded in the ledger before it counts. A folder that cannot be taken as a whole is told once, and what was
enforced before is enforced on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from gateway.access.agreements.register import Register, RegisterError, read_register
from gateway.access.agreements.soundness import unsound
from gateway.cli.reload import say
from gateway.cli.settled import Settled
from gateway.ledger.errors import LedgerError
from gateway.transport.current import Current
from gateway.transport.recording import Recording

Look = Register | str
"""What the folder holds: agreements, or why it holds none."""


@dataclass(frozen=True, slots=True)
class AgreementsReload:
    """`interval`: seconds between looks."""

    folder: Path
    interval: float
    recording: Recording
    say: Callable[[str], None] = say

    async def follow(self, current: Current) -> None:
        """Looks at the folder until it is cancelled."""
        settled: Settled[str] = Settled(_digest(current.access.register or Register()))
        while True:
            await asyncio.sleep(self.interval)
            found = await asyncio.to_thread(self._read)
            if settled.look(_digest(found)):
                await self._take(current, found, settled)

    def _read(self) -> Look:
        try:
            return read_register(self.folder)
        except RegisterError as error:
            return str(error)

    async def _take(self, current: Current, found: Look, settled: Settled[str]) -> None:
        if isinstance(found, str):
            self.say(f"agreements not reloaded, those before stay in force:\n{found}")
            return
        if problems := unsound(found, current.served.engine.supergraph):
            self.say("\n".join(("agreements not reloaded, those before stay in force:", *problems)))
            return
        try:
            await self.recording.loaded(found)
        except LedgerError as error:
            settled.handled = ""  # tried again at the next look
            self.say(f"agreements not reloaded, since that cannot be recorded: {error}")
            return
        current.access = replace(current.access, register=found)
        self.say(f"{self.folder} has changed: {len(found.agreements)} agreements, {found.digest}.")


def _digest(found: Look) -> str:
    return found if isinstance(found, str) else found.digest
