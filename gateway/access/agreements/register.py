"""The agreements that this gateway enforces, read from a folder as one unchangeable value.

The folder holds `parties.toml`, one `NUMBER.toml` an agreement, and the parties' signatures beside it. Either all of it
is good or none of it is taken: whoever edits a clause after signing, or forgets a signature, changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from functools import cached_property
from pathlib import Path

from gateway.access.agreements.document import Agreement, AgreementError, digest_of, read_agreement
from gateway.access.agreements.parties import PARTIES_FILE, Institution, Parties, provider_of, read_parties
from gateway.access.agreements.signatures import signature_file, signed_by
from gateway.access.files import read_bounded

LIMA = timezone(timedelta(hours=-5))
"""The days of agreements are Lima's, which has no summer time."""
MAX_BYTES = 1_000_000
"""Of one file."""


class RegisterError(Exception):
    """The folder cannot be taken. `problems`: each names its file and says what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Signed:
    """An agreement as its parties signed it. `digest`: SHA-256 of the file, in hex."""

    agreement: Agreement
    digest: str

    @property
    def cited(self) -> str:
        """How records cite it."""
        return f"{self.agreement.number}@{self.digest}"


@dataclass(frozen=True, eq=False)
class Register:
    """All agreements of a folder, by number."""

    agreements: tuple[Signed, ...] = ()
    parties: Parties = field(default_factory=dict)

    @cached_property
    def digest(self) -> str:
        """Names what the register says: equal digests, equal registers."""
        told = "\n".join([*(one.cited for one in self.agreements), *map(repr, sorted(self.parties.items()))])
        return hashlib.sha256(told.encode()).hexdigest()[:32]

    @cached_property
    def purposes(self) -> frozenset[str]:
        """The purposes that institutions have agreed on."""
        return frozenset(purpose for one in self.agreements for purpose in one.agreement.purposes)

    def provider_of(self, subgraph: str) -> str | None:
        """Whose subgraph it is; None for one of nobody's."""
        return provider_of(self.parties, subgraph)


def today() -> date:
    """The day in Lima."""
    return datetime.now(LIMA).date()


def read_register(folder: Path) -> Register:
    """The folder's agreements. Raises `RegisterError` with everything that is wrong."""
    try:
        parties = read_parties(read_bounded(folder / PARTIES_FILE, MAX_BYTES))
    except (OSError, AgreementError) as error:
        raise RegisterError([f"{folder / PARTIES_FILE}: {error}"]) from error
    problems: list[str] = []
    signed: dict[str, Signed] = {}
    for file in sorted(folder.glob("*.toml")):
        if file.name != PARTIES_FILE:
            problems += _take(file, parties, signed)
    if problems:
        raise RegisterError(problems)
    return Register(tuple(signed[number] for number in sorted(signed)), parties)


def _take(file: Path, parties: Parties, signed: dict[str, Signed]) -> Iterator[str]:
    """What is wrong with one file; it is taken if nothing is."""
    try:
        raw = read_bounded(file, MAX_BYTES)
        agreement = read_agreement(raw)
    except (OSError, AgreementError) as error:
        yield f"{file}: {error}."
        return
    problems = [*_misplaced(file, agreement, parties, signed), *_unsigned(file, raw, agreement, parties)]
    if not problems:
        signed[agreement.number] = Signed(agreement, digest_of(raw))
    yield from problems


def _misplaced(file: Path, agreement: Agreement, parties: Parties, signed: dict[str, Signed]) -> Iterator[str]:
    if agreement.number in signed:
        yield f"{file}: another file has the agreement {agreement.number} too; keep the one in force."
    provider = parties.get(agreement.provider)
    if provider is not None and not provider.subgraphs:
        yield f"{file}: {agreement.provider} provides nothing: {PARTIES_FILE} gives it no subgraph."


def _unsigned(file: Path, raw: bytes, agreement: Agreement, parties: Parties) -> Iterator[str]:
    for party in agreement.parties:
        place = signature_file(file, party)
        institution = parties.get(party)
        if institution is None:
            yield f"{file}: {party} is no party that {PARTIES_FILE} knows."
        elif not place.is_file():
            yield f"{file}: {party} has not signed it: {place.name} is missing."
        elif not _is_signed(raw, place, institution):
            yield f"{file}: {place.name} is no signature of this text by {party}. Sign the text as it is now."


def _is_signed(raw: bytes, place: Path, institution: Institution) -> bool:
    try:
        return signed_by(raw, place.read_text(encoding="ascii"), institution)
    except (OSError, UnicodeDecodeError):  # a signature that cannot be read is none
        return False
