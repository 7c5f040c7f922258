"""The ledger's federation schema: the records of accesses for who audits, and who looked at a case. It only reads."""

from dataclasses import dataclass
from typing import Annotated

import strawberry
from sqlalchemy.ext.asyncio import AsyncEngine
from strawberry.schema.config import StrawberryConfig

from subgraphs.common.case_number import CASE_NUMBER_SCALAR, CaseNumber
from subgraphs.common.connections import Connection
from subgraphs.common.federation import SubgraphSchema
from subgraphs.common.identity import Caller
from subgraphs.common.pages import PAGE_SIZE, After, First
from subgraphs.ledger.access_list import DESCRIPTION, AccessFilter, list_accesses
from subgraphs.ledger.reader import LedgerReader
from subgraphs.ledger.types import AccessRecord, Case, Info

_Position = Annotated[strawberry.ID, strawberry.argument(description="Posición del asiento en el registro, desde 0.")]
_Filter = Annotated[AccessFilter | None, strawberry.argument(description="Filtros de la lista.")]


@strawberry.type(description="Consultas.")
class Query:
    @strawberry.field(description=DESCRIPTION)
    async def access_records(
        self, info: Info, filter: _Filter = None, first: First = PAGE_SIZE, after: After = None
    ) -> Connection[AccessRecord] | None:
        return await list_accesses(info, filter or AccessFilter(), first, after)

    @strawberry.field(description="Asiento del registro de accesos por su posición.")
    async def access_record(self, info: Info, position: _Position) -> AccessRecord | None:
        return await AccessRecord.resolve_reference(info, position)


schema = SubgraphSchema(query=Query, types=[Case], config=StrawberryConfig(scalar_map={CaseNumber: CASE_NUMBER_SCALAR}))


@dataclass(frozen=True, slots=True)
class LedgerContext:
    reader: LedgerReader


def context(engine: AsyncEngine, _caller: Caller) -> LedgerContext:
    """What the resolvers of one request read with. What the caller may see is for the agreements to say."""
    return LedgerContext(LedgerReader(engine))
