"""A citation of one institution in another's file: how it matched, and what speaks for it or against it."""

from enum import Enum

import strawberry


@strawberry.enum(description="Cómo coincide la cita con el expediente judicial.")
class LinkMatch(Enum):
    EXACT = strawberry.enum_value("EXACT", description="Cita exacta.")
    NORMALISED = strawberry.enum_value("NORMALISED", description="Cita normalizada: ceros, cuaderno o escritura.")
    AMBIGUOUS = strawberry.enum_value("AMBIGUOUS", description="Cita ambigua.")
    BROKEN = strawberry.enum_value("BROKEN", description="Cita que no lleva a ningún expediente.")


@strawberry.type(description="Vínculo entre quien cita y lo citado.")
class Link:
    match: LinkMatch = strawberry.field(description="Cómo coincide la cita.")
    reciprocal: bool | None = strawberry.field(description="Lo citado cita a su vez; nulo si no lo hay.")
    conflicts: list[str] = strawberry.field(description="Códigos de lo que contradice el vínculo.")
