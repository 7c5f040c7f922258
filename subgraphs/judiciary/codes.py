"""The short lists of the Judiciary's system as enums: every code of `TM_CODIGO`, and the conditions of a judge.

The lists are the institution's own and closed. A code outside them is a fault of the row: the field is null, and the
rest of the case is answered.
"""

from enum import Enum
from typing import TypeVar

import strawberry

_E = TypeVar("_E", bound=Enum)


def known(codes: type[_E], code: str | None) -> _E | None:
    """The value of that code; None if there is none, or it is not in the list."""
    return codes(code) if code in codes._value2member_map_ else None


@strawberry.enum(description="Estado del expediente judicial.")
class CaseStatus(Enum):
    FILED = strawberry.enum_value("I", description="Ingresado.")
    ADMITTED = strawberry.enum_value("A", description="Admitido.")
    IN_PROGRESS = strawberry.enum_value("T", description="En trámite.")
    JUDGED = strawberry.enum_value("S", description="Sentenciado.")
    ON_APPEAL = strawberry.enum_value("P", description="En apelación.")
    IN_EXECUTION = strawberry.enum_value("E", description="En ejecución.")
    ARCHIVED = strawberry.enum_value("R", description="Archivado.")


@strawberry.enum(description="Clase de cuaderno.")
class IncidentKind(Enum):
    APPEAL = strawberry.enum_value("APE", description="Cuaderno de apelación.")
    PRECAUTIONARY = strawberry.enum_value("CAU", description="Cuaderno cautelar.")
    EXECUTION = strawberry.enum_value("EJE", description="Cuaderno de ejecución.")
    DETENTION = strawberry.enum_value("PPR", description="Cuaderno de prisión preventiva.")


@strawberry.enum(description="Clase de resolución.")
class ActKind(Enum):
    ORDER = strawberry.enum_value("AUT", description="Auto.")
    DECREE = strawberry.enum_value("DEC", description="Decreto.")
    JUDGMENT = strawberry.enum_value("SEN", description="Sentencia.")


@strawberry.enum(description="Sentido de lo resuelto.")
class CaseOutcome(Enum):
    ADMITTED = strawberry.enum_value("ADM", description="Admite.")
    UPHELD = strawberry.enum_value("FUN", description="Fundada.")
    UPHELD_IN_PART = strawberry.enum_value("FPA", description="Fundada en parte.")
    REJECTED = strawberry.enum_value("INF", description="Infundada.")
    INADMISSIBLE = strawberry.enum_value("IMP", description="Improcedente.")
    CONFIRMED = strawberry.enum_value("CNF", description="Confirma.")
    REVERSED = strawberry.enum_value("REV", description="Revoca.")
    ANNULLED = strawberry.enum_value("NUL", description="Nula.")
    GRANTED = strawberry.enum_value("CCD", description="Concede.")
    DENIED = strawberry.enum_value("DNG", description="Deniega.")


@strawberry.enum(description="Clase de audiencia.")
class HearingKind(Enum):
    SINGLE = strawberry.enum_value("UNI", description="Audiencia única.")
    CONCILIATION = strawberry.enum_value("CON", description="Audiencia de conciliación.")
    TRIAL = strawberry.enum_value("JUZ", description="Audiencia de juzgamiento.")
    ORAL_ARGUMENT = strawberry.enum_value("VIS", description="Vista de la causa.")
    DETENTION = strawberry.enum_value("PPR", description="Audiencia de prisión preventiva.")


@strawberry.enum(description="Estado de la audiencia.")
class HearingStatus(Enum):
    SCHEDULED = strawberry.enum_value("P", description="Programada.")
    HELD = strawberry.enum_value("R", description="Realizada.")
    FRUSTRATED = strawberry.enum_value("F", description="Frustrada.")


@strawberry.enum(description="Clase de recurso impugnatorio.")
class AppealKind(Enum):
    APPEAL = strawberry.enum_value("APE", description="Apelación.")
    CONSTITUTIONAL_GRIEVANCE = strawberry.enum_value("RAC", description="Recurso de agravio constitucional.")
    COMPLAINT = strawberry.enum_value("QUE", description="Queja.")


@strawberry.enum(description="Condición en que interviene una parte.")
class PartyRole(Enum):
    PLAINTIFF = strawberry.enum_value("DTE", description="Demandante.")
    DEFENDANT = strawberry.enum_value("DDO", description="Demandado.")
    ACCUSED = strawberry.enum_value("IMP", description="Imputado.")
    VICTIM = strawberry.enum_value("AGR", description="Agraviado.")
    COMPLAINANT = strawberry.enum_value("DEN", description="Denunciante.")
    BENEFICIARY = strawberry.enum_value("BEN", description="Beneficiario.")
    WITNESS = strawberry.enum_value("TES", description="Testigo.")
    STATE_ATTORNEY = strawberry.enum_value("PRO", description="Procurador público.")
    LAWYER = strawberry.enum_value("ABO", description="Abogado.")
    MINOR = strawberry.enum_value("MEN", description="Menor de edad.")


@strawberry.enum(description="Condición del juez en el cargo.")
class JudgeCondition(Enum):
    TENURED = strawberry.enum_value("T", description="Titular.")
    PROVISIONAL = strawberry.enum_value("P", description="Provisional.")
    SUPERNUMERARY = strawberry.enum_value("S", description="Supernumerario.")
