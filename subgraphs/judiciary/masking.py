"""What a case shows to whom: the Judiciary masks its own data, whatever the gateway says.

A case's existence is not secret here: a reserved case shows its number, court, state, dates and subject to whoever
has its number, but no person and no free text, and it is in no list; by whom it is about the judge in charge alone
finds it. A *cuaderno* is reserved if its main file is. Victims of family violence have a pseudonym and no document
(Ley 30364), minors are initials with no document for every reader (Ley 27115, Children's Code), and both are struck
from free text. Documents, and the prosecutors' file that a clerk noted, are for those who work on cases; mailboxes
are for judges. What can be a key of `Person` is decided here alone.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from subgraphs.common.documents import DocumentNumber, canonical_document
from subgraphs.common.privacy import ADULT_AT, WITHHELD, initials, pseudonym, without_name
from subgraphs.judiciary.cells import compact, day
from subgraphs.judiciary.part_records import ActRecord, HearingRecord, NoticeRecord
from subgraphs.judiciary.people_records import PartyRecord
from subgraphs.judiciary.records import CaseRecord

_SEES_RESERVED = frozenset(("judge",))
_WORKS_ON_CASES = frozenset(("judge", "prosecutor", "court_adviser"))
_MINOR_ROLE = "MEN"


@dataclass(frozen=True, slots=True)
class Sight:
    """What one identity may see at the Judiciary: reserved cases and people; documents and what clerks cited."""

    reserved: bool
    documents: bool


@dataclass(frozen=True, slots=True)
class SeenCase:
    """A case as one reader may have it, without its free text, which is asked for by itself."""

    record: CaseRecord
    tells_file: bool
    tells_proceeding: bool


@dataclass(frozen=True, slots=True)
class SeenParty:
    """A party as one reader may have it; `identified` says that its document may be a person's key."""

    line: int
    role: str
    name: str
    document_type: str | None
    document: DocumentNumber | None
    victim: bool
    minor: bool
    reserved: bool
    identified: bool


def sight_of(roles: Collection[str]) -> Sight:
    return Sight(reserved=not _SEES_RESERVED.isdisjoint(roles), documents=not _WORKS_ON_CASES.isdisjoint(roles))


def mask_case(case: CaseRecord, sight: Sight) -> SeenCase:
    tells_file, tells_proceeding = sight.documents, sight.documents or not case.reserved
    masked = replace(
        case,
        summary=None,
        file_as_written=case.file_as_written if tells_file else None,
        proceeding_as_written=case.proceeding_as_written if tells_proceeding else None,
    )
    return SeenCase(masked, tells_file, tells_proceeding)


def is_listed(case: CaseRecord, sight: Sight) -> bool:
    """Whether the case may be in a list; one that may not is still found by its number."""
    return sight.reserved or not case.reserved


def mask_party(party: PartyRecord, sight: Sight, today: date) -> SeenParty:
    minor, hidden = _minor(party, today), _hidden(party, sight)
    name = party.name
    if hidden:
        name = pseudonym(f"PJ {party.key[0]}", party.name)
    elif minor:
        name = initials(party.name)
    told = sight.documents and not (hidden or minor)
    document = canonical_document(party.document_type, party.document) if told else None
    return SeenParty(
        line=party.line,
        role=party.role,
        name=name,
        document_type=party.document_type if told else None,
        document=None if document is None else DocumentNumber(document),
        victim=party.victim,
        minor=minor,
        reserved=party.reserved,
        identified=document is not None and not _protected(party),
    )


def mask_text(
    text: str | None, case: CaseRecord, people: Iterable[PartyRecord], sight: Sight, today: date
) -> str | None:
    """A summary, without the names of whoever is masked in any file of the case."""
    if text is None or (case.reserved and not sight.reserved):
        return text and WITHHELD
    for party in people:
        if _minor(party, today) or _hidden(party, sight):
            text = without_name(text, party.name)
    return text


def mask_act(act: ActRecord, case: CaseRecord, people: Iterable[PartyRecord], sight: Sight, today: date) -> ActRecord:
    return replace(act, summary=mask_text(act.summary, case, people, sight, today))


def mask_hearing(hearing: HearingRecord, case: CaseRecord, sight: Sight) -> HearingRecord:
    """Where a victim is to be found on a given day is not for everybody."""
    hidden = (case.reserved or case.family_violence) and not sight.reserved
    return replace(hearing, room=hearing.room and WITHHELD) if hidden else hearing


def mask_notice(notice: NoticeRecord, sight: Sight) -> NoticeRecord:
    return notice if sight.reserved else replace(notice, casilla=None, party=None)


def minors_born_after(today: date) -> str:
    """The day, YYYYMMDD, since which whoever was born is a minor."""
    return f"{today.year - ADULT_AT}{compact(today)[4:]}"


def _minor(party: PartyRecord, today: date) -> bool:
    """Dates are compared as they stand, so that lists can do the same and a broken one still shields a child."""
    return party.born_text > minors_born_after(today) or (party.role == _MINOR_ROLE and day(party.born_text) is None)


def _protected(party: PartyRecord) -> bool:
    return party.reserved or party.case_reserved or (party.family_violence and party.victim)


def _hidden(party: PartyRecord, sight: Sight) -> bool:
    return _protected(party) and not sight.reserved
