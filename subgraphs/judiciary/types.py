"""The Judiciary's share of the federated schema: the case and its parts."""

from datetime import date, datetime
from enum import Enum
from typing import Annotated, Protocol, Self

import strawberry

from subgraphs.common.case_number import CaseNumber, canonical_case
from subgraphs.common.connections import Connection, cut
from subgraphs.common.pages import PAGE_SIZE
from subgraphs.judiciary.masking import SeenParty
from subgraphs.judiciary.reader import JudiciaryReader, SeenCase
from subgraphs.judiciary.records import MOST_INCIDENTS


class HasReader(Protocol):
    """What the resolvers need of a request's context."""

    @property
    def reader(self) -> JudiciaryReader: ...


Info = strawberry.Info[HasReader, None]


@strawberry.enum(description="Estado del expediente judicial.")
class CaseStatus(Enum):
    FILED = strawberry.enum_value("I", description="Ingresado.")
    ADMITTED = strawberry.enum_value("A", description="Admitido.")
    IN_PROGRESS = strawberry.enum_value("T", description="En trámite.")
    JUDGED = strawberry.enum_value("S", description="Sentenciado.")
    ON_APPEAL = strawberry.enum_value("P", description="En apelación.")
    IN_EXECUTION = strawberry.enum_value("E", description="En ejecución.")
    ARCHIVED = strawberry.enum_value("R", description="Archivado.")


@strawberry.enum(description="Clase de resolución.")
class ActKind(Enum):
    ORDER = strawberry.enum_value("AUT", description="Auto.")
    DECREE = strawberry.enum_value("DEC", description="Decreto.")
    JUDGMENT = strawberry.enum_value("SEN", description="Sentencia.")


@strawberry.enum(description="Condición en que interviene una parte.")
class PartyRole(Enum):
    PLAINTIFF = strawberry.enum_value("DTE", description="Demandante.")
    DEFENDANT = strawberry.enum_value("DDO", description="Demandado.")
    ACCUSED = strawberry.enum_value("IMP", description="Imputado.")
    VICTIM = strawberry.enum_value("AGR", description="Agraviado.")
    COMPLAINANT = strawberry.enum_value("DEN", description="Denunciante.")
    BENEFICIARY = strawberry.enum_value("BEN", description="Beneficiario.")
    WITNESS = strawberry.enum_value("TES", description="Testigo.")
    STATE_ATTORNEY = strawberry.enum_value("PRO", description="Procurador público.")
    LAWYER = strawberry.enum_value("ABO", description="Abogado.")
    MINOR = strawberry.enum_value("MEN", description="Menor de edad.")


@strawberry.federation.type(keys=["documentType documentNumber"], description="Persona identificada por su documento.")
class Person:
    document_type: str = strawberry.field(description="Tipo de documento: DNI, RUC o CE.")
    document_number: str = strawberry.field(description="Número de documento.")

    @classmethod
    def resolve_reference(cls, document_type: str, document_number: str) -> Self:
        return cls(document_type=document_type, document_number=document_number)


@strawberry.type(description="Parte del expediente judicial.")
class Party:
    seen: strawberry.Private[SeenParty]

    @strawberry.field(description="Condición en que interviene.")
    def role(self) -> PartyRole:
        return PartyRole(self.seen.record.role)

    @strawberry.field(description="Nombre o razón social; iniciales o seudónimo si está reservado.")
    def name(self) -> str:
        return self.seen.record.name

    @strawberry.field(description="Tipo de documento: DNI, RUC o CE.")
    def document_type(self) -> str | None:
        return self.seen.record.document_type

    @strawberry.field(description="Número de documento.")
    def document_number(self) -> str | None:
        return self.seen.record.document

    @strawberry.field(description="Víctima o agraviado.")
    def victim(self) -> bool:
        return self.seen.record.victim

    @strawberry.field(description="Menor de edad.")
    def minor(self) -> bool:
        return self.seen.minor

    @strawberry.field(description="Parte con reserva de identidad.")
    def reserved(self) -> bool:
        return self.seen.record.reserved

    @strawberry.field(description="Persona; nula si está reservada o no está identificada.")
    def person(self) -> Person | None:
        kind, document = self.seen.record.document_type, self.seen.record.document
        if not self.seen.identified or kind is None or document is None:
            return None
        return Person(document_type=kind, document_number=document)


@strawberry.type(description="Resolución judicial; el contenido no se publica aquí.")
class Act:
    kind: ActKind = strawberry.field(description="Clase de resolución: auto, decreto o sentencia.")
    made_on: date | None = strawberry.field(name="date", description="Fecha de la resolución.")
    summary: str | None = strawberry.field(description="Sumilla.")
    outcome: str | None = strawberry.field(description="Código del sentido de la resolución, por ejemplo INF.")
    pages: int = strawberry.field(description="Folios.")
    digest: str = strawberry.field(description="Resumen criptográfico (SHA-256) del documento.")


@strawberry.type(description="Audiencia.")
class Hearing:
    kind: str = strawberry.field(description="Código de la clase de audiencia, por ejemplo UNI (audiencia única).")
    held_at: datetime | None = strawberry.field(description="Fecha y hora de la audiencia.")
    state: str = strawberry.field(description="Código del estado: P programada, R realizada, F frustrada.")
    room: str | None = strawberry.field(description="Sala de audiencia.")


@strawberry.type(description="Órgano jurisdiccional.")
class CourtOffice:
    code: str = strawberry.field(description="Código: distrito judicial, órgano, especialidad y número.")
    name: str = strawberry.field(description="Nombre del juzgado o sala.")
    district: str = strawberry.field(description="Código del distrito judicial.")
    organ: str = strawberry.field(description="Código del órgano jurisdiccional.")
    specialty: str = strawberry.field(description="Código de la especialidad.")


@strawberry.federation.type(keys=["number"], description="Expediente judicial.")
class Case:
    seen: strawberry.Private[SeenCase]

    @strawberry.field(description="Número de expediente judicial.")
    def number(self) -> CaseNumber:
        return CaseNumber(self.seen.record.number)

    @strawberry.field(description="Estado del expediente.")
    def status(self) -> CaseStatus:
        return CaseStatus(self.seen.record.state)

    @strawberry.field(description="Materia.")
    def subject(self) -> str:
        return self.seen.record.subject

    @strawberry.field(description="Sumilla.")
    async def summary(self, info: Info) -> str | None:
        return await info.context.reader.summary(self.seen)

    @strawberry.field(description="Juzgado o sala que conoce el expediente.")
    def court(self) -> CourtOffice:
        district, organ, specialty, court = self.seen.record.number.split("-")[3:]
        code = f"{district}-{organ}-{specialty}-{court}"
        name = self.seen.record.court
        return CourtOffice(code=code, name=name, district=district, organ=organ, specialty=specialty)

    @strawberry.field(description="Fecha de ingreso.")
    def filed_on(self) -> date | None:
        return self.seen.record.filed_on

    @strawberry.field(description="Fecha de conclusión.")
    def closed_on(self) -> date | None:
        return self.seen.record.closed_on

    @strawberry.field(description="Fecha de vencimiento del cuaderno.")
    def due_on(self) -> date | None:
        return self.seen.record.due_on

    @strawberry.field(description="Código de la clase de cuaderno, por ejemplo CAU; nulo en el principal.")
    def kind(self) -> str | None:
        return self.seen.record.incident_kind

    @strawberry.field(description="Expediente con reserva.")
    def reserved(self) -> bool:
        return self.seen.record.reserved

    @strawberry.field(description=f"Cuadernos del expediente; como máximo {MOST_INCIDENTS}.")
    async def incidents(
        self, info: Info
    ) -> list[Annotated["Case", strawberry.lazy("subgraphs.judiciary.types")]] | None:
        return [Case(seen=found) for found in await info.context.reader.incidents(self.seen)]

    @strawberry.field(description="Partes procesales.")
    async def parties(self, info: Info, first: int = PAGE_SIZE, after: str | None = None) -> Connection[Party] | None:
        found = await info.context.reader.parties(self.seen)
        return cut("party", [(seen.record.line, Party(seen=seen)) for seen in found], first, after)

    @strawberry.field(description="Resoluciones, de la más antigua a la más reciente.")
    async def acts(
        self,
        info: Info,
        first: int = PAGE_SIZE,
        after: str | None = None,
        last: int | None = None,
        kind: ActKind | None = None,
    ) -> Connection[Act] | None:
        found = await info.context.reader.acts(self.seen)
        wanted = [act for act in found if kind is None or act.kind == str(kind.value)]
        shown = [
            Act(
                kind=ActKind(a.kind), made_on=a.made_on, summary=a.summary,
                outcome=a.outcome, pages=a.pages, digest=a.digest,
            )
            for a in wanted
        ]  # fmt: skip
        return cut("act", [(a.line, node) for a, node in zip(wanted, shown, strict=True)], first, after, last)

    @strawberry.field(description="Audiencias.")
    async def hearings(
        self, info: Info, first: int = PAGE_SIZE, after: str | None = None
    ) -> Connection[Hearing] | None:
        found = await info.context.reader.hearings(self.seen)
        nodes = [(h.line, Hearing(kind=h.kind, held_at=h.held_at, state=h.state, room=h.room)) for h in found]
        return cut("hearing", nodes, first, after)

    @strawberry.field(description="Carpeta fiscal que cita el expediente, como fue digitada.")
    def prosecution_file_reference(self) -> str | None:
        return self.seen.record.file_as_written

    @strawberry.field(description="Expediente del Tribunal Constitucional que se cita, como fue digitado.")
    def constitutional_proceeding_reference(self) -> str | None:
        return self.seen.record.proceeding_as_written

    @classmethod
    async def resolve_reference(cls, info: Info, number: str) -> Self | None:
        canonical = canonical_case(number)
        found = await info.context.reader.case(canonical) if canonical else None
        return None if found is None else cls(seen=found)
