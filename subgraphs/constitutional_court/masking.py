"""What a proceeding shows to whom: the Court masks its own data, whatever the gateway says.

The Court's rulings are public (Ley 27806, Ley 31307), so a ruling, its chamber and its votes are for all. Reserved
proceedings give no person and no free text, minors are initials with no document (Ley 27115, Children's
Code), and documents are for those who work on the case.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from hashlib import blake2b

from subgraphs.constitutional_court.records import ProceedingRecord

_SEES_RESERVED = frozenset(("court_adviser", "judge"))
_SEES_DOCUMENTS = frozenset(("court_adviser", "judge", "prosecutor"))
_ADULT_AT = 18
WITHHELD = "[RESERVADO]"


@dataclass(frozen=True, slots=True)
class Sight:
    """What one identity may see at the Court."""

    reserved: bool
    documents: bool


def sight_of(roles: Collection[str]) -> Sight:
    return Sight(reserved=not _SEES_RESERVED.isdisjoint(roles), documents=not _SEES_DOCUMENTS.isdisjoint(roles))


def mask(record: ProceedingRecord, sight: Sight, today: date) -> ProceedingRecord:
    """The record as this reader may have it. Minors are masked for every reader."""
    masked = _mask_minor(record, today)
    if record.reserved and not sight.reserved:
        masked = _mask_reserved(masked)
    if not sight.documents:
        masked = replace(masked, plaintiff_document_type=None, plaintiff_document=None)
    return replace(masked, beneficiary_born=None)


def _mask_minor(record: ProceedingRecord, today: date) -> ProceedingRecord:
    born, name = record.beneficiary_born, record.beneficiary
    if name is None or born is None or _age(born, today) >= _ADULT_AT:
        return record
    return replace(
        record,
        beneficiary=initials(name),
        summary=_without(record.summary, name),
        separate_opinion=_without(record.separate_opinion, name),
    )


def _mask_reserved(record: ProceedingRecord) -> ProceedingRecord:
    return replace(
        record,
        plaintiff=record.plaintiff and pseudonym(record.number, record.plaintiff),
        plaintiff_document_type=None,
        plaintiff_document=None,
        beneficiary=record.beneficiary and pseudonym(record.number, record.beneficiary),
        respondent=record.respondent and WITHHELD,
        summary=record.summary and WITHHELD,
        separate_opinion=record.separate_opinion and WITHHELD,
    )


def initials(name: str) -> str:
    """`PEÑALUZ WAYRAPOMA, NICOLÁS` gives `N. P. W.`"""
    surnames, _, given = name.partition(",")
    return " ".join(f"{word[0]}." for word in f"{given} {surnames}".split())


def pseudonym(number: str, name: str) -> str:
    """Stable within its proceeding, meaningless outside it."""
    digest = blake2b(name.encode(), key=number.encode(), digest_size=3).hexdigest().upper()
    return f"PARTE RESERVADA {digest}"


def _without(text: str | None, name: str) -> str | None:
    if text is None:
        return None
    for part in (name, *name.replace(",", "").split()):
        if len(part) > 2:
            text = text.replace(part, "…")
    return text


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
