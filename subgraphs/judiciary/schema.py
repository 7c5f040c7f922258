"""The Judiciary's federation schema: the door by number, and the entities it shares."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import strawberry
from sqlalchemy.ext.asyncio import AsyncEngine
from strawberry.schema.config import StrawberryConfig

from subgraphs.common.case_number import CASE_NUMBER_SCALAR, CaseNumber
from subgraphs.common.federation import SubgraphSchema
from subgraphs.common.identity import Caller
from subgraphs.judiciary.links import ConstitutionalProceeding, ProsecutionFile
from subgraphs.judiciary.reader import JudiciaryReader
from subgraphs.judiciary.types import Case, Info


@strawberry.type
class Query:
    @strawberry.field(description="Expediente judicial por su número, en cualquier escritura usual.")
    async def case(self, info: Info, number: CaseNumber) -> Case | None:
        return await Case.resolve_reference(info, number)


schema = SubgraphSchema(
    query=Query,
    types=[ProsecutionFile, ConstitutionalProceeding],
    config=StrawberryConfig(scalar_map={CaseNumber: CASE_NUMBER_SCALAR}),
)


@dataclass(frozen=True, slots=True)
class JudiciaryContext:
    reader: JudiciaryReader


def context(engine: AsyncEngine, caller: Caller) -> JudiciaryContext:
    """What the resolvers of one request read with: the Judiciary's database in the sight of the one who asks."""
    today = datetime.now(timezone(timedelta(hours=-5))).date()
    return JudiciaryContext(JudiciaryReader(engine, caller.held_roles, today))
