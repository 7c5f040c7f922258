"""What may go wrong in the ledger, each with a stable code.

`str(error)` is for operators: it names the place and the repair. Clients are told `CLIENT_MESSAGE` and the code alone.
"""

from __future__ import annotations

from typing import ClassVar

CLIENT_MESSAGE = "The access could not be recorded, so nothing is shown. Try again in a while."


class LedgerError(Exception):
    """The ledger does not do what was asked, so what depends on it must not happen."""

    code: ClassVar[str] = "LEDGER_ERROR"


class LedgerUnavailableError(LedgerError):
    """The records may not be durable: the queue is full, the store failed, or it was slower than the deadline. They may
    have been written all the same; nothing that depends on them may leave."""

    code = "LEDGER_UNAVAILABLE"


class LedgerBusyError(LedgerError):
    """Another process writes to this ledger's file."""

    code = "LEDGER_BUSY"


class LedgerRolledBackError(LedgerError):
    """The tree is shorter than, or does not contain, a head that was signed."""

    code = "LEDGER_ROLLED_BACK"


class LedgerDamagedError(LedgerError):
    """What is stored contradicts itself, or cannot be read as a ledger."""

    code = "LEDGER_DAMAGED"
