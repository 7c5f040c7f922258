"""The Court's federation schema: one door by number, one list with filters, and the entities it shares."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import strawberry
from graphql import GraphQLError
from sqlalchemy.ext.asyncio import AsyncEngine
from strawberry.schema.config import StrawberryConfig

from subgraphs.common.agreements.gate import current_rights, exists, whole_list
from subgraphs.common.case_number import CASE_NUMBER_SCALAR, CaseNumber
from subgraphs.common.connections import Connection, page
from subgraphs.common.federation import SubgraphSchema
from subgraphs.common.identity import Caller
from subgraphs.common.lima import lima_today
from subgraphs.common.pages import PAGE_SIZE, After, First, cursor, number, page_size, position
from subgraphs.common.searches import search_by_person
from subgraphs.constitutional_court.reader import CourtReader
from subgraphs.constitutional_court.records import Position, ProceedingFilter, ProceedingRecord
from subgraphs.constitutional_court.types import (
    Case,
    ConstitutionalProceeding,
    Info,
    ProceedingStatus,
    ProceedingType,
    find_proceeding,
)

_LIST = "proceeding"


@strawberry.input(description="Filtros de la lista de expedientes del Tribunal Constitucional.")
class ConstitutionalProceedingFilter:
    status: ProceedingStatus | None = strawberry.field(default=None, description="Estado.")
    type: ProceedingType | None = strawberry.field(default=None, description="Tipo de proceso.")
    filed_from: date | None = strawberry.field(default=None, description="Ingresados desde esta fecha.")
    filed_to: date | None = strawberry.field(default=None, description="Ingresados hasta esta fecha.")
    plaintiff_document: str | None = strawberry.field(default=None, description="Documento del demandante.")
    unlinked: bool = strawberry.field(
        default=False, description="Solo los que debían citar un expediente judicial y no citan ninguno."
    )


_Number = Annotated[strawberry.ID, strawberry.argument(description="Número de expediente del Tribunal Constitucional.")]
_Filter = Annotated[ConstitutionalProceedingFilter | None, strawberry.argument(description="Filtros de la lista.")]


@strawberry.type(description="Consultas.")
class Query:
    @strawberry.field(description="Expediente del Tribunal Constitucional por su número, en cualquier escritura usual.")
    async def constitutional_proceeding(self, info: Info, number: _Number) -> ConstitutionalProceeding | None:
        return await find_proceeding(info, number)

    @strawberry.field(description="Expedientes del Tribunal Constitucional, los más recientes primero.")
    async def constitutional_proceedings(
        self,
        info: Info,
        filter: _Filter = None,
        first: First = PAGE_SIZE,
        after: After = None,
    ) -> Connection[ConstitutionalProceeding] | None:
        whole_list("ConstitutionalProceeding")
        wanted = _wanted(filter or ConstitutionalProceedingFilter(), info)
        found = await info.context.reader.page(wanted, page_size(first), None if after is None else _position(after))
        return page(
            found,
            first,
            after,
            cursor_of=_cursor,
            node_of=lambda record: ConstitutionalProceeding(record=record),
            total=lambda: info.context.reader.count(wanted),
        )


def _wanted(asked: ConstitutionalProceedingFilter, info: Info) -> ProceedingFilter:
    """Whoever may not see documents may not search by them either: a count would tell."""
    if asked.plaintiff_document is not None and not info.context.reader.sight.documents:
        raise GraphQLError(
            "Your role may not search proceedings by document; leave 'plaintiffDocument' out.",
            extensions={"code": "FORBIDDEN"},
        )
    if asked.plaintiff_document is not None:
        search_by_person()
    return ProceedingFilter(
        state=None if asked.status is None else str(asked.status.value),
        type=None if asked.type is None else str(asked.type.value),
        filed_from=asked.filed_from,
        filed_to=asked.filed_to,
        plaintiff_document=asked.plaintiff_document,
        unlinked=asked.unlinked,
    )


def _cursor(record: ProceedingRecord) -> str:
    return cursor(_LIST, record.filed_text, record.row_id)


def _position(text: str) -> Position:
    filed, row_id = position(_LIST, text, 2)
    return filed, number(row_id)


schema = SubgraphSchema(
    query=Query,
    types=[Case],
    config=StrawberryConfig(scalar_map={CaseNumber: CASE_NUMBER_SCALAR}),
)


@dataclass(frozen=True, slots=True)
class CourtContext:
    reader: CourtReader


def context(engine: AsyncEngine, caller: Caller) -> CourtContext:
    """What the resolvers of one request read with: the Court's database in the sight of the one who asks."""
    today = lima_today()
    documents = not current_rights().mask_documents

    def known(record: ProceedingRecord) -> bool:
        return exists("ConstitutionalProceeding", ConstitutionalProceeding(record=record))

    return CourtContext(CourtReader(engine, caller.held_roles, today, known, documents, caller.claims))
