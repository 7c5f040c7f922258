"""Registers out of agreements that stand in a test, signed as their parties would."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from gateway.access.agreements.document import Agreement, Grant, digest_of, read_agreement
from gateway.access.agreements.parties import Institution
from gateway.access.agreements.register import Register, Signed
from gateway.access.agreements.signatures import signature, signature_file
from gateway.upstream.signing import kept_key

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


def rewrite(data: Path, number: str, old: str, new: str) -> None:
    """Changes one of the demo's agreements, and has it signed again by its parties."""
    file = data / "agreements" / f"{number}.toml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new, 1))
    for party in read_agreement(file.read_bytes()).parties:
        key = kept_key(data / "agreement-keys" / f"{party}.pem").private
        signature_file(file, party).write_text(signature(file.read_bytes(), key))
