"""The prosecutors' federation schema: one door by number, one list with filters, and the entities it shares."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

import strawberry
from graphql import GraphQLError
from sqlalchemy.ext.asyncio import AsyncEngine
from strawberry.schema.config import StrawberryConfig

from subgraphs.common.agreements.gate import current_rights, exists, whole_list
from subgraphs.common.case_number import CASE_NUMBER_SCALAR, CaseNumber
from subgraphs.common.connections import Connection, page
from subgraphs.common.documents import DOCUMENT_NUMBER_SCALAR, DocumentNumber
from subgraphs.common.federation import SubgraphSchema
from subgraphs.common.identity import Caller
from subgraphs.common.lima import lima_today
from subgraphs.common.pages import PAGE_SIZE, cursor, number, page_size, position
from subgraphs.common.searches import search_by_person
from subgraphs.prosecution.file import ProsecutionFile
from subgraphs.prosecution.links import Case
from subgraphs.prosecution.reader import ProsecutionReader
from subgraphs.prosecution.records import FileFilter, Position
from subgraphs.prosecution.rows import FileRecord
from subgraphs.prosecution.types import After, First, Info, Magistrate, Person, ProsecutionKind, ProsecutionStage

_LIST = "file"


@strawberry.input(description="Filtros de la lista de carpetas fiscales.")
class ProsecutionFileFilter:
    office: str | None = strawberry.field(default=None, description="Código de la fiscalía, con su cero o sin él.")
    prosecutor: str | None = strawberry.field(default=None, description="Código de magistrado del fiscal a cargo.")
    stage: ProsecutionStage | None = strawberry.field(default=None, description="Etapa.")
    kind: ProsecutionKind | None = strawberry.field(default=None, description="Materia: penal, familia o civil.")
    party_document: DocumentNumber | None = strawberry.field(default=None, description="Documento de una parte.")
    offence: str | None = strawberry.field(default=None, description="Código del delito.")
    filed_from: date | None = strawberry.field(default=None, description="Registradas desde esta fecha.")
    filed_to: date | None = strawberry.field(default=None, description="Registradas hasta esta fecha.")
    unlinked: bool = strawberry.field(
        default=False, description="Solo las que debían citar un expediente judicial y no citan ninguno."
    )


_Number = Annotated[strawberry.ID, strawberry.argument(description="Número, en cualquier escritura usual.")]
_Filter = Annotated[ProsecutionFileFilter | None, strawberry.argument(description="Filtros; todos han de cumplirse.")]


@strawberry.type(description="Consultas.")
class Query:
    @strawberry.field(description="Carpeta fiscal por su número, en cualquier escritura usual.")
    async def prosecution_file(self, info: Info, number: _Number) -> ProsecutionFile | None:
        return await ProsecutionFile.resolve_reference(info, number)

    @strawberry.field(description="Carpetas fiscales, las más recientes primero.")
    async def prosecution_files(
        self, info: Info, filter: _Filter = None, first: First = PAGE_SIZE, after: After = None
    ) -> Connection[ProsecutionFile] | None:
        whole_list("ProsecutionFile")
        reader, wanted = info.context.reader, _wanted(filter or ProsecutionFileFilter(), info)
        found = await reader.page(wanted, page_size(first), None if after is None else _position(after))
        return page(
            found,
            first,
            after,
            cursor_of=_cursor,
            node_of=lambda record: ProsecutionFile(record=record),
            total=lambda: reader.count(wanted),
        )


def _wanted(asked: ProsecutionFileFilter, info: Info) -> FileFilter:
    """Whoever may not see documents may not search by them either: a count would tell."""
    if asked.party_document is not None and not info.context.reader.sight.documents:
        raise GraphQLError(
            "Your role may not search files by document; leave 'partyDocument' out.", extensions={"code": "FORBIDDEN"}
        )
    if asked.party_document is not None:
        search_by_person()
    return FileFilter(
        office=asked.office,
        prosecutor=asked.prosecutor,
        stage=None if asked.stage is None else str(asked.stage.value),
        kind=None if asked.kind is None else str(asked.kind.value),
        offence=asked.offence,
        party_document=asked.party_document,
        filed_from=asked.filed_from,
        filed_to=asked.filed_to,
        unlinked=asked.unlinked,
    )


def _cursor(record: FileRecord) -> str:
    return cursor(_LIST, record.registered_text, record.id)


def _position(text: str) -> Position:
    registered, row_id = position(_LIST, text, 2)
    return registered, number(row_id)


schema = SubgraphSchema(
    query=Query,
    types=[Case, Magistrate, Person],
    config=StrawberryConfig(scalar_map={CaseNumber: CASE_NUMBER_SCALAR, DocumentNumber: DOCUMENT_NUMBER_SCALAR}),
)


@dataclass(frozen=True, slots=True)
class ProsecutionContext:
    reader: ProsecutionReader


def context(engine: AsyncEngine, caller: Caller) -> ProsecutionContext:
    """What the resolvers of one request read with: the prosecutors' database in the sight of the one who asks."""
    today = lima_today()
    documents = not current_rights().mask_documents

    def known(file: FileRecord) -> bool:
        return exists("ProsecutionFile", ProsecutionFile(record=file))

    return ProsecutionContext(ProsecutionReader(engine, caller.held_roles, today, known, documents, caller.claims))
