"""An agreement between institutions (*convenio de cooperación interinstitucional*) as the file that both signed.

The file is TOML, read strictly: a key that is not known is an error, so that no clause is overlooked. What the parties
sign are the file's bytes, and its digest is what records cite. `schema()` is the JSON Schema that is published.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Text = Annotated[str, Meta(min_length=1, max_length=2_000)]
Party = Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9]{1,15}$", description="Sigla de la institución: PJ, MP, TC…")]
Name = Annotated[str, Meta(pattern=r"^[a-z][a-z_]{0,63}$")]
Coordinate = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z_*][\w*]*\.[A-Za-z_*][\w*]*$",
        description="Tipo.campo del subgrafo del proveedor; el asterisco vale por cualquier texto: Party.*, *Edge.node",
    ),
]
Scalar = str | int | bool


class AgreementError(Exception):
    """The file is no agreement. The message says where and why, for whoever wrote it."""


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Condición sobre los datos: un campo que el proveedor resuelve en ese tipo, comparado de una sola manera."""

    field: Annotated[
        str,
        Meta(
            pattern=r"^[A-Z]\w*(\.[a-z]\w*)+$",
            description="Tipo.campo o Tipo.campo.subcampo: Case.reserved, Case.court.specialty",
        ),
    ]
    equals: Scalar | None = None
    one_of: Annotated[tuple[Scalar, ...], Meta(min_length=1, max_length=200)] | None = None
    none_of: Annotated[tuple[Scalar, ...], Meta(min_length=1, max_length=200)] | None = None
    equals_claim: Annotated[Name, Meta(description="Atributo del usuario con el que debe coincidir: court")] | None = (
        None
    )

    def __post_init__(self) -> None:
        given = [self.equals, self.one_of, self.none_of, self.equals_claim]
        if sum(value is not None for value in given) != 1:
            raise ValueError("a condition says exactly one of equals, one_of, none_of, equals_claim")


class Grant(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Cláusula que otorga acceso. Con condiciones o asignación, solo nombra campos de Query y de tipos con clave
    (Case, ProsecutionFile…): lo que cuelga de ellos se otorga en otra cláusula, sin condiciones."""

    clause: Annotated[str, Meta(min_length=1, max_length=32, description="Número de la cláusula en el papel")]
    roles: Annotated[tuple[Name, ...], Meta(min_length=1)]
    fields: Annotated[tuple[Coordinate, ...], Meta(min_length=1, max_length=2_000)]
    purposes: Annotated[tuple[Name, ...], Meta(description="Si falta, todos los del convenio")] = ()
    conditions: tuple[Condition, ...] = ()
    assignment: Annotated[
        bool, Meta(description="Solo a quien está asignado a la causa; a los demás, con motivo excepcional")
    ] = False


class Obligations(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Obligaciones del consumidor y límites de la entrega."""

    mask_documents: Annotated[bool, Meta(description="Los números de documento se entregan enmascarados")] = False
    page_limit: Annotated[int, Meta(ge=1, le=1_000, description="Filas por página, como máximo")] | None = None
    retention: Annotated[str, Meta(max_length=2_000, description="Nota sobre la conservación de lo recibido")] = ""


class Suspension(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"from_": "from"}):
    """Suspensión del convenio: desde un día, y hasta otro si se conoce; ambos inclusive."""

    from_: date
    reason: Text
    until: date | None = None


class Agreement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Convenio de cooperación interinstitucional. Cuando consumidor y proveedor son la misma institución es su
    directiva interna, para la que no hace falta declarar un motivo."""

    number: Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    version: Annotated[int, Meta(ge=1)]
    title: Text
    consumer: Party
    provider: Party
    signed_on: date
    in_force_from: date
    in_force_until: date
    legal_basis: Annotated[tuple[Text, ...], Meta(min_length=1)]
    purposes: Annotated[tuple[Name, ...], Meta(min_length=1)]
    grants: Annotated[tuple[Grant, ...], Meta(min_length=1)]
    obligations: Obligations = Obligations()
    suspension: Suspension | None = None

    def __post_init__(self) -> None:
        if self.in_force_until < self.in_force_from:
            raise ValueError("in_force_until lies before in_force_from")
        foreign = {purpose for grant in self.grants for purpose in grant.purposes} - set(self.purposes)
        if foreign:
            raise ValueError(f"grants name purposes that the agreement has not: {', '.join(sorted(foreign))}")

    @property
    def is_internal(self) -> bool:
        """Whether it is an institution's directive for its own people."""
        return self.consumer == self.provider

    @property
    def parties(self) -> tuple[str, ...]:
        """Who must have signed."""
        return (self.consumer,) if self.is_internal else (self.consumer, self.provider)

    def state(self, day: date) -> Literal["IN_FORCE", "NOT_YET", "EXPIRED", "SUSPENDED"]:
        """What holds on that day, in Lima."""
        if day > self.in_force_until:
            return "EXPIRED"
        pause = self.suspension
        if pause is not None and pause.from_ <= day and (pause.until is None or day <= pause.until):
            return "SUSPENDED"
        return "IN_FORCE" if day >= self.in_force_from else "NOT_YET"


def read_agreement(raw: bytes) -> Agreement:
    """The agreement of a file's bytes. Raises `AgreementError`."""
    try:
        return msgspec.toml.decode(raw, type=Agreement)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise AgreementError(str(error)) from error


def digest_of(raw: bytes) -> str:
    """What records cite a file by: the SHA-256 of its bytes, in hex."""
    return hashlib.sha256(raw).hexdigest()


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the file."""
    return msgspec.json.schema(Agreement)
