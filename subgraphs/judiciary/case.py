"""The case as the Judiciary shows it, and what hangs on it."""

from datetime import date
from typing import Annotated, Self

import strawberry

from subgraphs.common.case_number import CaseNumber, canonical_case
from subgraphs.common.connections import Connection, cut
from subgraphs.common.pages import PAGE_SIZE, After, First, Last
from subgraphs.judiciary.codes import ActKind, CaseStatus, IncidentKind, known
from subgraphs.judiciary.masking import SeenCase
from subgraphs.judiciary.parts import Act, Appeal, Cassation, CourtOffice, Hearing, Notice
from subgraphs.judiciary.people import Magistrate, Party, magistrate
from subgraphs.judiciary.records import MOST_INCIDENTS, MOST_RELATED
from subgraphs.judiciary.requests import HasReader, Info

_Case = Annotated["Case", strawberry.lazy("subgraphs.judiciary.case")]
_ActKind = Annotated[ActKind | None, strawberry.argument(description="Solo las resoluciones de esta clase.")]
_IncidentKind = Annotated[IncidentKind | None, strawberry.argument(description="Solo los cuadernos de esta clase.")]


@strawberry.federation.type(keys=["number"], description="Expediente judicial: cuaderno principal o incidental.")
class Case:
    seen: strawberry.Private[SeenCase]

    @strawberry.field(description="Número de expediente judicial.")
    def number(self) -> CaseNumber:
        return CaseNumber(self.seen.record.number)

    @strawberry.field(description="Estado del expediente.")
    def status(self) -> CaseStatus | None:
        return known(CaseStatus, self.seen.record.state)

    @strawberry.field(description="Materia.")
    def subject(self) -> str:
        return self.seen.record.subject

    @strawberry.field(description="Sumilla.")
    async def summary(self, info: Info) -> str | None:
        return await info.context.reader.summary(self.seen)

    @strawberry.field(description="Juzgado o sala que conoce el expediente.")
    def court(self) -> CourtOffice:
        return CourtOffice.of(self.seen.record.number.split("-", 3)[3], self.seen.record.court)

    @strawberry.field(description="Juez a cargo.")
    def judge(self) -> Magistrate | None:
        return magistrate(self.seen.record.judge_code)

    @strawberry.field(description="Fecha de ingreso.")
    def filed_on(self) -> date | None:
        return self.seen.record.filed_on

    @strawberry.field(description="Fecha de conclusión.")
    def closed_on(self) -> date | None:
        return self.seen.record.closed_on

    @strawberry.field(description="Fecha de vencimiento del cuaderno.")
    def due_on(self) -> date | None:
        return self.seen.record.due_on

    @strawberry.field(description="Clase de cuaderno; nula en el principal.")
    def kind(self) -> IncidentKind | None:
        return known(IncidentKind, self.seen.record.incident_kind)

    @strawberry.field(description="Con reserva: el expediente, o el principal del que este cuaderno depende.")
    def reserved(self) -> bool:
        return self.seen.record.reserved

    @strawberry.field(description="Expediente principal del que depende este cuaderno; nulo en el principal.")
    async def main_file(self, info: Info) -> _Case | None:
        if not self.seen.record.key[1]:
            return None
        found = await info.context.reader.main_file(self.seen)
        return None if found is None else Case(seen=found)

    @strawberry.field(description=f"Cuadernos del expediente que usted puede ver; como máximo {MOST_INCIDENTS}.")
    async def incidents(self, info: Info, kind: _IncidentKind = None) -> list[_Case] | None:
        found = await info.context.reader.incidents(self.seen)
        return [Case(seen=seen) for seen in found if kind in (None, known(IncidentKind, seen.record.incident_kind))]

    @strawberry.field(
        description=f"Expedientes acumulados, conexos o cuestionados por este, o al revés; como máximo {MOST_RELATED}."
    )
    async def related_cases(self, info: Info) -> list[_Case] | None:
        return [Case(seen=seen) for seen in await info.context.reader.related(self.seen)]

    @strawberry.field(description="Partes procesales.")
    async def parties(self, info: Info, first: First = PAGE_SIZE, after: After = None) -> Connection[Party] | None:
        found = await info.context.reader.parties(self.seen)
        return cut("party", [(seen.line, Party(seen=seen)) for seen in found], first, after)

    @strawberry.field(description="Resoluciones, de la más antigua a la más reciente.")
    async def acts(
        self, info: Info, first: First = PAGE_SIZE, after: After = None, last: Last = None, kind: _ActKind = None
    ) -> Connection[Act] | None:
        found = await info.context.reader.acts(self.seen)
        wanted = [act for act in found if kind in (None, known(ActKind, act.kind))]
        return cut("act", [(act.line, Act.of(act)) for act in wanted], first, after, last)

    @strawberry.field(description="Audiencias.")
    async def hearings(self, info: Info, first: First = PAGE_SIZE, after: After = None) -> Connection[Hearing] | None:
        found = await info.context.reader.hearings(self.seen)
        return cut("hearing", [(each.line, Hearing.of(each)) for each in found], first, after)

    @strawberry.field(description="Recursos impugnatorios.")
    async def appeals(self, info: Info, first: First = PAGE_SIZE, after: After = None) -> Connection[Appeal] | None:
        found = await info.context.reader.appeals(self.seen)
        return cut("appeal", [(each.line, Appeal.of(self.seen, each)) for each in found], first, after)

    @strawberry.field(description="Notificaciones.")
    async def notices(self, info: Info, first: First = PAGE_SIZE, after: After = None) -> Connection[Notice] | None:
        found = await info.context.reader.notices(self.seen)
        return cut("notice", [(each.line, Notice.of(self.seen, each)) for each in found], first, after)

    @strawberry.field(description="Casaciones ante la Corte Suprema.")
    async def cassations(self, info: Info) -> list[Cassation] | None:
        return [Cassation.of(each) for each in await info.context.reader.cassations(self.seen)]

    @strawberry.field(
        description="Carpeta fiscal que cita el expediente, como fue digitada; solo para quien trabaja en la causa."
    )
    def prosecution_file_reference(self) -> str | None:
        return self.seen.record.file_as_written

    @strawberry.field(description="Expediente del Tribunal Constitucional que se cita, como fue digitado.")
    def constitutional_proceeding_reference(self) -> str | None:
        return self.seen.record.proceeding_as_written

    async def is_assigned(self, context: HasReader) -> bool:
        """Whether the caller is assigned to the case."""
        return await context.reader.is_assigned(self.seen)

    @classmethod
    async def resolve_reference(cls, info: Info, number: str) -> Self | None:
        canonical = canonical_case(number)
        found = await info.context.reader.case(canonical) if canonical else None
        return None if found is None else cls(seen=found)
