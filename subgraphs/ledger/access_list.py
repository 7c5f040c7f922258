"""The list of accesses: its filters, and the page that they give."""

from datetime import date

import strawberry
from graphql import GraphQLError

from subgraphs.common.agreements.gate import whole_list
from subgraphs.common.case_number import CaseNumber
from subgraphs.common.connections import Connection, Edge
from subgraphs.common.pages import cursor, number, page_info, page_size, position
from subgraphs.ledger.records import EXAMINED, Mention, Wanted
from subgraphs.ledger.types import AccessOutcome, AccessRecord, Info

DESCRIPTION = (
    "Registro de accesos, los más antiguos primero. Una página puede traer menos asientos que 'first', o ninguno, y "
    f"haber más: siga mientras 'hasNextPage' sea verdadero. El total se cuenta hasta {EXAMINED}."
)
_LIST = "access"


@strawberry.input(description="Filtros del registro de accesos; se aplican todos a la vez.")
class AccessFilter:
    institution: str | None = strawberry.field(default=None, description="Entidad a la que pertenece el usuario.")
    subject: str | None = strawberry.field(default=None, description="Usuario; requiere 'institution'.")
    purpose: str | None = strawberry.field(default=None, description="Motivo de la consulta.")
    agreement: str | None = strawberry.field(default=None, description="Número del convenio.")
    outcome: AccessOutcome | None = strawberry.field(default=None, description="Resultado de la consulta.")
    case: CaseNumber | None = strawberry.field(default=None, description="Número de expediente judicial consultado.")
    request: str | None = strawberry.field(default=None, description="Identificador de la solicitud.")
    exceptional: bool | None = strawberry.field(default=None, description="Solo accesos excepcionales, o ninguno.")
    first_day: date | None = strawberry.field(name="from", default=None, description="Desde este día, hora de Lima.")
    last_day: date | None = strawberry.field(name="to", default=None, description="Hasta este día, hora de Lima.")


async def list_accesses(info: Info, asked: AccessFilter, first: int, after: str | None) -> Connection[AccessRecord]:
    """Raises `GraphQLError` BAD_PAGE_SIZE, BAD_CURSOR, BAD_FILTER, LIST_NOT_GRANTED."""
    whole_list("AccessRecord")
    reader, wanted, size = info.context.reader, _wanted(asked), page_size(first)
    found = await reader.page(wanted, size, None if after is None else number(position(_LIST, after, 1)[0]))
    edges = [Edge(node=AccessRecord.of(entry), cursor=cursor(_LIST, entry.position)) for entry in found.entries]
    place = page_info([edge.cursor for edge in edges], more=found.more, after=after)
    if found.last is not None:
        place.end_cursor = cursor(_LIST, found.last)  # a page may be empty, and go on
    return Connection(total=lambda: reader.count(wanted), edges=edges, page_info=place)


def _wanted(asked: AccessFilter) -> Wanted:
    if asked.subject is not None and asked.institution is None:
        raise GraphQLError(
            "'subject' names someone of an institution: give 'institution' too.", extensions={"code": "BAD_FILTER"}
        )
    subject = None if asked.subject is None else f"{asked.institution}/{asked.subject}"
    named = {
        "institution": asked.institution if subject is None else None,
        "subject": subject,
        "purpose": asked.purpose,
        "agreement": asked.agreement,
        "outcome": None if asked.outcome is None else str(asked.outcome.value),
        "Case": asked.case,
        "request": asked.request,
        "exceptional": "true" if asked.exceptional else None,
    }
    without: tuple[Mention, ...] = (("exceptional", "true"),) if asked.exceptional is False else ()
    given = tuple((kind, value) for kind, value in named.items() if value is not None)
    return Wanted(given, without, asked.first_day, asked.last_day)
