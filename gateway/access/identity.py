"""Who asks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """A verified user or machine client, and the purpose (*motivo de la consulta*) that it states."""

    subject: str
    institution: str
    roles: tuple[str, ...]
    purpose: str | None
    purpose_reference: str | None
    client: str | None
