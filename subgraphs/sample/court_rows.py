"""Stories as the Constitutional Court's wide rows: ISO with the Lima offset, Latin-1 bytes, numbers as printed."""

from subgraphs.constitutional_court import tables
from subgraphs.sample import catalogues
from subgraphs.sample.calendar import iso, iso_lima
from subgraphs.sample.database import SampleDatabase
from subgraphs.sample.digests import document_digest
from subgraphs.sample.people import Person
from subgraphs.sample.story import Proceeding


def write_catalogues(database: SampleDatabase) -> None:
    database.add_all(tables.reporting_judges, ((code, text(name)) for code, name in catalogues.REPORTING_JUDGES))
    database.add_all(tables.rulings, ((code, text(name)) for code, name in catalogues.RULINGS))


def write_proceeding(database: SampleDatabase, story: Proceeding) -> None:
    plaintiff = story.plaintiff or Person("", "")
    beneficiary = story.beneficiary or Person("", "")
    in_favour, against = story.votes or (None, None)
    row = (
        story.id, story.number, story.type, iso_lima(story.filed, "09:20"), story.state, story.chamber,
        story.reporting_judge, story.hearing and iso_lima(story.hearing, "10:00"), story.ruling, story.ruling_number,
        story.ruled and iso_lima(story.ruled, "00:00"), in_favour, against, text(story.separate_opinion),
        text(story.district), story.cites_case, text(story.subject), text(story.summary),
        text(plaintiff.full_name) if story.plaintiff else None, plaintiff.document_type or None,
        plaintiff.document or None, text(story.respondent),
        text(beneficiary.full_name) if story.beneficiary else None,
        None if beneficiary.born is None else iso(beneficiary.born), story.complaint_number,
        "S" if story.reserved else "N", document_digest("TC", story.id) if story.ruled else None, 0,
    )  # fmt: skip
    database.add(tables.proceedings, row)


def text(value: str | None) -> bytes | None:
    return None if value is None else value.encode(tables.TEXT_ENCODING, errors="replace")
