"""The Academy's federation schema: what it knows of a magistrate, and no grade and no case.

The name and the post of a magistrate are said by the institution where they sit; the Academy adds trainings.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Annotated, Protocol, Self

import strawberry
from sqlalchemy.ext.asyncio import AsyncEngine

from subgraphs.academy.reader import AcademyReader
from subgraphs.academy.records import TrainingRecord
from subgraphs.common.federation import SubgraphSchema
from subgraphs.common.identity import Caller
from subgraphs.common.pages import PAGE_SIZE, After, First, PageInfo, cursor, number, page_size, position

_LIST = "training"


class HasReader(Protocol):
    """What the resolvers need of a request's context."""

    reader: AcademyReader


Info = strawberry.Info[HasReader, None]


@strawberry.enum(description="Programa académico.")
class TrainingProgramme(Enum):
    PROFA = strawberry.enum_value("PROFA", description="Programa de Formación de Aspirantes.")
    PCA = strawberry.enum_value("PCA", description="Programa de Capacitación para el Ascenso.")
    PAP = strawberry.enum_value("PAP", description="Programa de Actualización y Perfeccionamiento.")


@strawberry.type(description="Certificado emitido por la Academia de la Magistratura.")
class Certificate:
    number: str = strawberry.field(description="Número de certificado.")
    issued_on: date | None = strawberry.field(description="Fecha de emisión.")


@strawberry.type(description="Capacitación de un magistrado; las notas no se publican.")
class Training:
    course_code: str = strawberry.field(description="Código del curso.")
    course: str = strawberry.field(description="Nombre del curso.")
    programme: TrainingProgramme = strawberry.field(description="Programa académico.")
    hours: float = strawberry.field(description="Horas lectivas.")
    starts_on: date | None = strawberry.field(description="Fecha de inicio.")
    ends_on: date | None = strawberry.field(description="Fecha de término.")
    enrolled_on: date | None = strawberry.field(description="Fecha de matrícula.")
    certificate: Certificate | None = strawberry.field(description="Certificado; nulo si no fue emitido.")


@strawberry.type(description="Una capacitación en una lista paginada.")
class TrainingEdge:
    node: Training = strawberry.field(description="Capacitación.")
    cursor: str = strawberry.field(description="Cursor opaco.")


@strawberry.type(description="Lista paginada de capacitaciones.")
class TrainingConnection:
    edges: list[TrainingEdge] = strawberry.field(description="Elementos con su cursor.")
    page_info: PageInfo = strawberry.field(description="Posición de la página.")
    total_count: int = strawberry.field(description="Total de capacitaciones.")

    @strawberry.field(description="Capacitaciones de la página.")
    def nodes(self) -> list[Training]:
        return [edge.node for edge in self.edges]


@strawberry.federation.type(keys=["code"], description="Magistrado: juez o fiscal.")
class Magistrate:
    code: strawberry.ID = strawberry.field(description="Código de magistrado, común a las instituciones.")

    @strawberry.field(description="Capacitaciones en la Academia de la Magistratura, en orden de matrícula.")
    async def trainings(self, info: Info, first: First = PAGE_SIZE, after: After = None) -> TrainingConnection | None:
        size, line = page_size(first), 0 if after is None else number(position(_LIST, after, 1)[0])
        return _connection(await info.context.reader.trainings(self.code), size, line)

    @classmethod
    async def resolve_reference(cls, info: Info, code: strawberry.ID) -> Self | None:
        known = await info.context.reader.magistrate(code.strip())
        return None if known is None else cls(code=strawberry.ID(known.code))


_Code = Annotated[strawberry.ID, strawberry.argument(description="Código de magistrado.")]


@strawberry.type(description="Consultas.")
class Query:
    @strawberry.field(description="Magistrado por su código.")
    async def magistrate(self, info: Info, code: _Code) -> Magistrate | None:
        return await Magistrate.resolve_reference(info, code)


def _connection(all_trainings: list[TrainingRecord], first: int, after_line: int) -> TrainingConnection:
    """A magistrate has few trainings, so all are read in the batch and the page is cut here."""
    rest = [record for record in all_trainings if record.line > after_line]
    edges = [TrainingEdge(node=_training(record), cursor=cursor(_LIST, record.line)) for record in rest[:first]]
    page_info = PageInfo(
        has_next_page=len(rest) > first,
        has_previous_page=len(rest) < len(all_trainings),
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return TrainingConnection(edges=edges, page_info=page_info, total_count=len(all_trainings))


def _training(record: TrainingRecord) -> Training:
    number = record.certificate_number
    return Training(
        course_code=record.course_code,
        course=record.course,
        programme=TrainingProgramme(record.programme),
        hours=float(record.hours),
        starts_on=record.starts_on,
        ends_on=record.ends_on,
        enrolled_on=record.enrolled_on,
        certificate=None if number is None else Certificate(number=number, issued_on=record.certified_on),
    )


schema = SubgraphSchema(query=Query)


@dataclass(frozen=True, slots=True)
class AcademyContext:
    reader: AcademyReader


def context(engine: AsyncEngine, _caller: Caller) -> AcademyContext:
    """What the resolvers of one request read with. Who asks changes nothing here: trainings are public."""
    return AcademyContext(AcademyReader(engine))
