"""The Judiciary's federation schema: the door by number, the list with filters, and the entities it shares."""

from dataclasses import dataclass
from typing import Annotated

import strawberry
from sqlalchemy.ext.asyncio import AsyncEngine
from strawberry.schema.config import StrawberryConfig

from subgraphs.common.agreements.gate import current_rights, exists, whole_list
from subgraphs.common.case_number import CASE_NUMBER_SCALAR, CaseNumber
from subgraphs.common.connections import Connection
from subgraphs.common.documents import DOCUMENT_NUMBER_SCALAR, DocumentNumber
from subgraphs.common.federation import SubgraphSchema
from subgraphs.common.identity import Caller
from subgraphs.common.lima import lima_today
from subgraphs.common.pages import PAGE_SIZE, After, First
from subgraphs.judiciary.case import Case
from subgraphs.judiciary.case_list import DESCRIPTION, CaseFilter, list_cases
from subgraphs.judiciary.links import ConstitutionalProceeding, ProsecutionFile
from subgraphs.judiciary.masking import SeenCase
from subgraphs.judiciary.people import Magistrate, Person
from subgraphs.judiciary.reader import JudiciaryReader
from subgraphs.judiciary.requests import Info

_Number = Annotated[CaseNumber, strawberry.argument(description="Número de expediente, en cualquier escritura usual.")]
_Filter = Annotated[CaseFilter | None, strawberry.argument(description="Filtros de la lista.")]


@strawberry.type(description="Consultas.")
class Query:
    @strawberry.field(description="Expediente judicial por su número, también un cuaderno.")
    async def case(self, info: Info, number: _Number) -> Case | None:
        return await Case.resolve_reference(info, number)

    @strawberry.field(description=DESCRIPTION)
    async def cases(
        self, info: Info, filter: _Filter = None, first: First = PAGE_SIZE, after: After = None
    ) -> Connection[Case] | None:
        whole_list("Case")
        return await list_cases(info, filter or CaseFilter(), first, after)


schema = SubgraphSchema(
    query=Query,
    types=[ProsecutionFile, ConstitutionalProceeding, Magistrate, Person],
    config=StrawberryConfig(
        scalar_map={CaseNumber: CASE_NUMBER_SCALAR, DocumentNumber: DOCUMENT_NUMBER_SCALAR},
    ),
)


@dataclass(frozen=True, slots=True)
class JudiciaryContext:
    reader: JudiciaryReader


def context(engine: AsyncEngine, caller: Caller) -> JudiciaryContext:
    """What the resolvers of one request read with: the Judiciary's database in the sight of the one who asks."""
    today = lima_today()
    documents = not current_rights().mask_documents

    def known(seen: SeenCase) -> bool:
        return exists("Case", Case(seen=seen))

    return JudiciaryContext(JudiciaryReader(engine, caller.held_roles, today, known, documents, caller.claims))
