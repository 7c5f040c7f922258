"""How a citation of one institution fits the file of another that it leads to."""

from enum import Enum

import strawberry


@strawberry.enum(description="Cómo coincide la cita con lo citado.")
class LinkMatch(Enum):
    EXACT = strawberry.enum_value("EXACT", description="Cita exacta.")
    NORMALISED = strawberry.enum_value("NORMALISED", description="Cita normalizada: ceros, cuaderno o escritura.")
    AMBIGUOUS = strawberry.enum_value(
        "AMBIGUOUS",
        description="Cita que cabe en varios números. El Poder Judicial no la da: sus números no se repiten y no "
        "adivina partes que falten.",
    )
    BROKEN = strawberry.enum_value("BROKEN", description="Cita que no lleva a nada que exista.")
