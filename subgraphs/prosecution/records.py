"""Reads of the prosecutors' web system: one statement a relation for any number of keys, values decoded and named.

A file's row comes with what `reserve` says of it, and rows that the reader may not know of do not come at all. The
table of the identities behind protected keys is named by no statement.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, Select, and_, func, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.common.case_number import case_spellings
from subgraphs.common.documents import DocumentNumber
from subgraphs.prosecution import reserve
from subgraphs.prosecution.numbers import number_spellings, office_spellings
from subgraphs.prosecution.reserve import DOWN, Sight
from subgraphs.prosecution.rows import (
    DispositionRecord,
    FileRecord,
    OffenceRecord,
    OpinionRecord,
    PartyRecord,
    ProsecutorRecord,
    disposition_record,
    file_record,
    offence_record,
    opinion_record,
    party_record,
    prosecutor_record,
)
from subgraphs.prosecution.tables import (
    disposition_kinds,
    dispositions,
    file_offences,
    files,
    offences,
    offices,
    opinions,
    parties,
    prosecutors,
)

MOST_PER_CASE = 50
_CELLS = files.c

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class FileFilter:
    """What a list is asked for. `unlinked`: cites no case, where one is due. `party_document`: a canonical number."""

    office: str | None = None
    prosecutor: str | None = None
    stage: str | None = None
    kind: str | None = None
    offence: str | None = None
    party_document: DocumentNumber | None = None
    filed_from: date | None = None
    filed_to: date | None = None
    unlinked: bool = False


# A position in a list, newest first: the text of the registration's time, and the row.
Position = tuple[str, int]


async def by_numbers(connection: AsyncConnection, keys: Sequence[str], sight: Sight) -> dict[str, list[FileRecord]]:
    """The files of these keys; more than one where a number stands twice in different spellings."""
    wanted = [spelling for key in keys for spelling in number_spellings(key)]
    found: defaultdict[str, list[FileRecord]] = defaultdict(list)
    for row in await connection.execute(_files(sight).where(_CELLS.nuCaso.in_(wanted)).order_by(_CELLS.idCaso)):
        record = file_record(row)
        found[record.number].append(record)
    return dict(found)


async def by_cases(connection: AsyncConnection, cases: Sequence[str], sight: Sight) -> dict[str, list[FileRecord]]:
    """The files that cite these canonical cases, the oldest first, at most fifty each."""
    cases_of: defaultdict[str, list[str]] = defaultdict(list)
    for case in cases:
        for spelling in case_spellings(case):
            cases_of[spelling].append(case)
    query = _files(sight).where(_CELLS.nuExpediente.in_([*cases_of]))
    found: defaultdict[str, list[FileRecord]] = defaultdict(list)
    for record in map(file_record, await connection.execute(query.order_by(_CELLS.fhRegistro, _CELLS.idCaso))):
        for case in cases_of[record.case_as_written or ""]:
            if len(found[case]) < MOST_PER_CASE:
                found[case].append(record)
    return dict(found)


async def page(
    connection: AsyncConnection, wanted: FileFilter, first: int, after: Position | None, sight: Sight
) -> list[FileRecord]:
    """The newest first; one more than asked for tells the caller that there are others."""
    query = _files(sight).where(*_conditions(wanted, sight))
    if after is not None:
        registered, row_id = after
        query = query.where(
            _CELLS.fhRegistro <= registered, or_(_CELLS.fhRegistro < registered, _CELLS.idCaso < row_id)
        )
    query = query.order_by(_CELLS.fhRegistro.desc(), _CELLS.idCaso.desc()).limit(first + 1)
    return [file_record(row) for row in await connection.execute(query)]


async def count(connection: AsyncConnection, wanted: FileFilter, sight: Sight) -> int:
    known = and_(_CELLS.flBorrado == DOWN, reserve.known_files(sight))
    query = select(func.count()).select_from(files).where(known, *_conditions(wanted, sight))
    return int((await connection.execute(query)).scalar_one())


async def parties_of(connection: AsyncConnection, ids: Sequence[int], sight: Sight) -> dict[int, list[PartyRecord]]:
    """Each file's parties in the order in which they were entered, the deleted ones too."""
    query = select(parties, reserve.minor(sight.today).label("es_menor")).order_by(parties.c.nuParte)
    return await _parts(connection, query, parties.c.idCaso, ids, party_record)


async def offences_of(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, list[OffenceRecord]]:
    """Each file's offences, in their order."""
    cells = file_offences.c
    query = select(file_offences, offences.c.noDelito, offences.c.nuArticulo).order_by(cells.nuOrden)
    query = query.outerjoin_from(file_offences, offences, offences.c.coDelito == cells.coDelito)
    return await _parts(connection, query, cells.idCaso, ids, offence_record)


async def dispositions_of(
    connection: AsyncConnection, ids: Sequence[int], sight: Sight
) -> dict[int, list[DispositionRecord]]:
    """Each file's dispositions that this reader may know of, in their order."""
    cells, kinds = dispositions.c, disposition_kinds
    query = select(dispositions, kinds.c.noTipo).outerjoin_from(
        dispositions, kinds, kinds.c.tiDisposicion == cells.tiDisposicion
    )
    query = query.where(cells.flBorrado == DOWN, reserve.known_acts(sight)).order_by(cells.nuDisposicion)
    return await _parts(connection, query, cells.idCaso, ids, disposition_record)


async def opinions_of(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, list[OpinionRecord]]:
    """Each file's *dictámenes*, in their order."""
    query = select(opinions).where(opinions.c.flBorrado == DOWN).order_by(opinions.c.nuDictamen)
    return await _parts(connection, query, opinions.c.idCaso, ids, opinion_record)


async def prosecutors_by_code(connection: AsyncConnection, codes: Sequence[str]) -> dict[str, ProsecutorRecord]:
    cells = prosecutors.c
    query = (
        select(prosecutors, offices.c.noFiscalia, offices.c.coDistrito, offices.c.tiFiscalia)
        .outerjoin_from(prosecutors, offices, offices.c.coFiscalia == cells.coFiscalia)
        .where(cells.coFiscal.in_(codes))
    )
    return {record.code: record for record in map(prosecutor_record, await connection.execute(query))}


def _files(sight: Sight) -> Select[Any]:
    return (
        select(
            files,
            offices.c.noFiscalia,
            offices.c.coDistrito,
            offices.c.tiFiscalia,
            reserve.existence_secret(sight.today).label("en_secreto"),
            reserve.under_investigation().label("en_investigacion"),
            reserve.victims_protected().label("protege_victimas"),
        )
        .outerjoin_from(files, offices, offices.c.coFiscalia == _CELLS.coFiscalia)
        .where(_CELLS.flBorrado == DOWN, reserve.known_files(sight))
    )


def _conditions(wanted: FileFilter, sight: Sight) -> list[ColumnElement[bool]]:
    equal = ((_CELLS.coFiscal, wanted.prosecutor), (_CELLS.coEtapa, wanted.stage), (_CELLS.tiCaso, wanted.kind))
    conditions: list[ColumnElement[bool]] = [column == value for column, value in equal if value is not None]
    if wanted.office is not None:
        conditions.append(_CELLS.coFiscalia.in_(office_spellings(wanted.office)))
    if wanted.filed_from is not None:
        conditions.append(_CELLS.fhRegistro >= wanted.filed_from.isoformat())
    if wanted.filed_to is not None:
        conditions.append(_CELLS.fhRegistro < f"{wanted.filed_to.isoformat()}U")  # after every hour of that day
    if wanted.offence is not None:
        conditions += _of_offence(wanted.offence, sight)
    if wanted.party_document is not None:
        conditions.append(reserve.found_by_document(wanted.party_document, sight))
    if wanted.unlinked:
        silent = or_(_CELLS.nuExpediente.is_(None), _CELLS.nuExpediente == "")
        conditions += [silent, not_(reserve.under_investigation())]
    return conditions


def _of_offence(code: str, sight: Sight) -> list[ColumnElement[bool]]:
    """Whoever is not told an investigation's offences does not find it by them either."""
    cells = file_offences.c
    charged = select(cells.idCaso).where(cells.idCaso == _CELLS.idCaso, cells.coDelito == code).correlate(files)
    return [charged.exists()] if sight.investigations else [charged.exists(), not_(reserve.under_investigation())]


async def _parts(
    connection: AsyncConnection,
    query: Select[Any],
    owner: ColumnElement[int],
    ids: Sequence[int],
    read: Callable[[Row[Any]], Part],
) -> dict[int, list[Part]]:
    found: defaultdict[int, list[Part]] = defaultdict(list)
    for row in await connection.execute(query.where(owner.in_(ids))):
        found[row.idCaso].append(read(row))
    return dict(found)
