"""What the prosecutors add to a case: the files that cite it, and the file that the Judiciary cites in it.

A citation leads to a file that this reader may know, or to none: a file whose existence is secret breaks the link just
as a number that was never given.
"""

from enum import Enum
from typing import Self

import strawberry

from subgraphs.common.case_number import CaseNumber, canonical_case
from subgraphs.common.links import LinkMatch
from subgraphs.prosecution.file import ProsecutionFile
from subgraphs.prosecution.records import MOST_PER_CASE
from subgraphs.prosecution.rows import FileRecord
from subgraphs.prosecution.types import Info

_NEEDS = ["prosecutionFileReference"]


@strawberry.enum(description="Lo que contradice el vínculo con la carpeta fiscal.")
class FileLinkConflict(Enum):
    FILE_CITES_ANOTHER = strawberry.enum_value(
        "FILE_CITES_ANOTHER", description="La carpeta fiscal cita otro expediente judicial."
    )


@strawberry.type(description="Vínculo entre el expediente judicial y la carpeta fiscal que cita.")
class FileLink:
    match: LinkMatch = strawberry.field(description="Cómo coincide la cita.")
    reciprocal: bool | None = strawberry.field(description="La carpeta cita el expediente; nulo si no la hay.")
    conflicts: list[FileLinkConflict] = strawberry.field(description="Lo que contradice el vínculo.")


@strawberry.federation.type(keys=["number"], description="Expediente judicial, visto desde el Ministerio Público.")
class Case:
    number: CaseNumber = strawberry.field(description="Número de expediente judicial.")
    prosecution_file_reference: str | None = strawberry.federation.field(
        external=True, default=None, description="Carpeta fiscal que cita el expediente, como fue digitada."
    )

    @strawberry.field(description=f"Carpetas fiscales que citan este expediente; como máximo {MOST_PER_CASE}.")
    async def prosecution_files(self, info: Info) -> list[ProsecutionFile] | None:
        return [ProsecutionFile(record=found) for found in await info.context.reader.files_of(self.number)]

    @strawberry.federation.field(requires=_NEEDS, description="Carpeta fiscal que el expediente cita; nula si no hay.")
    async def cited_prosecution_file(self, info: Info) -> ProsecutionFile | None:
        found = await self._cited(info)
        return ProsecutionFile(record=found[0]) if len(found) == 1 else None

    @strawberry.federation.field(requires=_NEEDS, description="Vínculo con la carpeta fiscal citada; nulo si no cita.")
    async def cited_file_link(self, info: Info) -> FileLink | None:
        written = (self.prosecution_file_reference or "").strip()
        return _link(self.number, written, await self._cited(info)) if written else None

    async def _cited(self, info: Info) -> list[FileRecord]:
        written = (self.prosecution_file_reference or "").strip()
        return await info.context.reader.files(written) if written else []

    @classmethod
    def resolve_reference(cls, number: CaseNumber, prosecution_file_reference: str | None = None) -> Self:
        return cls(number=number, prosecution_file_reference=prosecution_file_reference)


def _link(case: str, written: str, found: list[FileRecord]) -> FileLink:
    if len(found) != 1:
        match = LinkMatch.AMBIGUOUS if found else LinkMatch.BROKEN
        return FileLink(match=match, reciprocal=None, conflicts=[])
    (file,) = found
    back = (file.case_as_written or "").strip()
    reciprocal = bool(back) and _main_file(canonical_case(back)) == _main_file(case)
    return FileLink(
        match=LinkMatch.EXACT if written in (file.number, file.as_printed) else LinkMatch.NORMALISED,
        reciprocal=reciprocal,
        conflicts=[FileLinkConflict.FILE_CITES_ANOTHER] if back and not reciprocal else [],
    )


def _main_file(case: str | None) -> list[str] | None:
    """The number without its incident, since clerks confuse the two."""
    if case is None:
        return None
    sequence, year, _, *rest = case.split("-")
    return [sequence, year, *rest]
