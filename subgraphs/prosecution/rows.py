"""The prosecutors' rows as values: dates, flags and names decoded, numbers in their canonical form.

A record is what the institution knows, before anyone asks who may see it; `masking` answers that.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from subgraphs.common.documents import canonical_document
from subgraphs.prosecution.numbers import canonical_office, file_key
from subgraphs.prosecution.reserve import DOWN

_LIMA = "-05:00"


@dataclass(frozen=True, slots=True)
class OfficeRecord:
    code: str
    name: str | None
    district: str | None
    kind: str | None


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file, and what the law says of it: `secret` is its existence, `investigation` is CPP 324."""

    id: int
    number: str
    as_printed: str
    kind: str
    stage: str
    office: OfficeRecord
    prosecutor: str | None
    reported_on: date | None
    formalised_on: date | None
    accused_on: date | None
    shelved_on: date | None
    registered_text: str
    registered_at: datetime | None
    summary: str | None
    case_as_written: str | None
    secret: bool
    investigation: bool
    victims_protected: bool


@dataclass(frozen=True, slots=True)
class PartyRecord:
    """`document`: as a key, None if it cannot be one. `deleted` parties are not told, yet texts may name them."""

    line: int
    role: str
    document_type: str | None
    document: str | None
    name: str | None
    victim: bool | None
    minor: bool | None
    protected_key: str | None
    deleted: bool


@dataclass(frozen=True, slots=True)
class OffenceRecord:
    code: str
    name: str | None
    article: str | None


@dataclass(frozen=True, slots=True)
class DispositionRecord:
    line: int
    kind: str
    issued_on: date | None
    prosecutor: str | None
    summary: str | None
    digest: str


@dataclass(frozen=True, slots=True)
class OpinionRecord:
    line: int
    issued_on: date | None
    prosecutor: str | None
    opinion: str | None
    digest: str


@dataclass(frozen=True, slots=True)
class ProsecutorRecord:
    code: str
    name: str
    office: OfficeRecord
    active: bool


def file_record(row: Row[Any]) -> FileRecord:
    return FileRecord(
        id=row.idCaso,
        number=file_key(row.nuCaso),
        as_printed=row.nuCaso.strip(),
        kind=row.tiCaso,
        stage=row.coEtapa,
        office=_office(row),
        prosecutor=_text(row.coFiscal),
        reported_on=day(row.feDenuncia),
        formalised_on=day(row.feFormalizacion),
        accused_on=day(row.feAcusacion),
        shelved_on=day(row.feArchivo),
        registered_text=row.fhRegistro,
        registered_at=moment(row.fhRegistro),
        summary=_text(row.deSumilla),
        case_as_written=row.nuExpediente,
        secret=bool(row.en_secreto),
        investigation=bool(row.en_investigacion),
        victims_protected=bool(row.protege_victimas),
    )


def _office(row: Row[Any]) -> OfficeRecord:
    return OfficeRecord(canonical_office(row.coFiscalia), _text(row.noFiscalia), row.coDistrito, row.tiFiscalia)


def party_record(row: Row[Any]) -> PartyRecord:
    kind = _text(row.tiDocumento)
    return PartyRecord(
        line=row.nuParte,
        role=row.tiParte,
        document_type=kind,
        document=canonical_document(kind, row.nuDocumento),
        name=_name(row.apPaterno, row.apMaterno, row.noPersona),
        victim=row.flVictima != DOWN,
        minor=bool(row.es_menor),
        protected_key=_text(row.coClave),
        deleted=row.flBorrado != DOWN,
    )


def offence_record(row: Row[Any]) -> OffenceRecord:
    return OffenceRecord(row.coDelito.strip(), _text(row.noDelito), _text(row.nuArticulo))


def disposition_record(row: Row[Any]) -> DispositionRecord:
    return DispositionRecord(
        line=row.nuDisposicion,
        kind=_text(row.noTipo) or row.tiDisposicion,
        issued_on=day(row.feEmision),
        prosecutor=_text(row.coFiscal),
        summary=_text(row.deSumilla),
        digest=row.coHash,
    )


def opinion_record(row: Row[Any]) -> OpinionRecord:
    return OpinionRecord(row.nuDictamen, day(row.feEmision), _text(row.coFiscal), _text(row.deOpinion), row.coHash)


def prosecutor_record(row: Row[Any]) -> ProsecutorRecord:
    name = _name(row.apPaterno, row.apMaterno, row.noFiscal) or ""
    return ProsecutorRecord(row.coFiscal.strip(), name, _office(row), row.flActivo != DOWN)


def _text(value: str | None) -> str | None:
    return (value or "").strip() or None


def _name(father: str | None, mother: str | None, given: str | None) -> str | None:
    """`PEÑALUZ FICTICIO, MATEO ANDRÉS`; a company by its name alone."""
    surnames = " ".join(filter(None, (_text(father), _text(mother))))
    return ", ".join(filter(None, (surnames, _text(given)))) or None


def day(text: str) -> date | None:
    """`06/05/2024`; an empty or impossible one is no date."""
    try:
        return date.fromisoformat(f"{text[6:]}-{text[3:5]}-{text[:2]}") if text[2:6:3] == "//" else None
    except ValueError:
        return None


def moment(text: str) -> datetime | None:
    """`2024-05-06 10:15:00`, Lima time."""
    try:
        return datetime.fromisoformat(f"{text}{_LIMA}")
    except ValueError:
        return None
