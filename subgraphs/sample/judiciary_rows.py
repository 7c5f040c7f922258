"""Stories as the Judiciary's rows: split numbers, blanks on the right, compact dates, Windows-1252."""

from collections.abc import Iterator

from sqlalchemy import Table

from subgraphs.judiciary import tables
from subgraphs.sample import catalogues
from subgraphs.sample.calendar import compact, iso
from subgraphs.sample.database import Row, SampleDatabase
from subgraphs.sample.digests import document_digest
from subgraphs.sample.offices import Institutions
from subgraphs.sample.story import Cassation, CourtFile, Party

_DOCUMENT_CODES = {"DNI": "1", "CE": "4", "RUC": "6", "": "0"}


def write_catalogues(database: SampleDatabase, institutions: Institutions) -> None:
    database.add_all(tables.districts, ((code, text(name.ljust(30))) for code, name, _, _ in catalogues.DISTRICTS))
    database.add_all(tables.organs, ((code, text(name.ljust(40))) for code, name in catalogues.ORGANS))
    database.add_all(tables.specialties, ((code, text(name.ljust(40))) for code, name in catalogues.SPECIALTIES))
    database.add_all(tables.courts, ((*key, text(name)) for key, name in institutions.court_names.items()))
    database.add_all(tables.subjects, ((s.code, s.specialty, text(s.name.ljust(60))) for s in catalogues.SUBJECTS))
    database.add_all(
        tables.codes, ((name, code, text(meaning.ljust(40))) for name, code, meaning in catalogues.JUDICIARY_CODES)
    )
    for code, person, institution, _ in institutions.magistrates:
        if institution == "PJ":
            names = (text(person.father_name), text(person.mother_name), text(person.given_names))
            database.add(tables.judges, (judge_code(code), *names, "T", "S"))


def write_file(database: SampleDatabase, file: CourtFile) -> None:
    database.add(tables.files, _file_row(file))
    for table, row in _part_rows(file):
        database.add(table, row)


def write_cassation(database: SampleDatabase, cassation: Cassation) -> None:
    row = (
        f"{cassation.sequence:05d}", str(cassation.year), cassation.district.ljust(20), cassation.unique,
        text(cassation.chamber), compact(cassation.filed), compact(cassation.resolved), cassation.outcome, "S",
    )  # fmt: skip
    database.add(tables.cassations, row)


def write_relation(database: SampleDatabase, relation: tuple[int, int, str]) -> None:
    database.add(tables.relations, (*relation, "S"))


def text(value: str) -> bytes:
    return value.encode(tables.TEXT_ENCODING, errors="replace")


def judge_code(code: str | None) -> str | None:
    return None if code is None else code.ljust(10)


def _file_row(file: CourtFile) -> Row:
    number = file.number
    return (
        file.unique, number.incident, f"{number.sequence:05d}", str(number.year), f"{number.incident:03d}",
        number.district, number.organ, number.specialty, number.court, file.subject, text(file.summary),
        judge_code(file.judge), file.state, tables.UNKNOWN_DATE if file.filed is None else compact(file.filed),
        compact(file.closed), file.incident_kind, compact(file.due), file.cites_file, file.cites_proceeding,
        _flag(file.reserved), _flag(file.violence), _flag(not file.deleted),
    )  # fmt: skip


def _part_rows(file: CourtFile) -> Iterator[tuple[Table, Row]]:
    key = (file.unique, file.number.incident)
    for position, party in enumerate(file.parties, start=1):
        yield tables.parties, (*key, position, *_party_cells(party), "S")
    for position, act in enumerate(file.acts, start=1):
        digest = document_digest("PJ", *key, position)
        cells: Row = (act.kind, compact(act.day), judge_code(file.judge), text(act.summary), act.outcome, act.pages)
        yield tables.acts, (*key, position, *cells, digest, "S")
    for position, hearing in enumerate(file.hearings, start=1):
        cells = (hearing.kind, compact(hearing.day), hearing.clock, hearing.state, hearing.room)
        yield tables.hearings, (*key, position, *cells, "S")
    for position, notice in enumerate(file.notices, start=1):
        mailbox = f"{(file.unique * 7 + notice.party) % 90_000 + 10_000}".ljust(10)
        read = None if notice.read_day is None else f"{iso(notice.read_day)} 08:30:00"
        cells = (notice.act, notice.party, mailbox, f"{iso(notice.day)} {notice.clock}", read)
        yield tables.notices, (*key, position, *cells, "S")
    for position, appeal in enumerate(file.appeals, start=1):
        chamber = appeal.chamber or (None, None, None, None)
        cells = (appeal.kind, appeal.act, compact(appeal.day), *chamber, appeal.outcome, compact(appeal.resolved))
        yield tables.appeals, (*key, position, *cells, "S")


def _party_cells(party: Party) -> Row:
    person = party.person
    document = person.document.ljust(15) if person.document else None
    return (
        party.role, _DOCUMENT_CODES[person.document_type], document, text(person.father_name),
        text(person.mother_name), text(person.given_names), text(person.company) if person.company else None,
        compact(person.born), _flag(party.victim), _flag(party.reserved),
    )  # fmt: skip


def _flag(value: bool) -> str:
    return "S" if value else "N"
