"""What is kept from whom, as conditions that the prosecutors' database decides, once for lists, counts and keys alike.

A row that the reader may not know of is never read, so its number is answered by the same statements as one that does
not exist. What is secret is for the prosecutor in charge alone: neither the role nor a reason opens it. A flag that is
not plainly down is up, and a secrecy whose dates cannot be read holds while it is active.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, String, and_, false, func, not_, or_, select
from sqlalchemy.sql import FromClause

from subgraphs.common.documents import DocumentNumber, document_spellings, document_type
from subgraphs.common.privacy import ADULT_AT
from subgraphs.prosecution.tables import dispositions, file_offences, files, parties, secrecies

DOWN = "0"
MINOR_ROLE = "07"
_CRIMINAL = "P"
_AT_COURT = ("F", "I", "J")  # formalised, intermediate stage, trial
_CLOSED = ("A", "E")  # shelved or sent to the superior: at court or not, as the dates say
# Crimes against sexual freedom, procuring and indecency (CP 170-183): a code begins with its article.
_SEXUAL_FROM, _SEXUAL_BEFORE = "170", "184"
_DAY = r"^(0[1-9]|[12][0-9]|3[01])/(0[1-9]|1[0-2])/[12][0-9]{3}$"

_MAY_BE_IN_CHARGE = frozenset(("prosecutor",))
_SEES_VICTIMS = frozenset(("prosecutor", "judge"))
_WORKS_ON_CASES = frozenset(("prosecutor", "judge", "court_adviser"))

Claims = Collection[tuple[str, str]]
"""What is said of the reader beside roles, by name: `("magistrate", "M99356")`."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What one identity may see at the prosecutors' on that day. `secrets_of`: the codes of the prosecutor that they
    are, by which they know the secrets of the files in their charge."""

    today: date
    secrets_of: frozenset[str]
    investigations: bool
    victims: bool
    documents: bool


def sight_of(roles: Collection[str], today: date, claims: Claims = ()) -> Sight:
    works = not _WORKS_ON_CASES.isdisjoint(roles)
    return Sight(
        today=today,
        secrets_of=frozenset() if _MAY_BE_IN_CHARGE.isdisjoint(roles) else _codes(claims),
        investigations=works,
        victims=not _SEES_VICTIMS.isdisjoint(roles),
        documents=works,
    )


def known_files(sight: Sight) -> ColumnElement[bool]:
    """Of `files`: those whose existence this reader may know."""
    return or_(_in_charge(sight), not_(existence_secret(sight.today)))


def existence_secret(today: date) -> ColumnElement[bool]:
    """Of `files`: reserved whole, by their flag or by a secrecy of no single disposition in force on that day."""
    cells = secrecies.c
    whole = select(cells.idCaso).where(cells.idCaso == files.c.idCaso, cells.nuDisposicion.is_(None), _in_force(today))
    return or_(files.c.flReserva != DOWN, whole.correlate(files).exists())


def known_acts(sight: Sight) -> ColumnElement[bool]:
    """Of `dispositions`: those that are under no secrecy for this reader."""
    acts, cells = dispositions.c, secrecies.c
    same = and_(cells.idCaso == acts.idCaso, cells.nuDisposicion == acts.nuDisposicion)
    secret = select(cells.idCaso).where(same, _in_force(sight.today)).correlate(dispositions).exists()
    if not sight.secrets_of:
        return not_(secret)
    own = select(files.c.idCaso).where(files.c.idCaso == acts.idCaso, _in_charge(sight)).correlate(dispositions)
    return or_(own.exists(), not_(secret))


def under_investigation() -> ColumnElement[bool]:
    """Of `files`: criminal and not yet before a judge, as far as stage and dates tell."""
    cells = files.c
    closed_at_court = and_(cells.coEtapa.in_(_CLOSED), or_(_is_day(cells.feFormalizacion), _is_day(cells.feAcusacion)))
    return and_(cells.tiCaso == _CRIMINAL, not_(or_(cells.coEtapa.in_(_AT_COURT), closed_at_court)))


def victims_protected(of: FromClause = files) -> ColumnElement[bool]:
    """Of `files` or an alias: family violence, or an offence against sexual freedom."""
    cells = file_offences.c
    sexual = select(cells.idCaso).where(
        cells.idCaso == of.c.idCaso, cells.coDelito >= _SEXUAL_FROM, cells.coDelito < _SEXUAL_BEFORE
    )
    return or_(of.c.flViolencia != DOWN, sexual.correlate(of).exists())


def minor(today: date) -> ColumnElement[bool]:
    """Of `parties`: a child by the flag, by birth, or by the role where no birth is known."""
    cells = parties.c
    eighteen_ago = f"{today.year - ADULT_AT:04d}{today:%m%d}"
    born = _is_day(cells.feNacimiento)
    return or_(
        cells.flMenor != DOWN,
        and_(born, _sortable(cells.feNacimiento) > eighteen_ago),
        and_(not_(born), cells.tiParte == MINOR_ROLE),
    )


def found_by_document(document: DocumentNumber, sight: Sight) -> ColumnElement[bool]:
    """Of `files`: with a party of this document, however it is written, whom this reader is shown by it."""
    cells, held = parties.c, files.alias()
    query = (
        select(cells.idCaso)
        .join(held, held.c.idCaso == cells.idCaso)
        .where(
            cells.nuDocumento.in_(document_spellings(document)),
            cells.tiDocumento == document_type(document),
            cells.flBorrado == DOWN,
            cells.coClave.is_(None),
            not_(minor(sight.today)),
        )
    )
    if not sight.victims:
        query = query.where(not_(and_(cells.flVictima != DOWN, victims_protected(held))))
    return files.c.idCaso.in_(query)


def _codes(claims: Claims) -> frozenset[str]:
    return frozenset(code for name, code in claims if name == "magistrate" and code)


def _in_charge(sight: Sight) -> ColumnElement[bool]:
    """Of `files`: those of this reader's own."""
    return files.c.coFiscal.in_(sorted(sight.secrets_of)) if sight.secrets_of else false()


def _in_force(today: date) -> ColumnElement[bool]:
    cells = secrecies.c
    over = and_(_before(cells.feHasta, today), or_(cells.flProrroga == DOWN, _before(cells.feProrroga, today)))
    to_come = and_(_is_day(cells.feDesde), _sortable(cells.feDesde) > f"{today:%Y%m%d}")
    return and_(cells.flActivo != DOWN, not_(to_come), not_(over))


def _before(column: ColumnElement[str], today: date) -> ColumnElement[bool]:
    return and_(_is_day(column), _sortable(column) < f"{today:%Y%m%d}")


def _is_day(column: ColumnElement[str]) -> ColumnElement[bool]:
    return column.regexp_match(_DAY)


def _sortable(column: ColumnElement[str]) -> ColumnElement[str]:
    """`20240506` of `06/05/2024`."""
    year, month, day = (func.substr(column, start, size, type_=String) for start, size in ((7, 4), (4, 2), (1, 2)))
    return year.concat(month).concat(day)
