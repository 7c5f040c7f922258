"""The list of cases: its filters, and the page that they give."""

import re
from datetime import date

import strawberry
from graphql import GraphQLError

from subgraphs.common.case_number import CaseNumber
from subgraphs.common.connections import Connection, page
from subgraphs.common.documents import DocumentNumber
from subgraphs.common.pages import cursor, number, page_size, position
from subgraphs.common.searches import search_by_person
from subgraphs.judiciary.case import Case
from subgraphs.judiciary.codes import CaseStatus
from subgraphs.judiciary.list_records import COUNTED_TO, CaseQuery
from subgraphs.judiciary.masking import SeenCase
from subgraphs.judiciary.requests import Info

MOST_NUMBERS = 100
DESCRIPTION = (
    "Expedientes judiciales que usted puede ver, los más recientes primero, sin cuadernos ni expedientes con reserva; "
    f"el total se cuenta hasta {COUNTED_TO}."
)
_LIST = "case"
_COURT = re.compile(r"(\d{4})-([A-Z]{2})-([A-Z]{2})-(\d{2})", re.ASCII)


@strawberry.input(description="Filtros de la lista de expedientes judiciales; se aplican todos a la vez.")
class CaseFilter:
    numbers: list[CaseNumber] | None = strawberry.field(
        default=None, description=f"Números de expediente; como máximo {MOST_NUMBERS}."
    )
    party_document: DocumentNumber | None = strawberry.field(
        default=None, description="Documento de una parte; solo para quien puede ver documentos."
    )
    court: str | None = strawberry.field(default=None, description="Código del juzgado o sala, como 1801-JR-DC-04.")
    district: str | None = strawberry.field(default=None, description="Código del distrito judicial, como 1801.")
    specialty: str | None = strawberry.field(default=None, description="Código de la especialidad, como DC.")
    status: CaseStatus | None = strawberry.field(default=None, description="Estado.")
    filed_from: date | None = strawberry.field(default=None, description="Ingresados desde esta fecha.")
    filed_to: date | None = strawberry.field(default=None, description="Ingresados hasta esta fecha.")


async def list_cases(info: Info, asked: CaseFilter, first: int, after: str | None) -> Connection[Case]:
    """Raises `GraphQLError` BAD_PAGE_SIZE, BAD_CURSOR, BAD_FILTER, FORBIDDEN."""
    reader, size = info.context.reader, page_size(first)
    query = _query(asked, info)
    start = None if after is None else _position(after)
    found = [] if query is None else await reader.page(query, size, start)

    async def total() -> int:
        return 0 if query is None else await reader.count(query)

    return page(found, size, after, _cursor, lambda seen: Case(seen=seen), total)


def _query(asked: CaseFilter, info: Info) -> CaseQuery | None:
    """None if nothing can fit. Whoever may not see documents may not search by them either: a count would tell."""
    if asked.party_document is not None and not info.context.reader.sight.documents:
        raise GraphQLError(
            "Your role may not search cases by document; leave 'partyDocument' out.",
            extensions={"code": "FORBIDDEN"},
        )
    if asked.party_document is not None:
        search_by_person()
    if asked.numbers is not None and len(asked.numbers) > MOST_NUMBERS:
        raise _bad_filter(f"'numbers' takes at most {MOST_NUMBERS} case numbers.")
    court = _court(asked)
    if court is None or asked.numbers == []:
        return None
    return CaseQuery(
        numbers=None if asked.numbers is None else tuple(dict.fromkeys(asked.numbers)),
        document=asked.party_document,
        court=court,
        state=None if asked.status is None else str(asked.status.value),
        filed_from=asked.filed_from,
        filed_to=asked.filed_to,
    )


def _court(asked: CaseFilter) -> tuple[str | None, str | None, str | None, str | None] | None:
    """District, organ, specialty and number; None if the filters contradict one another."""
    if asked.court is None:
        return asked.district, None, asked.specialty, None
    match = _COURT.fullmatch(asked.court.strip().upper())
    if match is None:
        raise _bad_filter("'court' reads 1801-JR-DC-04: district, organ, specialty and number.")
    district, organ, specialty, court = match.groups()
    if asked.district not in (None, district) or asked.specialty not in (None, specialty):
        return None
    return district, organ, specialty, court


def _bad_filter(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": "BAD_FILTER"})


def _cursor(seen: SeenCase) -> str:
    return cursor(_LIST, seen.record.filed_text, seen.record.key[0])


def _position(text: str) -> tuple[str, int]:
    filed, unique = position(_LIST, text, 2)
    return filed, number(unique)
