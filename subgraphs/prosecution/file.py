"""The prosecutors' file in the federated schema, as the one who asks may see it."""

from datetime import date, datetime
from typing import Self

import strawberry

from subgraphs.common.case_number import CaseReference, case_reference
from subgraphs.common.connections import Connection, cut
from subgraphs.common.pages import PAGE_SIZE
from subgraphs.prosecution.rows import FileRecord
from subgraphs.prosecution.types import (
    After,
    Disposition,
    First,
    HasReader,
    Info,
    Magistrate,
    Offence,
    ProsecutionKind,
    ProsecutionOffice,
    ProsecutionOpinion,
    ProsecutionParty,
    ProsecutionStage,
    magistrate,
)


@strawberry.federation.type(keys=["number"], description="Carpeta fiscal.")
class ProsecutionFile:
    record: strawberry.Private[FileRecord]

    @strawberry.field(description="Número de carpeta fiscal, por ejemplo 999014502-2021-99006-0.")
    def number(self) -> strawberry.ID:
        return strawberry.ID(self.record.number)

    @strawberry.field(description="Materia: penal, familia o civil.")
    def kind(self) -> ProsecutionKind | None:
        return ProsecutionKind(self.record.kind)

    @strawberry.field(description="Etapa.")
    def stage(self) -> ProsecutionStage | None:
        return ProsecutionStage(self.record.stage)

    @strawberry.field(description="Despacho fiscal.")
    def office(self) -> ProsecutionOffice:
        return ProsecutionOffice(record=self.record.office)

    @strawberry.field(description="Fiscal a cargo.")
    def prosecutor(self) -> Magistrate | None:
        return magistrate(self.record.prosecutor)

    @strawberry.field(description="Fecha de la denuncia.")
    def reported_on(self) -> date | None:
        return self.record.reported_on

    @strawberry.field(description="Fecha de la formalización de la investigación preparatoria.")
    def formalised_on(self) -> date | None:
        return self.record.formalised_on

    @strawberry.field(description="Fecha de la acusación.")
    def accused_on(self) -> date | None:
        return self.record.accused_on

    @strawberry.field(description="Fecha del archivo.")
    def shelved_on(self) -> date | None:
        return self.record.shelved_on

    @strawberry.field(description="Fecha y hora de registro de la carpeta.")
    def registered_at(self) -> datetime | None:
        return self.record.registered_at

    @strawberry.field(description="Sumilla.")
    async def summary(self, info: Info) -> str | None:
        return await info.context.reader.summary(self.record)

    @strawberry.field(description="Delitos; nulo si la investigación le es reservada (CPP 324).")
    async def offences(self, info: Info) -> list[Offence] | None:
        found = await info.context.reader.offences(self.record)
        if found is None:
            return None
        return [Offence(code=each.code, name=each.name, article=each.article) for each in found]

    @strawberry.field(description="Partes; nulo si la investigación le es reservada (CPP 324).")
    async def parties(
        self, info: Info, first: First = PAGE_SIZE, after: After = None
    ) -> Connection[ProsecutionParty] | None:
        found = await info.context.reader.parties(self.record)
        if found is None:
            return None
        return cut("file-party", [(party.line, ProsecutionParty(record=party)) for party in found], first, after)

    @strawberry.field(description="Disposiciones fiscales; las que están en secreto no figuran (CPP 324).")
    async def dispositions(
        self, info: Info, first: First = PAGE_SIZE, after: After = None
    ) -> Connection[Disposition] | None:
        nodes = [
            Disposition(
                number=act.line,
                kind=act.kind,
                issued_on=act.issued_on,
                summary=act.summary,
                digest=act.digest,
                prosecutor=magistrate(act.prosecutor),
            )
            for act in await info.context.reader.dispositions(self.record)
        ]
        return cut("disposition", [(node.number, node) for node in nodes], first, after)

    @strawberry.field(description="Dictámenes fiscales.")
    async def opinions(
        self, info: Info, first: First = PAGE_SIZE, after: After = None
    ) -> Connection[ProsecutionOpinion] | None:
        nodes = [
            (
                given.line,
                ProsecutionOpinion(
                    issued_on=given.issued_on,
                    opinion=given.opinion,
                    digest=given.digest,
                    prosecutor=magistrate(given.prosecutor),
                ),
            )
            for given in await info.context.reader.opinions(self.record)
        ]
        return cut("opinion", nodes, first, after)

    @strawberry.field(description="Expediente judicial que la carpeta cita, como fue digitado; nulo si no cita.")
    def case_reference(self) -> CaseReference | None:
        return case_reference(self.record.case_as_written)

    @strawberry.field(description="Carpeta reservada: solo el fiscal a cargo sabe que existe.")
    def reserved(self) -> bool:
        return self.record.secret

    async def is_assigned(self, context: HasReader) -> bool:
        """Whether the caller is assigned to it."""
        return await context.reader.is_assigned(self.record)

    @classmethod
    async def resolve_reference(cls, info: Info, number: strawberry.ID) -> Self | None:
        found = await info.context.reader.files(number)
        return cls(record=found[0]) if found else None
