"""The people of a case as the schema shows them: parties, persons who can be told apart, judges."""

from typing import Self

import strawberry
from graphql import GraphQLError

from subgraphs.common.documents import DocumentNumber, canonical_document
from subgraphs.judiciary.codes import JudgeCondition, PartyRole, known
from subgraphs.judiciary.masking import SeenParty
from subgraphs.judiciary.requests import Info


@strawberry.federation.type(keys=["documentType documentNumber"], description="Persona identificada por su documento.")
class Person:
    document_type: str = strawberry.field(description="Tipo de documento: DNI, RUC o CE.")
    document_number: DocumentNumber = strawberry.field(description="Número de documento.")

    @classmethod
    def resolve_reference(cls, document_type: str, document_number: str) -> Self:
        canonical = canonical_document(document_type, document_number)
        if canonical is None:
            message = "A person is known by a DNI, RUC or CE and a number that can be one."
            raise GraphQLError(message, extensions={"code": "BAD_REPRESENTATION"})
        return cls(document_type=document_type, document_number=DocumentNumber(canonical))


@strawberry.type(description="Parte del expediente judicial.")
class Party:
    seen: strawberry.Private[SeenParty]

    @strawberry.field(description="Condición en que interviene.")
    def role(self) -> PartyRole | None:
        return known(PartyRole, self.seen.role)

    @strawberry.field(description="Nombre o razón social; iniciales o seudónimo si está reservado.")
    def name(self) -> str:
        return self.seen.name

    @strawberry.field(description="Tipo de documento: DNI, RUC o CE.")
    def document_type(self) -> str | None:
        return self.seen.document_type

    @strawberry.field(description="Número de documento; nulo si usted no puede verlo o no es válido.")
    def document_number(self) -> DocumentNumber | None:
        return self.seen.document

    @strawberry.field(description="Víctima o agraviado.")
    def victim(self) -> bool:
        return self.seen.victim

    @strawberry.field(description="Menor de edad.")
    def minor(self) -> bool:
        return self.seen.minor

    @strawberry.field(description="Parte con reserva de identidad.")
    def reserved(self) -> bool:
        return self.seen.reserved

    @strawberry.field(description="Persona; nula si tiene reserva, es menor de edad o no está identificada.")
    def person(self) -> Person | None:
        kind, document = self.seen.document_type, self.seen.document
        if not self.seen.identified or kind is None or document is None:
            return None
        return Person(document_type=kind, document_number=document)


@strawberry.type(description="Cargo de juez, según el Poder Judicial.")
class JudgePost:
    name: str = strawberry.field(description="Apellidos y nombres del juez.")
    condition: JudgeCondition | None = strawberry.field(description="Condición: titular, provisional o supernumerario.")
    active: bool = strawberry.field(description="En funciones.")


@strawberry.federation.type(keys=["code"], description="Magistrado: juez o fiscal.")
class Magistrate:
    code: strawberry.ID = strawberry.field(description="Código de magistrado, común a las instituciones.")

    @strawberry.field(description="Cargo de juez; nulo si no es juez del Poder Judicial.")
    async def judge(self, info: Info) -> JudgePost | None:
        found = await info.context.reader.judge(self.code)
        if found is None:
            return None
        condition = known(JudgeCondition, found.condition)
        return JudgePost(name=found.name, condition=condition, active=found.active)

    @classmethod
    def resolve_reference(cls, code: strawberry.ID) -> Self:
        return cls(code=strawberry.ID(code.strip()))


def magistrate(code: str | None) -> Magistrate | None:
    return None if code is None else Magistrate(code=strawberry.ID(code))
