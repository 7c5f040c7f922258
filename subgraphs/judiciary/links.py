"""What other institutions cite, led to the case: they can invent none, and a link that fails says how."""

from typing import Any, Self

import strawberry
from graphql import GraphQLError
from strawberry import UNSET

from subgraphs.common.case_number import CaseReference
from subgraphs.common.links import LinkMatch
from subgraphs.judiciary.case import Case
from subgraphs.judiciary.citations import COURT, PROSECUTION, CaseLinkConflict, Citing, cited, judge
from subgraphs.judiciary.requests import Info

_NEEDS = ["caseReference { asWritten normalised }"]


@strawberry.type(description="Vínculo entre quien cita y el expediente judicial citado.")
class CaseLink:
    match: LinkMatch = strawberry.field(description="Cómo coincide la cita.")
    reciprocal: bool | None = strawberry.field(
        description="El expediente judicial cita a su vez; nulo si no lo hay o usted no puede ver lo que cita."
    )
    conflicts: list[CaseLinkConflict] = strawberry.field(description="Lo que contradice el vínculo.")


async def _case(info: Info, reference: object) -> Case | None:
    written = _written(reference)
    found = None if written is None else (await cited(info.context.reader, written)).main
    return None if found is None else Case(seen=found)


async def _link(info: Info, reference: object, own: str, citing: Citing) -> CaseLink | None:
    written = _written(reference)
    if written is None:
        return None
    judgement = await judge(info.context.reader, written, own, citing)
    return CaseLink(match=judgement.match, reciprocal=judgement.reciprocal, conflicts=judgement.conflicts)


def _written(reference: object) -> str | None:
    """What the clerk typed; None if nothing. Raises `GraphQLError` BAD_REPRESENTATION if it was not sent as it is."""
    if reference is None:
        return None
    written = reference.get("asWritten") if isinstance(reference, dict) else None
    if not isinstance(written, str):
        message = "The representation must carry 'caseReference { asWritten normalised }', or null for no citation."
        raise GraphQLError(message, extensions={"code": "BAD_REPRESENTATION"})
    return written


@strawberry.federation.type(keys=["number"], description="Carpeta fiscal, vista desde el Poder Judicial.")
class ProsecutionFile:
    number: strawberry.ID = strawberry.field(description="Número de carpeta fiscal.")
    raw: strawberry.Private[Any] = UNSET
    case_reference: CaseReference | None = strawberry.federation.field(
        external=True, default=None, description="Expediente judicial que la carpeta cita."
    )

    @strawberry.federation.field(requires=_NEEDS, description="Expediente judicial citado: el cuaderno principal.")
    async def case(self, info: Info) -> Case | None:
        return await _case(info, self.raw)

    @strawberry.federation.field(requires=_NEEDS, description="Vínculo con el expediente judicial; nulo si no cita.")
    async def case_link(self, info: Info) -> CaseLink | None:
        return await _link(info, self.raw, self.number, PROSECUTION)

    @classmethod
    def resolve_reference(cls, number: strawberry.ID, case_reference: Any = UNSET) -> Self:
        return cls(number=number, raw=case_reference)


@strawberry.federation.type(
    keys=["number"], description="Expediente del Tribunal Constitucional, visto desde el Poder Judicial."
)
class ConstitutionalProceeding:
    number: strawberry.ID = strawberry.field(description="Número de expediente del Tribunal Constitucional.")
    raw: strawberry.Private[Any] = UNSET
    case_reference: CaseReference | None = strawberry.federation.field(
        external=True, default=None, description="Expediente judicial de origen que se cita."
    )

    @strawberry.federation.field(requires=_NEEDS, description="Expediente judicial de origen: el cuaderno principal.")
    async def origin_case(self, info: Info) -> Case | None:
        return await _case(info, self.raw)

    @strawberry.federation.field(requires=_NEEDS, description="Vínculo con el expediente de origen; nulo si no cita.")
    async def origin_link(self, info: Info) -> CaseLink | None:
        return await _link(info, self.raw, self.number, COURT)

    @classmethod
    def resolve_reference(cls, number: strawberry.ID, case_reference: Any = UNSET) -> Self:
        return cls(number=number, raw=case_reference)
