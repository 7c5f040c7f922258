"""Registers out of agreements that stand in a test, signed as their parties would."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from gateway.access.agreements.document import Agreement, Grant, digest_of
from gateway.access.agreements.parties import Institution
from gateway.access.agreements.register import Register, Signed

DAY = date(2026, 6, 15)
PARTIES = {
    "PJ": Institution("Poder Judicial", ("unused",), ("judiciary",)),
    "MP": Institution("Ministerio Público", ("unused",), ("prosecution",)),
    "TC": Institution("Tribunal Constitucional", ("unused",), ("constitutional_court",)),
    "CGR": Institution("Contraloría", ("unused",)),
}


def agreement(number: str = "A-1", **changes: Any) -> Agreement:
    """An agreement by which PJ's judges read Case and ProsecutionFile of MP, but for the changes."""
    given: dict[str, Any] = {
        "version": 1,
        "title": "Convenio ficticio",
        "consumer": "PJ",
        "provider": "MP",
        "signed_on": date(2026, 1, 1),
        "in_force_from": date(2026, 2, 1),
        "in_force_until": date(2026, 12, 31),
        "legal_basis": ("Ley ficticia",),
        "purposes": ("case_review",),
        "grants": (Grant(clause="1", roles=("judge",), fields=("Case.*", "ProsecutionFile.*")),),
    }
    return Agreement(number=number, **(given | changes))


def register(*agreements: Agreement, parties: Mapping[str, Institution] = PARTIES) -> Register:
    """What would have been read from a folder with these."""
    return Register(tuple(Signed(one, digest_of(repr(one).encode())) for one in agreements), parties)
