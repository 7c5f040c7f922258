"""The Court's share of the federated schema: proceedings, and what they add to a case."""

from datetime import date, datetime
from enum import Enum
from typing import Annotated, Protocol, Self

import strawberry

from subgraphs.common.case_number import CaseNumber, CaseReference, canonical_case, case_reference
from subgraphs.constitutional_court.numbers import canonical_number
from subgraphs.constitutional_court.reader import CourtReader
from subgraphs.constitutional_court.records import ProceedingRecord


class HasReader(Protocol):
    """What the resolvers need of a request's context."""

    reader: CourtReader


Info = strawberry.Info[HasReader, None]


@strawberry.enum(description="Tipo de proceso constitucional.")
class ProceedingType(Enum):
    AMPARO = strawberry.enum_value("PA", description="Proceso de amparo.")
    HABEAS_CORPUS = strawberry.enum_value("PHC", description="Proceso de hábeas corpus.")
    HABEAS_DATA = strawberry.enum_value("PHD", description="Proceso de hábeas data.")
    COMPLIANCE = strawberry.enum_value("PC", description="Proceso de cumplimiento.")
    UNCONSTITUTIONALITY = strawberry.enum_value("PI", description="Proceso de inconstitucionalidad.")
    COMPETENCE = strawberry.enum_value("PCC", description="Proceso competencial.")
    COMPLAINT = strawberry.enum_value("Q", description="Recurso de queja.")


@strawberry.enum(description="Estado del expediente en el Tribunal Constitucional.")
class ProceedingStatus(Enum):
    UNDER_REVIEW = strawberry.enum_value("C", description="En calificación.")
    HEARING_SET = strawberry.enum_value("A", description="Con vista de la causa señalada.")
    AWAITING_VOTE = strawberry.enum_value("V", description="Al voto.")
    DECIDED = strawberry.enum_value("R", description="Resuelto.")
    RETURNED = strawberry.enum_value("D", description="Devuelto al juzgado de origen.")


@strawberry.enum(description="Sala o Pleno que conoce la causa.")
class CourtChamber(Enum):
    PLENO = strawberry.enum_value("P", description="Pleno.")
    SALA_1 = strawberry.enum_value("1", description="Sala Primera.")
    SALA_2 = strawberry.enum_value("2", description="Sala Segunda.")


@strawberry.enum(description="Sentido del fallo.")
class CourtRuling(Enum):
    UPHELD = strawberry.enum_value("FUNDADA", description="Fundada.")
    UPHELD_IN_PART = strawberry.enum_value("FUNDADA EN PARTE", description="Fundada en parte.")
    REJECTED = strawberry.enum_value("INFUNDADA", description="Infundada.")
    INADMISSIBLE = strawberry.enum_value("IMPROCEDENTE", description="Improcedente.")
    ANNULLED = strawberry.enum_value("NULA", description="Nula.")


@strawberry.type(description="Votación de la causa.")
class CourtVote:
    in_favour: int = strawberry.field(description="Votos a favor de la ponencia.")
    against: int = strawberry.field(description="Votos en contra.")
    separate_opinion: str | None = strawberry.field(description="Voto singular.")


@strawberry.type(description="Sentencia o auto que resuelve la causa; el contenido no se publica aquí.")
class CourtDecision:
    number: str = strawberry.field(description="Número de sentencia, por ejemplo 905/2023.")
    ruling: CourtRuling = strawberry.field(description="Sentido del fallo.")
    decided_on: date = strawberry.field(description="Fecha de la sentencia.")
    digest: str | None = strawberry.field(description="Resumen criptográfico (SHA-256) del documento.")


@strawberry.type(description="Persona o entidad que interviene en el proceso constitucional.")
class CourtParticipant:
    name: str = strawberry.field(description="Nombre o razón social; iniciales o seudónimo si está reservado.")
    document_type: str | None = strawberry.field(default=None, description="Tipo de documento: DNI, RUC o CE.")
    document_number: str | None = strawberry.field(default=None, description="Número de documento.")


@strawberry.federation.type(keys=["number"], description="Expediente del Tribunal Constitucional.")
class ConstitutionalProceeding:
    record: strawberry.Private[ProceedingRecord]

    @strawberry.field(description="Número de expediente del Tribunal Constitucional, por ejemplo 99005-2023-PA/TC.")
    def number(self) -> strawberry.ID:
        return strawberry.ID(self.record.number)

    @strawberry.field(description="Tipo de proceso constitucional.")
    def type(self) -> ProceedingType:
        return ProceedingType(self.record.type)

    @strawberry.field(description="Estado del expediente.")
    def status(self) -> ProceedingStatus:
        return ProceedingStatus(self.record.state)

    @strawberry.field(description="Fecha de ingreso al Tribunal Constitucional.")
    def filed_at(self) -> datetime:
        return self.record.filed_at

    @strawberry.field(description="Sala o Pleno.")
    def chamber(self) -> CourtChamber | None:
        return None if self.record.chamber is None else CourtChamber(self.record.chamber)

    @strawberry.field(description="Magistrado ponente.")
    def reporting_judge(self) -> str | None:
        return self.record.reporting_judge

    @strawberry.field(description="Fecha de la vista de la causa.")
    def hearing_at(self) -> datetime | None:
        return self.record.hearing_at

    @strawberry.field(description="Sentencia o auto que resuelve la causa.")
    def decision(self) -> CourtDecision | None:
        record = self.record
        if record.ruling_number is None or record.ruling is None or record.ruled_on is None:
            return None
        return CourtDecision(
            number=record.ruling_number,
            ruling=CourtRuling(record.ruling),
            decided_on=record.ruled_on,
            digest=record.ruling_digest,
        )

    @strawberry.field(description="Votación.")
    def vote(self) -> CourtVote | None:
        in_favour, against = self.record.votes_in_favour, self.record.votes_against
        if in_favour is None or against is None:
            return None
        return CourtVote(in_favour=in_favour, against=against, separate_opinion=self.record.separate_opinion)

    @strawberry.field(description="Materia del proceso.")
    def subject(self) -> str | None:
        return self.record.subject

    @strawberry.field(description="Sumilla.")
    def summary(self) -> str | None:
        return self.record.summary

    @strawberry.field(description="Distrito judicial de origen.")
    def origin_district(self) -> str | None:
        return self.record.district

    @strawberry.field(description="Demandante.")
    def plaintiff(self) -> CourtParticipant | None:
        record = self.record
        if record.plaintiff is None:
            return None
        return CourtParticipant(
            name=record.plaintiff,
            document_type=record.plaintiff_document_type,
            document_number=record.plaintiff_document,
        )

    @strawberry.field(description="Demandado.")
    def respondent(self) -> CourtParticipant | None:
        return None if self.record.respondent is None else CourtParticipant(name=self.record.respondent)

    @strawberry.field(description="Beneficiario; un menor de edad aparece con iniciales.")
    def beneficiary(self) -> CourtParticipant | None:
        return None if self.record.beneficiary is None else CourtParticipant(name=self.record.beneficiary)

    @strawberry.field(description="Proceso con reserva.")
    def reserved(self) -> bool:
        return self.record.reserved

    @strawberry.field(description="Expediente judicial de origen, como lo digitó el Tribunal; nulo si no lo tiene.")
    def case_reference(self) -> CaseReference | None:
        return case_reference(self.record.origin_as_written)

    @strawberry.field(description="Queja (recurso de queja) que dio lugar a este expediente.")
    async def complaint(
        self, info: Info
    ) -> Annotated["ConstitutionalProceeding", strawberry.lazy("subgraphs.constitutional_court.types")] | None:
        number = self.record.complaint and canonical_number(self.record.complaint)
        return await find_proceeding(info, number) if number else None

    async def is_assigned(self, context: HasReader) -> bool:
        """Whether the caller is assigned to it."""
        return await context.reader.is_assigned(self.record)

    @classmethod
    async def resolve_reference(cls, info: Info, number: strawberry.ID) -> Self | None:
        canonical = canonical_number(number)
        record = await info.context.reader.proceeding(canonical) if canonical else None
        return None if record is None else cls(record=record)


async def find_proceeding(info: Info, number: str) -> ConstitutionalProceeding | None:
    canonical = canonical_number(number)
    record = await info.context.reader.proceeding(canonical) if canonical else None
    return None if record is None else ConstitutionalProceeding(record=record)


@strawberry.federation.type(keys=["number"], description="Expediente judicial, visto desde el Tribunal Constitucional.")
class Case:
    number: CaseNumber = strawberry.field(description="Número de expediente judicial.")

    @strawberry.field(description="Expedientes del Tribunal Constitucional que citan este expediente; como máximo 50.")
    async def constitutional_proceedings(self, info: Info) -> list[ConstitutionalProceeding] | None:
        found = await info.context.reader.proceedings_of(self.number)
        return [ConstitutionalProceeding(record=record) for record in found]

    @classmethod
    def resolve_reference(cls, number: str) -> Self | None:
        canonical = canonical_case(number)
        return None if canonical is None else cls(number=CaseNumber(canonical))
