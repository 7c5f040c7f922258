"""The parts of the prosecutors' share of the federated schema: people, offices, dispositions, and who asks."""

from datetime import date
from enum import Enum
from typing import Annotated, Protocol, Self

import strawberry

from subgraphs.common.documents import DocumentNumber
from subgraphs.common.pages import LARGEST_PAGE
from subgraphs.prosecution.reader import ProsecutionReader
from subgraphs.prosecution.rows import OfficeRecord, PartyRecord

First = Annotated[int, strawberry.argument(description=f"Cuántos elementos, de 1 a {LARGEST_PAGE}.")]
After = Annotated[str | None, strawberry.argument(description="Cursor tras el cual empieza la página.")]


class HasReader(Protocol):
    """What the resolvers need of a request's context."""

    @property
    def reader(self) -> ProsecutionReader: ...


Info = strawberry.Info[HasReader, None]


@strawberry.enum(description="Materia de la carpeta o del despacho fiscal.")
class ProsecutionKind(Enum):
    CRIMINAL = strawberry.enum_value("P", description="Penal.")
    FAMILY = strawberry.enum_value("F", description="Familia.")
    CIVIL = strawberry.enum_value("C", description="Civil.")


@strawberry.enum(description="Etapa de la carpeta fiscal.")
class ProsecutionStage(Enum):
    QUALIFICATION = strawberry.enum_value("C", description="Calificación.")
    PRELIMINARY = strawberry.enum_value("P", description="Diligencias preliminares.")
    FORMALISED = strawberry.enum_value("F", description="Investigación preparatoria formalizada.")
    INTERMEDIATE = strawberry.enum_value("I", description="Etapa intermedia.")
    TRIAL = strawberry.enum_value("J", description="Juzgamiento.")
    SHELVED = strawberry.enum_value("A", description="Archivado.")
    ESCALATED = strawberry.enum_value("E", description="Elevado al superior.")


@strawberry.enum(description="Condición en que interviene una parte.")
class PartyRole(Enum):
    PLAINTIFF = strawberry.enum_value("05", description="Demandante.")
    DEFENDANT = strawberry.enum_value("06", description="Demandado.")
    ACCUSED = strawberry.enum_value("01", description="Imputado.")
    VICTIM = strawberry.enum_value("02", description="Agraviado.")
    COMPLAINANT = strawberry.enum_value("03", description="Denunciante.")
    BENEFICIARY = strawberry.enum_value("10", description="Beneficiario.")
    WITNESS = strawberry.enum_value("04", description="Testigo.")
    STATE_ATTORNEY = strawberry.enum_value("09", description="Procurador público.")
    LAWYER = strawberry.enum_value("08", description="Abogado.")
    MINOR = strawberry.enum_value("07", description="Menor de edad.")


@strawberry.type(description="Despacho fiscal (fiscalía).")
class ProsecutionOffice:
    record: strawberry.Private[OfficeRecord]

    @strawberry.field(description="Código de la fiscalía, sin el cero de relleno.")
    def code(self) -> str:
        return self.record.code

    @strawberry.field(description="Nombre de la fiscalía; nulo si no está en la tabla de fiscalías.")
    def name(self) -> str | None:
        return self.record.name

    @strawberry.field(description="Código del distrito fiscal.")
    def district(self) -> str | None:
        return self.record.district

    @strawberry.field(description="Materia de la fiscalía.")
    def kind(self) -> ProsecutionKind | None:
        return None if self.record.kind is None else ProsecutionKind(self.record.kind)


@strawberry.type(description="Cargo de un fiscal en el Ministerio Público.")
class ProsecutorPost:
    name: str = strawberry.field(description="Nombre del fiscal.")
    office: ProsecutionOffice = strawberry.field(description="Despacho fiscal.")
    active: bool = strawberry.field(description="En ejercicio.")


@strawberry.federation.type(keys=["code"], description="Magistrado: juez o fiscal.")
class Magistrate:
    code: strawberry.ID = strawberry.field(description="Código de magistrado, común a las instituciones.")

    @strawberry.field(description="Cargo de fiscal; nulo si el Ministerio Público no lo tiene por fiscal.")
    async def prosecutor(self, info: Info) -> ProsecutorPost | None:
        found = await info.context.reader.prosecutor(self.code)
        if found is None:
            return None
        return ProsecutorPost(name=found.name, office=ProsecutionOffice(record=found.office), active=found.active)

    @classmethod
    def resolve_reference(cls, code: strawberry.ID) -> Self:
        return cls(code=strawberry.ID(code.strip()))


def magistrate(code: str | None) -> Magistrate | None:
    return None if code is None else Magistrate(code=strawberry.ID(code))


@strawberry.federation.type(keys=["documentType documentNumber"], description="Persona identificada por su documento.")
class Person:
    document_type: str = strawberry.field(description="Tipo de documento: DNI, RUC o CE.")
    document_number: DocumentNumber = strawberry.field(description="Número de documento.")

    @classmethod
    def resolve_reference(cls, document_type: str, document_number: DocumentNumber) -> Self:
        return cls(document_type=document_type, document_number=document_number)


@strawberry.type(description="Parte o interviniente en la carpeta fiscal.")
class ProsecutionParty:
    record: strawberry.Private[PartyRecord]

    @strawberry.field(description="Condición en que interviene.")
    def role(self) -> PartyRole | None:
        return PartyRole(self.record.role)

    @strawberry.field(description="Nombre o razón social; iniciales o seudónimo si está reservado; nulo bajo clave.")
    def name(self) -> str | None:
        return self.record.name

    @strawberry.field(description="Tipo de documento: DNI, RUC o CE.")
    def document_type(self) -> str | None:
        return self.record.document_type

    @strawberry.field(description="Número de documento; nulo si está reservado o no es válido.")
    def document_number(self) -> DocumentNumber | None:
        return None if self.record.document is None else DocumentNumber(self.record.document)

    @strawberry.field(description="Persona; nula si está reservada o no está identificada.")
    def person(self) -> Person | None:
        kind, document = self.record.document_type, self.document_number()
        return None if kind is None or document is None else Person(document_type=kind, document_number=document)

    @strawberry.field(description="Víctima o agraviado; nulo bajo clave.")
    def victim(self) -> bool | None:
        return self.record.victim

    @strawberry.field(description="Menor de edad, ahora o al registrarse la carpeta; nulo bajo clave.")
    def minor(self) -> bool | None:
        return self.record.minor

    @strawberry.field(description="Clave de testigo, colaborador o víctima con reserva de identidad (CPP 247-252).")
    def protected_key(self) -> str | None:
        return self.record.protected_key


@strawberry.type(description="Delito materia de la carpeta fiscal.")
class Offence:
    code: str = strawberry.field(description="Código del delito.")
    name: str | None = strawberry.field(description="Nombre del delito.")
    article: str | None = strawberry.field(description="Artículo del Código Penal (CP).")


@strawberry.type(description="Disposición fiscal; el contenido no se publica aquí.")
class Disposition:
    number: int = strawberry.field(description="Número de la disposición en la carpeta.")
    kind: str = strawberry.field(description="Clase de disposición, por ejemplo ARCHIVO.")
    issued_on: date | None = strawberry.field(description="Fecha de emisión.")
    summary: str | None = strawberry.field(description="Sumilla.")
    digest: str = strawberry.field(description="Resumen criptográfico (SHA-256) del documento.")
    prosecutor: Magistrate | None = strawberry.field(description="Fiscal que la emite.")


@strawberry.type(description="Dictamen fiscal; el contenido no se publica aquí.")
class ProsecutionOpinion:
    issued_on: date | None = strawberry.field(description="Fecha de emisión.")
    opinion: str | None = strawberry.field(description="Sentido del dictamen.")
    digest: str = strawberry.field(description="Resumen criptográfico (SHA-256) del documento.")
    prosecutor: Magistrate | None = strawberry.field(description="Fiscal que lo emite.")
