"""What was read is recorded before it leaves: the request waits until its record is durable, or leaves with an error.

A gateway without a ledger records nothing; it serves public data, or a federation that keeps no ledger.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata

from gateway.access.agreements.register import Register, today
from gateway.access.identity import Identity
from gateway.federation.answer import Answer
from gateway.federation.engine import Prepared
from gateway.ledger.errors import CLIENT_MESSAGE, LedgerError, LedgerUnavailableError
from gateway.ledger.ledger import Ledger, open_ledger
from gateway.ledger.record import AccessRecord, Outcome, agreements_leaves, start_leaf
from gateway.ledger.settings import LedgerSettings
from gateway.transport.requests import HttpError
from gateway.upstream.context import RequestContext

log = logging.getLogger(__name__)

_NOBODY = Identity("", "", (), None, None, None)


@dataclass(frozen=True, slots=True)
class Operation:
    """What was asked, as records name it: its text, and its name if it has one."""

    text: str
    name: str | None


@dataclass(eq=False)
class Recording:
    """The ledger of one gateway, open while it serves. `gateway` is the gateway's name in the records."""

    settings: LedgerSettings | None = None
    gateway: str = "gateway"
    ledger: Ledger | None = field(default=None, init=False)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """The ledger is open inside the block, if there is one. Raises `LedgerError` if it cannot be used."""
        if self.settings is None:
            yield
            return
        async with open_ledger(self.settings) as self.ledger:
            await self.ledger.append([start_leaf(datetime.now(UTC), self.gateway, metadata.version("quipu"))])
            try:
                yield
            finally:
                self.ledger = None

    async def loaded(self, register: Register) -> None:
        """Records that agreements were loaded. Raises `LedgerError`."""
        if self.settings is None:
            return
        listed = [
            (one.agreement.number, str(one.agreement.version), one.digest, one.agreement.state(today()))
            for one in register.agreements
        ]
        await self._open().append(agreements_leaves(datetime.now(UTC), self.gateway, register.digest, listed))

    async def answered(
        self,
        operation: Operation,
        prepared: Prepared,
        context: RequestContext,
        answer: Answer,
        sources: frozenset[tuple[str, str]],
    ) -> None:
        """Returns when the record of an answer is durable. Raises `HttpError` (LEDGER_…): then it must not leave."""
        if self.settings is not None and (prepared.plan.steps or prepared.plan.refused):
            await self._append(operation, prepared, context, _outcome(answer), sources, answer)

    async def ended(self, operation: Operation, prepared: Prepared, context: RequestContext, outcome: Outcome) -> None:
        """Records a run that gave no answer, if institutions were asked for it."""
        if self.settings is not None and context.sources:
            await self._append(operation, prepared, context, outcome, frozenset(context.sources), None)

    async def _append(
        self,
        operation: Operation,
        prepared: Prepared,
        context: RequestContext,
        outcome: Outcome,
        sources: frozenset[tuple[str, str]],
        answer: Answer | None,
    ) -> None:
        who, plan = context.identity or _NOBODY, prepared.plan
        record = AccessRecord(
            at=datetime.now(UTC),
            gateway=self.gateway,
            request=context.request_id,
            subject=who.subject or None,
            institution=who.institution or None,
            roles=who.roles,
            client=who.client,
            purpose=who.purpose,
            reference=who.purpose_reference,
            exceptional=who.exceptional_reason,
            outcome=outcome,
            digest=hashlib.sha256(operation.text.encode()).hexdigest(),
            operation=operation.name,
            entities=tuple((each.type, each.key) for each in answer.touched) if answer else (),
            given=plan.given,
            refused=plan.refused + (answer.withheld if answer else ()),
            agreements=plan.grounds,
            sources=tuple(sorted(sources)),
        )
        try:
            ledger = self._open()
            await ledger.append(record.leaves(ledger.names))
        except (LedgerError, OSError, ValueError) as error:
            log.error("request %s could not be recorded: %s", context.request_id, error)
            code = error.code if isinstance(error, LedgerError) else LedgerUnavailableError.code
            raise HttpError(503, code, CLIENT_MESSAGE, {"Retry-After": "5"}) from error

    def _open(self) -> Ledger:
        if self.ledger is None:
            raise LedgerUnavailableError("the ledger is not open.")
        return self.ledger


def _outcome(answer: Answer) -> Outcome:
    if not answer.errors:
        return "OK"
    if answer.encoded != b"null" and answer.touched:
        return "PARTIAL"
    refused = all("coordinate" in error.extensions for error in answer.errors)
    return "REFUSED" if refused else "PARTIAL" if answer.encoded != b"null" else "ERROR"
