"""What a reader is told where agreements stand in the way: a code, the coordinate, the provider, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.federation.policy import Refusal

_WORDS: Mapping[str, tuple[str, str, str]] = {
    "NO_AGREEMENT": (
        "AGREEMENT_REQUIRED",
        "No agreement of your institution with {provider} gives {coordinate}.",
        "Ningún convenio de su institución con {provider} otorga {coordinate}.",
    ),
    "EXPIRED": (
        "AGREEMENT_EXPIRED",
        "The agreement with {provider} that gave {coordinate} has expired. It must be renewed.",
        "El convenio con {provider} que otorgaba {coordinate} ha vencido. Debe renovarse.",
    ),
    "SUSPENDED": (
        "AGREEMENT_SUSPENDED",
        "The agreement with {provider} that gives {coordinate} is suspended.",
        "El convenio con {provider} que otorga {coordinate} está suspendido.",
    ),
    "NO_ROLE": (
        "ROLE_NOT_GRANTED",
        "The agreement with {provider} gives {coordinate} to other roles than yours.",
        "El convenio con {provider} otorga {coordinate} a otros roles que el suyo.",
    ),
    "NO_PURPOSE": (
        "PURPOSE_REQUIRED",
        "{provider} gives {coordinate} for a purpose only: state it in the header Quipu-Purpose.",
        "{provider} otorga {coordinate} solo con un motivo: declárelo en la cabecera Quipu-Purpose.",
    ),
    "OTHER_PURPOSE": (
        "PURPOSE_NOT_GRANTED",
        "The agreement with {provider} gives {coordinate} for other purposes than the one stated.",
        "El convenio con {provider} otorga {coordinate} para otros motivos que el declarado.",
    ),
}


def refusal(reason: str, coordinate: str, provider: str | None) -> Refusal:
    """The refusal for one of the reasons above."""
    code, english, spanish = _WORDS[reason]
    named = {"provider": provider or "its provider", "coordinate": coordinate}
    shown = {"provider": provider or "su proveedor", "coordinate": coordinate}
    return Refusal(code, english.format(**named), _told(provider, spanish.format(**shown)))


def withheld(coordinate: str, provider: str | None) -> Refusal:
    """For what the data decided: it never says which condition failed."""
    message = f"{coordinate} is withheld here under the agreement with {provider}."
    return Refusal("WITHHELD", message, _told(provider, f"{coordinate} no se entrega aquí según el convenio."))


def _told(provider: str | None, spanish: str) -> dict[str, Any]:
    return {"messageEs": spanish} | ({"provider": provider} if provider else {})
