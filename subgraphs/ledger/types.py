"""What the ledger publishes: the records of accesses, for who audits, and who looked at a case.

Every field but the key may be null, so that an agreement can withhold any of them alone.
"""

from datetime import datetime
from enum import Enum
from typing import Protocol, Self

import strawberry

from subgraphs.common.agreements.gate import exists
from subgraphs.common.case_number import CaseNumber
from subgraphs.common.connections import Connection, page
from subgraphs.common.pages import PAGE_SIZE, After, First, cursor, number, page_size, position
from subgraphs.ledger.entries import Entry
from subgraphs.ledger.reader import CaseList, LedgerReader

LARGEST_POSITION = 2**62
_ACCESSES = "case-access"


class HasReader(Protocol):
    """What the resolvers need of a request's context."""

    @property
    def reader(self) -> LedgerReader: ...


Info = strawberry.Info[HasReader, None]


@strawberry.enum(description="Resultado de la consulta.")
class AccessOutcome(Enum):
    OK = strawberry.enum_value("OK", description="Se entregó todo lo solicitado.")
    PARTIAL = strawberry.enum_value("PARTIAL", description="Se entregó una parte.")
    REFUSED = strawberry.enum_value("REFUSED", description="Se denegó.")
    ERROR = strawberry.enum_value("ERROR", description="No se pudo atender.")
    ABANDONED = strawberry.enum_value("ABANDONED", description="Quien consultaba no esperó la respuesta.")


@strawberry.type(description="Entidad consultada; de las personas consta solo un seudónimo con clave.")
class AccessedEntity:
    type: str = strawberry.field(description="Tipo de la entidad en el esquema, como Case.")
    key: str = strawberry.field(description="Clave de la entidad, como quedó registrada.")


@strawberry.type(description="Campo denegado.")
class RefusedField:
    coordinate: str = strawberry.field(description="Coordenada del campo: Tipo.campo.")
    code: str = strawberry.field(description="Código del motivo de la denegatoria.")


@strawberry.type(description="Convenio de cooperación interinstitucional que amparó la consulta.")
class CitedAgreement:
    number: str = strawberry.field(description="Número del convenio.")
    digest: str | None = strawberry.field(description="Huella digital (SHA-256) del texto vigente.")
    clause: str | None = strawberry.field(description="Cláusula.")


@strawberry.federation.type(
    keys=["position"], description="Asiento del registro de accesos: una consulta a información institucional."
)
class AccessRecord:
    entry: strawberry.Private[Entry]
    position: strawberry.ID = strawberry.field(description="Posición del asiento en el registro, desde 0.")
    at: datetime | None = strawberry.field(description="Fecha y hora de la consulta.")
    gateway: str | None = strawberry.field(description="Pasarela que la atendió.")
    request: str | None = strawberry.field(description="Identificador de la solicitud.")
    subject: str | None = strawberry.field(description="Usuario que consultó.")
    institution: str | None = strawberry.field(description="Entidad a la que pertenece el usuario.")
    roles: list[str] | None = strawberry.field(description="Funciones del usuario.")
    client: str | None = strawberry.field(description="Aplicación desde la que consultó.")
    purpose: str | None = strawberry.field(description="Motivo de la consulta.")
    reference: str | None = strawberry.field(description="Referencia del motivo, como el número del documento.")
    exceptional_reason: str | None = strawberry.field(description="Motivo excepcional, si no tenía el caso asignado.")
    operation_name: str | None = strawberry.field(description="Nombre de la operación GraphQL.")
    operation_digest: str | None = strawberry.field(description="Huella digital (SHA-256) de la operación GraphQL.")
    outcome: AccessOutcome | None = strawberry.field(description="Resultado de la consulta.")
    leaf_hash: str | None = strawberry.field(
        description="Huella del asiento en el árbol de Merkle (RFC 9162), en hexadecimal."
    )

    @strawberry.field(description="Entidades consultadas: expedientes, carpetas, personas.")
    def entities(self) -> list[AccessedEntity] | None:
        return [AccessedEntity(type=name, key=key) for name, key in self.entry.document["entities"]]

    @strawberry.field(description="Campos entregados.")
    def given(self) -> list[str] | None:
        return list(self.entry.document["given"])

    @strawberry.field(description="Campos denegados, con su motivo.")
    def refused(self) -> list[RefusedField] | None:
        return [RefusedField(coordinate=name, code=code) for name, code in self.entry.document["refused"]]

    @strawberry.field(description="Convenios que ampararon la consulta.")
    def agreements(self) -> list[CitedAgreement] | None:
        return cited(self.entry)

    @classmethod
    async def resolve_reference(cls, info: Info, position: strawberry.ID) -> Self | None:
        if not (position.isascii() and position.isdigit() and int(position[:20]) < LARGEST_POSITION):
            return None
        found = await info.context.reader.entry(int(position))
        record = None if found is None else cls.of(found)
        return record if record is not None and exists("AccessRecord", record) else None

    @classmethod
    def of(cls, entry: Entry) -> Self:
        record = entry.document
        return cls(
            entry=entry,
            position=strawberry.ID(str(entry.position)),
            at=entry.at,
            gateway=record["gateway"],
            request=record["request"],
            subject=record["subject"],
            institution=record["institution"],
            roles=list(record["roles"]),
            client=record["client"],
            purpose=record["purpose"],
            reference=record["reference"],
            exceptional_reason=record["exceptional"],
            operation_name=record["operation"]["name"],
            operation_digest=record["operation"]["digest"],
            outcome=AccessOutcome(record["outcome"]),
            leaf_hash=entry.leaf_hash,
        )


@strawberry.type(description="Acceso a un expediente: quién lo consultó, cuándo y para qué.")
class CaseAccess:
    """Neither the reference nor the reason in words is here: each may name a file whose existence is secret."""

    at: datetime | None = strawberry.field(description="Fecha y hora de la consulta.")
    subject: str | None = strawberry.field(description="Usuario que consultó.")
    institution: str | None = strawberry.field(description="Entidad a la que pertenece el usuario.")
    roles: list[str] | None = strawberry.field(description="Funciones del usuario.")
    purpose: str | None = strawberry.field(description="Motivo de la consulta.")
    exceptional: bool | None = strawberry.field(description="Acceso excepcional, sin tener el caso asignado.")
    agreements: list[CitedAgreement] | None = strawberry.field(description="Convenios que ampararon la consulta.")


@strawberry.federation.type(keys=["number"], description="Expediente judicial, visto desde el registro de accesos.")
class Case:
    number: CaseNumber = strawberry.field(description="Número de expediente judicial.")

    @strawberry.field(description="Accesos a este expediente que constan en el registro, los más recientes primero.")
    async def accesses(
        self, info: Info, first: First = PAGE_SIZE, after: After = None
    ) -> Connection[CaseAccess] | None:
        size = page_size(first)
        before = None if after is None else number(position(_ACCESSES, after, 1)[0])
        found = await info.context.reader.accesses(CaseList(self.number, size, before))

        async def total() -> int:
            return await info.context.reader.count_of_case(self.number)

        return page(found, size, after, lambda entry: cursor(_ACCESSES, entry.position), _case_access, total)

    @classmethod
    def resolve_reference(cls, number: CaseNumber) -> Self:
        return cls(number=number)


def cited(entry: Entry) -> list[CitedAgreement]:
    """The agreements of `number@digest#clause`."""
    agreements = []
    for text in entry.document["agreements"]:
        name, _, rest = text.partition("@")
        digest, _, clause = rest.partition("#")
        agreements.append(CitedAgreement(number=name, digest=digest or None, clause=clause or None))
    return agreements


def _case_access(entry: Entry) -> CaseAccess:
    record = entry.document
    return CaseAccess(
        at=entry.at,
        subject=record["subject"],
        institution=record["institution"],
        roles=list(record["roles"]),
        purpose=record["purpose"],
        exceptional=record["exceptional"] is not None,
        agreements=cited(entry),
    )
