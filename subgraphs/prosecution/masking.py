"""What a file shows to whom: the prosecutors mask their own data, whatever the gateway says.

The decisions, each with the law behind it; `reserve` makes those that are about rows, this module those about values:
- a file reserved whole (its flag, or a secrecy in force without a disposition's number) does not exist for anyone but
  the prosecutor in charge (CPP 324), whatever reason is stated: no row is read, so there is no difference from a number
  that was never given;
- a disposition under secrecy in force is not read for anyone but the prosecutor in charge (CPP 324). The row's dates
  are believed even beyond the forty days that the law allows: an overdue flag is a finding about quality, not a leave
  to publish. A gap in the numbers of the dispositions tells nothing, since deleted rows leave gaps too;
- a criminal file not yet before a judge is reserved to the parties (CPP 324): who does not work on cases has its
  number, stage, office, dates and the magistrates in charge, but no party, no offence and no free text. A file shelved
  or sent to the superior without having been formalised or accused stays so;
- a protected witness is a key and a role for every reader (CPP 247-252, CP 409-B): no name, no document, no person, no
  flag, and no search. The table of identities is named by no statement;
- victims of family violence and of offences against sexual freedom have a pseudonym and no document for all but
  prosecutors and judges (Ley 30364, Ley 27115);
- minors are initials, with no document and no birth date, for every reader (Children's Code, Ley 27115), also when they
  have come of age since: the flag is that of the day of the facts;
- documents are for those who work on cases. Nobody finds a file by a document that it would not show;
- free text is struck of every name that is hidden from the reader, deleted parties included, and also where one of the
  two was decoded twice (`PEÃ‘A`). For display such a name stays as it stands: to repair is not ours but the source's.
"""

from collections.abc import Iterable
from dataclasses import replace

from subgraphs.common.privacy import WITHHELD, initials, pseudonym, without_name
from subgraphs.prosecution.reserve import Sight
from subgraphs.prosecution.rows import FileRecord, PartyRecord


def tells_people(file: FileRecord, sight: Sight) -> bool:
    """Whether this reader is told the file's parties, offences and free text at all."""
    return sight.investigations or not file.investigation


def mask_party(file: FileRecord, party: PartyRecord, sight: Sight) -> PartyRecord:
    """The party as this reader may have it; a document that is left may be a person's key."""
    if party.protected_key is not None:
        return replace(party, name=None, document_type=None, document=None, victim=None, minor=None)
    shown = party if sight.documents and not _hidden(file, party, sight) else _without_document(party)
    if party.name is None:
        return shown
    if _hidden_victim(file, party, sight):
        return replace(shown, name=pseudonym(file.number, party.name))
    return replace(shown, name=initials(party.name)) if party.minor else shown


def mask_text(text: str | None, file: FileRecord, people: Iterable[PartyRecord], sight: Sight) -> str | None:
    if text is None or not tells_people(file, sight):
        return text and WITHHELD
    for party in people:
        if party.name is not None and _hidden(file, party, sight):
            for name in _decodings(party.name):
                text = without_name(text, name)
    return text


def _without_document(party: PartyRecord) -> PartyRecord:
    return replace(party, document_type=None, document=None)


def _hidden(file: FileRecord, party: PartyRecord, sight: Sight) -> bool:
    return party.protected_key is not None or bool(party.minor) or _hidden_victim(file, party, sight)


def _hidden_victim(file: FileRecord, party: PartyRecord, sight: Sight) -> bool:
    return bool(party.victim) and file.victims_protected and not sight.victims


def _decodings(name: str) -> set[str]:
    """The name, and as it reads with its words decoded once more or once less, where they can be read so."""
    words = name.split(" ")
    return {
        name,
        *(" ".join(_recoded(word, *codecs) for word in words) for codecs in (("utf-8", "cp1252"), ("cp1252", "utf-8"))),
    }


def _recoded(word: str, written: str, read: str) -> str:
    try:
        return word.encode(written).decode(read)
    except UnicodeError:  # the word was not decoded so
        return word
