"""Lists of the Judiciary's main files, newest first, each read by an index of the old system.

The page's keys are chosen first and the rest of the case is joined to them alone. A count stops at `COUNTED_TO`, since
the old system would have to walk every row that it counts. What the reader may not see is left out of both, and a
person is found only in cases that show the reader that person's document.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.common.documents import DocumentNumber, document_spellings, document_type
from subgraphs.judiciary.cells import as_stored, compact
from subgraphs.judiciary.people_records import DOCUMENT_TYPES
from subgraphs.judiciary.records import CaseRecord, asked_for, case_record, cases, numbered
from subgraphs.judiciary.tables import UNKNOWN_DATE, districts, files, parties

COUNTED_TO = 100_000
_FIRST_KNOWN_DATE = str(int(UNKNOWN_DATE) + 1)
_DOCUMENT_CODES = {name: code for code, name in DOCUMENT_TYPES.items()}

# A position in a list, newest first: the text of the filing's date, and the system's own number.
Position = tuple[str, int]


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """What a list is asked for. `court`: district, organ, specialty and number; any of them may be left open."""

    numbers: tuple[str, ...] | None = None
    document: DocumentNumber | None = None
    court: tuple[str | None, str | None, str | None, str | None] = (None, None, None, None)
    state: str | None = None
    filed_from: date | None = None
    filed_to: date | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """How far a list reaches: reserved cases too or not, no child born after that day (YYYYMMDD), and reserved people
    in the cases alone that the judge of these codes is in charge of."""

    reserved: bool
    minors_born_after: str
    in_charge: frozenset[str] = frozenset()


async def page(
    connection: AsyncConnection, wanted: CaseQuery, scope: Scope, first: int, after: Position | None
) -> list[CaseRecord]:
    """At most one more than `first`, which tells the caller that there are others."""
    filed, unique = files.c.F_INGRESO, files.c.N_UNICO
    newest_first = filed.desc(), unique.desc()
    wanted, in_order = _district_in_order(wanted)
    keys = _chosen(select(unique), wanted, scope).where(*in_order)
    if after is not None:
        last_filed, last = after
        # The first condition alone can be read off an index.
        keys = keys.where(filed <= last_filed, or_(filed < last_filed, unique < last))
    chosen = keys.order_by(*newest_first).limit(first + 1).cte("chosen")
    query = cases().join(chosen, unique == chosen.c.N_UNICO).where(files.c.N_INCIDENTE == 0)
    return [case_record(row) for row in await connection.execute(query.order_by(*newest_first))]


async def count(connection: AsyncConnection, wanted: CaseQuery, scope: Scope) -> int:
    """How many there are, up to `COUNTED_TO`."""
    counted = _chosen(select(literal(1).label("one")), wanted, scope).limit(COUNTED_TO).subquery()
    return int((await connection.execute(select(func.count()).select_from(counted))).scalar_one())


def _chosen(query: Select[Any], wanted: CaseQuery, scope: Scope) -> Select[Any]:
    query, cells = query.select_from(files), files.c
    if wanted.numbers is not None:
        query = query.join(*numbered(wanted.numbers))
    if wanted.document is not None:
        people = _people(wanted.document, scope)
        query = query.join(people, people.c.N_UNICO == cells.N_UNICO)
    return query.where(cells.N_INCIDENTE == 0, cells.L_ACTIVO == "S", *_conditions(wanted, scope))


def _conditions(wanted: CaseQuery, scope: Scope) -> list[ColumnElement[bool]]:
    cells, filed = files.c, files.c.F_INGRESO
    equal = (cells.EXP_DIST, cells.EXP_ORG, cells.EXP_ESP, cells.EXP_JUZ, cells.C_ESTADO)
    asked = zip(equal, (*wanted.court, wanted.state), strict=True)
    conditions: list[ColumnElement[bool]] = [cell == value for cell, value in asked if value is not None]
    if wanted.filed_from is not None:
        conditions.append(filed >= compact(wanted.filed_from))
    if wanted.filed_to is not None:
        conditions.append(filed.between(_FIRST_KNOWN_DATE, compact(wanted.filed_to)))
    if not scope.reserved:
        conditions.append(cells.L_RESERVA == "N")
    return conditions


def _district_in_order(wanted: CaseQuery) -> tuple[CaseQuery, list[ColumnElement[bool]]]:
    """A page of a district alone, asked for so that cases are met in the order of their filing until it is full.

    By the courts' index all of the district's would be read and sorted. An unknown district is not sought at all.
    """
    district, *rest = wanted.court
    open_court = replace(wanted, court=(None, None, None, None))
    others = replace(open_court, filed_from=None, filed_to=None)
    if district is None or any(rest) or others != CaseQuery():
        return wanted, []
    code, filed_in = districts.c.C_DISTRITO, files.c.EXP_DIST.concat("")
    return open_court, [filed_in == district, select(code).where(code == district).exists()]


def _people(document: DocumentNumber, scope: Scope) -> CTE:
    """The cases in which someone has this document and is shown to the reader, in any of their files."""
    own, main, cells = files.alias("own"), files.alias("main"), parties.c
    code, born = _DOCUMENT_CODES[document_type(document)], cells.F_NACIM
    stored = [(code, spelling) for spelling in as_stored(document_spellings(document), 15)]
    conditions: Sequence[ColumnElement[bool]] = [
        cells.L_ACTIVO == "S",
        own.c.L_ACTIVO == "S",
        born <= scope.minors_born_after,
        cells.C_TIPO_PARTE != "MEN",
    ]
    shown = and_(
        cells.L_RESERVA == "N",
        own.c.L_RESERVA == "N",
        main.c.L_RESERVA == "N",
        or_(cells.L_VICTIMA == "N", and_(own.c.L_VIOLFAM == "N", main.c.L_VIOLFAM == "N")),
    )
    if scope.reserved and scope.in_charge:
        shown = or_(shown, main.c.C_JUEZ.in_(as_stored(sorted(scope.in_charge), 10)))
    return (
        select(cells.N_UNICO)
        .join(*asked_for(parties, ("C_TIPO_DOC", "X_NRO_DOC"), stored))
        .join(own, and_(own.c.N_UNICO == cells.N_UNICO, own.c.N_INCIDENTE == cells.N_INCIDENTE))
        .join(main, and_(main.c.N_UNICO == cells.N_UNICO, main.c.N_INCIDENTE == 0))
        .where(*conditions, shown)
        .distinct()
        .cte("people")
    )
