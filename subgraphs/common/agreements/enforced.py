"""The agreements that a running subgraph enforces: those of a folder, which is looked at again every few seconds.

A request is decided by one reading of the folder. A folder that cannot be taken is told in the log once, and what was
held before holds on.
"""

import asyncio
import logging
from pathlib import Path

from subgraphs.common.agreements.decision import Decision, Provider
from subgraphs.common.agreements.held import HeldAgreements, read_held
from subgraphs.common.agreements.text import AgreementError
from subgraphs.common.identity import Caller
from subgraphs.common.lima import lima_today

LOOK_SECONDS = 2.0
_log = logging.getLogger(__name__)


class Enforced:
    """Without a folder everyone has everything: for trying a subgraph. Raises `AgreementError` if the folder cannot be
    taken."""

    def __init__(self, subgraph: str, provider: Provider, folder: Path | None) -> None:
        self._subgraph, self._provider, self._folder = subgraph, provider, folder
        self._held = None if folder is None else self._read(folder)
        self._told = ""

    def decide(self, caller: Caller, document: str) -> Decision:
        """What holds for a request."""
        if self._held is None:
            return self._provider.give_all(document)
        return self._provider.decide(self._held, caller, lima_today(), document)

    async def follow(self) -> None:
        """Looks at the folder until it is cancelled."""
        while self._folder is not None:
            await asyncio.sleep(LOOK_SECONDS)
            await self._look(self._folder)

    async def _look(self, folder: Path) -> None:
        try:
            found, self._told = await asyncio.to_thread(self._read, folder), ""
        except AgreementError as error:
            if str(error) != self._told:
                self._told = str(error)
                _log.error("The agreements are not taken; those before hold on.\n%s", error)
            return
        if self._held is None or (found.provider, found.held) != (self._held.provider, self._held.held):
            self._held = found

    def _read(self, folder: Path) -> HeldAgreements:
        held = read_held(folder, self._subgraph)
        self._provider.check(held)
        return held
