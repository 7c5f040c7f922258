"""Who asks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """A verified user or machine client, and the purpose (*motivo de la consulta*) that it states.

    `claims` are what the issuer says of the subject beside roles, by name and sorted, such as its court or its code as
    a magistrate: agreements may compare them with data. `exceptional_reason` is what the reader says to read a case
    that is not assigned to it, where an agreement asks for that.
    """

    subject: str
    institution: str
    roles: tuple[str, ...]
    purpose: str | None
    purpose_reference: str | None
    client: str | None
    exceptional_reason: str | None = None
    claims: tuple[tuple[str, str], ...] = ()
    scopes: tuple[str, ...] = ()
