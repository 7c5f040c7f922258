"""Stories as the prosecutors' rows: one number column, dates as dd/mm/yyyy text, flags '0' and '1'."""

from subgraphs.prosecution import tables
from subgraphs.sample import catalogues
from subgraphs.sample.calendar import iso, slashed, year_of
from subgraphs.sample.database import Row, SampleDatabase
from subgraphs.sample.digests import document_digest
from subgraphs.sample.offices import Institutions
from subgraphs.sample.story import Party, ProsecutionFile

_ROLE_CODES = {judiciary: code for code, _, judiciary in catalogues.PROSECUTION_ROLES}
_AGE_OF_MAJORITY = 18


def write_catalogues(database: SampleDatabase, institutions: Institutions) -> None:
    database.add_all(tables.offices, ((o.code, o.name, o.district, o.kind) for o in institutions.offices.values()))
    database.add_all(tables.stages, catalogues.STAGES)
    database.add_all(tables.offences, catalogues.OFFENCES)
    database.add_all(tables.disposition_kinds, catalogues.DISPOSITION_KINDS)
    database.add_all(tables.roles, ((code, name) for code, name, _ in catalogues.PROSECUTION_ROLES))
    office_of = {code: office.code for office in institutions.offices.values() for code in office.prosecutors}
    for code, person, institution, _ in institutions.magistrates:
        if institution == "MP":
            names = (person.father_name, person.mother_name, person.given_names)
            database.add(tables.prosecutors, (code, *names, office_of[code], "1"))


def write_file(database: SampleDatabase, file: ProsecutionFile) -> None:
    database.add(tables.files, _file_row(file))
    for position, offence in enumerate(file.offences, start=1):
        database.add(tables.file_offences, (file.id, position, offence))
    for position, party in enumerate(file.parties, start=1):
        database.add(tables.parties, (file.id, position, *_party_cells(party, file.registered), "0"))
    for position, act in enumerate(file.dispositions, start=1):
        cells: Row = (
            act.kind,
            slashed(act.day),
            file.prosecutor,
            act.summary,
            document_digest("MP", file.id, position),
        )
        database.add(tables.dispositions, (file.id, position, *cells, "0"))
    for position, secrecy in enumerate(file.secrecies, start=1):
        extension = (_flag(secrecy.extended_to is not None), slashed(secrecy.extended_to))
        cells = (secrecy.disposition, slashed(secrecy.start), slashed(secrecy.end), *extension)
        database.add(tables.secrecies, (file.id, position, *cells, "1"))
    for position, (day, opinion) in enumerate(file.opinions, start=1):
        digest = document_digest("MP-D", file.id, position)
        database.add(tables.opinions, (file.id, position, slashed(day), file.prosecutor, opinion, digest, "0"))
    for key, person in file.protected:
        database.add(tables.protected_identities, (file.id, key, person.document, person.full_name))


def _file_row(file: ProsecutionFile) -> Row:
    dates = (slashed(file.complaint), slashed(file.formalised), slashed(file.accused), slashed(file.shelved))
    return (
        file.id, file.number, file.office, file.prosecutor, file.kind, file.stage, *dates, file.summary,
        file.cites_case, _flag(file.reserved), _flag(file.violence), f"{iso(file.registered)} 10:15:00", "0",
    )  # fmt: skip


def _party_cells(party: Party, registered: int) -> Row:
    role = _ROLE_CODES[party.role]
    if party.key is not None:
        return (role, "", None, None, None, None, "", "0", "0", party.key)
    person = party.person
    minor = person.born is not None and year_of(registered) - year_of(person.born) < _AGE_OF_MAJORITY
    return (
        role, person.document_type, person.document or None, person.father_name, person.mother_name,
        person.company or person.given_names, slashed(person.born), _flag(party.victim), _flag(minor), None,
    )  # fmt: skip


def _flag(value: bool) -> str:
    return "1" if value else "0"
