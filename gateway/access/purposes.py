"""The purpose (*motivo de la consulta*) of a request: what its headers state, within what its token allows.

It is stated for each request, for a person reads for one reason now and for another later. A token may say it instead,
or bound what may be stated; then a header that says something else is refused, and never quietly passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from gateway.access.claims import Subject
from gateway.access.errors import AuthenticationError

_PURPOSE = re.compile(r"[a-z][a-z_]{0,63}")
_REFERENCE = re.compile(r"[\w ./:-]{1,128}")
_REASON = re.compile(r"[^\x00-\x1f\x7f]{1,256}")


class Headers(Protocol):
    """Those of a request."""

    def getlist(self, key: str) -> list[str]:
        """Every value of that header; none if it is not there."""
        ...


@dataclass(frozen=True, slots=True)
class Stated:
    """Why a request asks."""

    purpose: str | None
    reference: str | None
    exceptional_reason: str | None


def stated(headers: Headers, subject: Subject) -> Stated:
    """The purpose of a request of that subject. Raises `AuthenticationError`."""
    return Stated(
        _purpose(_header(headers, "quipu-purpose", _PURPOSE), subject.purposes),
        _reference(_header(headers, "quipu-purpose-reference", _REFERENCE), subject.reference),
        _header(headers, "quipu-exceptional-reason", _REASON),
    )


def _purpose(header: str | None, allowed: tuple[str, ...] | None) -> str | None:
    if allowed is None:
        return header
    if header is None:
        return _sound(allowed[0], _PURPOSE, "purpose") if len(allowed) == 1 else None
    if header not in allowed:
        raise purpose_invalid("Your token is not for the purpose that the header Quipu-Purpose states.")
    return header


def _reference(header: str | None, told: str | None) -> str | None:
    if told is None:
        return header
    if header not in (None, told):
        raise purpose_invalid("Your token is not for what the header Quipu-Purpose-Reference refers to.")
    return _sound(told, _REFERENCE, "purpose_reference")


def _header(headers: Headers, name: str, form: re.Pattern[str]) -> str | None:
    values = headers.getlist(name)
    if len(values) > 1:
        raise purpose_invalid(f"The header {name} is there {len(values)} times: state one purpose a request.")
    if not values:
        return None
    if not form.fullmatch(values[0]):
        raise purpose_invalid(f"The header {name} has a value that is not allowed.")
    return values[0]


def _sound(value: str, form: re.Pattern[str], what: str) -> str:
    if not form.fullmatch(value):
        raise purpose_invalid(f"The {what} in your token is written in a way that is not allowed.")
    return value


def purpose_invalid(message: str) -> AuthenticationError:
    """The refusal of a stated purpose."""
    return AuthenticationError("PURPOSE_INVALID", message, status=400)
