"""What a proceeding shows to whom: the Court masks its own data, whatever the gateway says.

The Court's rulings are public (Ley 27806, Ley 31307), so a ruling, its chamber and its votes are for all. Reserved
proceedings give no person and no free text, minors are initials with no document (Ley 27115, Children's
Code), and documents are for those who work on the case.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from subgraphs.common.privacy import WITHHELD, initials, is_minor, pseudonym, without_name
from subgraphs.constitutional_court.records import ProceedingRecord

_SEES_RESERVED = frozenset(("court_adviser", "judge"))
_SEES_DOCUMENTS = frozenset(("court_adviser", "judge", "prosecutor"))


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
    name = record.beneficiary
    if name is None or not is_minor(record.beneficiary_born, today):
        return record
    return replace(
        record,
        beneficiary=initials(name),
        summary=without_name(record.summary, name),
        separate_opinion=without_name(record.separate_opinion, name),
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
