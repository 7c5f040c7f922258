"""What other institutions cite, led to the case: they can invent none, and a link that fails says how."""

from collections.abc import Callable
from enum import Enum
from typing import Any, Self

import strawberry

from subgraphs.common.case_number import CaseReference, canonical_case
from subgraphs.judiciary.numbers import comparable_file, comparable_proceeding
from subgraphs.judiciary.types import Case, Info

_NEEDS = ["caseReference { asWritten normalised }"]


@strawberry.enum(description="Cómo coincide la cita con el expediente judicial.")
class LinkMatch(Enum):
    EXACT = strawberry.enum_value("EXACT", description="Cita exacta.")
    NORMALISED = strawberry.enum_value("NORMALISED", description="Cita normalizada: ceros, cuaderno o escritura.")
    AMBIGUOUS = strawberry.enum_value("AMBIGUOUS", description="Cita ambigua.")
    BROKEN = strawberry.enum_value("BROKEN", description="Cita que no lleva a ningún expediente.")


@strawberry.type(description="Vínculo entre quien cita y el expediente judicial citado.")
class CaseLink:
    match: LinkMatch = strawberry.field(description="Cómo coincide la cita.")
    reciprocal: bool | None = strawberry.field(description="El expediente judicial cita a su vez; nulo si no lo hay.")
    conflicts: list[str] = strawberry.field(description="Códigos de lo que contradice el vínculo.")


async def _cited(info: Info, reference: dict[str, Any] | None) -> Case | None:
    canonical = canonical_case((reference or {}).get("asWritten") or "")
    if canonical is None:
        return None
    sequence, year, _, *rest = canonical.split("-")
    return await Case.resolve_reference(info, "-".join((sequence, year, "0", *rest)))


async def _link(
    info: Info, reference: dict[str, Any] | None, own: str, cites: str, comparable: Callable[[str | None], object]
) -> CaseLink | None:
    if not reference:
        return None
    case = await _cited(info, reference)
    if case is None:
        return CaseLink(match=LinkMatch.BROKEN, reciprocal=None, conflicts=[])
    record = case.seen.record
    back, written = getattr(record, cites), reference["asWritten"]
    reciprocal = back is not None and comparable(back) is not None and comparable(back) == comparable(own)
    return CaseLink(
        match=LinkMatch.EXACT if written == record.number else LinkMatch.NORMALISED,
        reciprocal=reciprocal,
        conflicts=["CASE_CITES_ANOTHER"] if back is not None and not reciprocal else [],
    )


@strawberry.federation.type(keys=["number"], description="Carpeta fiscal, vista desde el Poder Judicial.")
class ProsecutionFile:
    number: strawberry.ID = strawberry.field(description="Número de carpeta fiscal.")
    raw: strawberry.Private[dict[str, Any] | None] = None
    case_reference: CaseReference | None = strawberry.federation.field(
        external=True, default=None, description="Expediente judicial que la carpeta cita."
    )

    @strawberry.federation.field(requires=_NEEDS, description="Expediente judicial citado: el cuaderno principal.")
    async def case(self, info: Info) -> Case | None:
        return await _cited(info, self.raw)

    @strawberry.federation.field(requires=_NEEDS, description="Vínculo con el expediente judicial; nulo si no cita.")
    async def case_link(self, info: Info) -> CaseLink | None:
        return await _link(info, self.raw, self.number, "file_as_written", comparable_file)

    @classmethod
    def resolve_reference(cls, number: strawberry.ID, case_reference: dict[str, Any] | None = None) -> Self:
        return cls(number=number, raw=case_reference)


@strawberry.federation.type(
    keys=["number"], description="Expediente del Tribunal Constitucional, visto desde el Poder Judicial."
)
class ConstitutionalProceeding:
    number: strawberry.ID = strawberry.field(description="Número de expediente del Tribunal Constitucional.")
    raw: strawberry.Private[dict[str, Any] | None] = None
    case_reference: CaseReference | None = strawberry.federation.field(
        external=True, default=None, description="Expediente judicial de origen que se cita."
    )

    @strawberry.federation.field(requires=_NEEDS, description="Expediente judicial de origen: el cuaderno principal.")
    async def origin_case(self, info: Info) -> Case | None:
        return await _cited(info, self.raw)

    @strawberry.federation.field(requires=_NEEDS, description="Vínculo con el expediente de origen; nulo si no cita.")
    async def origin_link(self, info: Info) -> CaseLink | None:
        return await _link(info, self.raw, self.number, "proceeding_as_written", comparable_proceeding)

    @classmethod
    def resolve_reference(cls, number: strawberry.ID, case_reference: dict[str, Any] | None = None) -> Self:
        return cls(number=number, raw=case_reference)
