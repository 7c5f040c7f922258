"""The Court's federation schema: one door by number, one list with filters, and the entities it shares."""

import base64
import binascii
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

import strawberry
from graphql import GraphQLError
from sqlalchemy.ext.asyncio import AsyncEngine
from strawberry.federation.schema_directives import Shareable
from strawberry.schema.config import StrawberryConfig

from subgraphs.common.federation import SubgraphSchema
from subgraphs.common.identity import Caller
from subgraphs.constitutional_court.numbers import canonical_case
from subgraphs.constitutional_court.reader import CourtReader
from subgraphs.constitutional_court.records import Position, ProceedingFilter
from subgraphs.constitutional_court.types import (
    Case,
    CaseNumber,
    ConstitutionalProceeding,
    Info,
    ProceedingStatus,
    ProceedingType,
    find_proceeding,
)

PAGE_SIZE, LARGEST_PAGE = 20, 100


@strawberry.type(description="Posición en una lista paginada.", directives=[Shareable()])
class PageInfo:
    has_next_page: bool = strawberry.field(description="Hay más elementos después de esta página.")
    has_previous_page: bool = strawberry.field(description="Hay elementos antes de esta página.")
    start_cursor: str | None = strawberry.field(description="Cursor del primer elemento.")
    end_cursor: str | None = strawberry.field(description="Cursor del último elemento.")


@strawberry.type(description="Un expediente en una lista paginada.")
class ConstitutionalProceedingEdge:
    node: ConstitutionalProceeding = strawberry.field(description="Expediente del Tribunal Constitucional.")
    cursor: str = strawberry.field(description="Cursor opaco.")


@strawberry.type(description="Lista paginada de expedientes del Tribunal Constitucional.")
class ConstitutionalProceedingConnection:
    wanted: strawberry.Private[ProceedingFilter]
    edges: list[ConstitutionalProceedingEdge] = strawberry.field(description="Elementos con su cursor.")
    page_info: PageInfo = strawberry.field(description="Posición de la página.")

    @strawberry.field(description="Expedientes de la página.")
    def nodes(self) -> list[ConstitutionalProceeding]:
        return [edge.node for edge in self.edges]

    @strawberry.field(description="Total de expedientes que usted puede ver con estos filtros.")
    async def total_count(self, info: Info) -> int:
        return await info.context.reader.count(self.wanted)


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


@strawberry.type
class Query:
    @strawberry.field(description="Expediente del Tribunal Constitucional por su número, en cualquier escritura usual.")
    async def constitutional_proceeding(self, info: Info, number: strawberry.ID) -> ConstitutionalProceeding | None:
        return await find_proceeding(info, number)

    @strawberry.field(description="Expedientes del Tribunal Constitucional, los más recientes primero.")
    async def constitutional_proceedings(
        self,
        info: Info,
        filter: ConstitutionalProceedingFilter | None = None,
        first: int = PAGE_SIZE,
        after: str | None = None,
    ) -> ConstitutionalProceedingConnection | None:
        wanted = _wanted(filter or ConstitutionalProceedingFilter(), info)
        if not 1 <= first <= LARGEST_PAGE:
            raise GraphQLError(f"'first' must be from 1 to {LARGEST_PAGE}.", extensions={"code": "BAD_PAGE_SIZE"})
        position = None if after is None else _position(after)
        found = await info.context.reader.page(wanted, first, position)
        edges = [
            ConstitutionalProceedingEdge(
                node=ConstitutionalProceeding(record=record), cursor=_cursor((record.filed_text, record.row_id))
            )
            for record in found[:first]
        ]
        page_info = PageInfo(
            has_next_page=len(found) > first,
            has_previous_page=after is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        )
        return ConstitutionalProceedingConnection(wanted=wanted, edges=edges, page_info=page_info)


def _wanted(asked: ConstitutionalProceedingFilter, info: Info) -> ProceedingFilter:
    """Whoever may not see documents may not search by them either: a count would tell."""
    if asked.plaintiff_document is not None and not info.context.reader.sight.documents:
        raise GraphQLError(
            "Your role may not search proceedings by document; leave 'plaintiffDocument' out.",
            extensions={"code": "FORBIDDEN"},
        )
    return ProceedingFilter(
        state=None if asked.status is None else str(asked.status.value),
        type=None if asked.type is None else str(asked.type.value),
        filed_from=asked.filed_from,
        filed_to=asked.filed_to,
        plaintiff_document=asked.plaintiff_document,
        unlinked=asked.unlinked,
    )


def _cursor(position: Position) -> str:
    filed, row_id = position
    return base64.urlsafe_b64encode(f"{filed}|{row_id}".encode()).decode()


def _position(cursor: str) -> Position:
    try:
        filed, _, row_id = base64.urlsafe_b64decode(cursor.encode()).decode().partition("|")
        return filed, int(row_id)
    except (binascii.Error, ValueError) as error:
        raise GraphQLError(
            "'after' is not a cursor of this list; use an 'endCursor' that it gave.", extensions={"code": "BAD_CURSOR"}
        ) from error


def _parse_case_number(value: object) -> CaseNumber:
    canonical = canonical_case(value) if isinstance(value, str) else None
    if canonical is None:
        raise GraphQLError("A case number reads 00123-2023-0-1801-JR-CI-01.", extensions={"code": "BAD_CASE_NUMBER"})
    return CaseNumber(canonical)


schema = SubgraphSchema(
    query=Query,
    types=[Case],
    config=StrawberryConfig(
        scalar_map={
            CaseNumber: strawberry.scalar(
                name="CaseNumber",
                description="Número de expediente judicial: NNNNN-AAAA-I-DDDD-OO-EE-JJ.",
                serialize=str,
                parse_value=_parse_case_number,
            )
        }
    ),
)


@dataclass(frozen=True, slots=True)
class CourtContext:
    reader: CourtReader


def context(engine: AsyncEngine, caller: Caller) -> CourtContext:
    """What the resolvers of one request read with: the Court's database in the sight of the one who asks."""
    today = datetime.now(timezone(timedelta(hours=-5))).date()
    return CourtContext(CourtReader(engine, caller.roles, today))
