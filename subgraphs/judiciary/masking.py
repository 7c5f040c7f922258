"""What a case shows to whom: the Judiciary masks its own data, whatever the gateway says.

A case's existence is not secret here: a reserved case shows its number, court and state, but no person and no free
text (summaries of the case and of its *resoluciones*). Victims of family violence have a pseudonym and no document
(Ley 30364), minors are initials with no document for every reader (Ley 27115, Children's Code), and both are struck
from free text. Documents are for those who work on the case. What can be a key of `Person` is decided here alone.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from subgraphs.common.privacy import WITHHELD, initials, is_minor, pseudonym, without_name
from subgraphs.judiciary.records import ActRecord, CaseRecord, PartyRecord

_SEES_ALL = frozenset(("judge",))
_SEES_DOCUMENTS = frozenset(("judge", "prosecutor", "court_adviser"))
_MINOR_ROLE = "MEN"


@dataclass(frozen=True, slots=True)
class Sight:
    """What one identity may see at the Judiciary."""

    reserved: bool
    documents: bool


@dataclass(frozen=True, slots=True)
class SeenParty:
    """A party as one reader may have it; `identified` says that its document may be a person's key."""

    record: PartyRecord
    minor: bool
    identified: bool


def sight_of(roles: Collection[str]) -> Sight:
    return Sight(reserved=not _SEES_ALL.isdisjoint(roles), documents=not _SEES_DOCUMENTS.isdisjoint(roles))


def mask_party(case: CaseRecord, party: PartyRecord, sight: Sight, today: date) -> SeenParty:
    minor = _minor(party, today)
    masked = replace(party, born=None)
    if _hidden(case, party, sight):
        masked = replace(masked, name=pseudonym(case.number, party.name), document_type=None, document=None)
    elif minor:
        masked = replace(masked, name=initials(party.name), document_type=None, document=None)
    elif not sight.documents:
        masked = replace(masked, document_type=None, document=None)
    identified = masked.document is not None and masked.document_type is not None and not party.reserved
    return SeenParty(masked, minor, identified)


def mask_case(case: CaseRecord, people: Iterable[PartyRecord], sight: Sight, today: date) -> CaseRecord:
    return replace(case, summary=_free_text(case.summary, case, people, sight, today))


def mask_act(act: ActRecord, case: CaseRecord, people: Iterable[PartyRecord], sight: Sight, today: date) -> ActRecord:
    return replace(act, summary=_free_text(act.summary, case, people, sight, today))


def _free_text(
    text: str | None, case: CaseRecord, people: Iterable[PartyRecord], sight: Sight, today: date
) -> str | None:
    if text is None or (case.reserved and not sight.reserved):
        return text and WITHHELD
    for party in people:
        if _minor(party, today) or _hidden(case, party, sight):
            text = without_name(text, party.name)
    return text


def _minor(party: PartyRecord, today: date) -> bool:
    return is_minor(party.born, today) or (party.born is None and party.role == _MINOR_ROLE)


def _hidden(case: CaseRecord, party: PartyRecord, sight: Sight) -> bool:
    if sight.reserved:
        return False
    return case.reserved or party.reserved or (case.family_violence and party.victim)
