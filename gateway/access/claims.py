"""What a token says of its subject, by whichever names the issuer has for it.

A name is that of a claim, or else a path with dots into objects: `realm_access.roles`. A claim that really has dots in
its name, such as an address, is found by its whole name first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from gateway.access.agreements.document import Name
from gateway.access.errors import AuthenticationError, token_invalid

MAX_CLAIMS = 20
MAX_CLAIM = 128
"""Characters of a claim's value."""
MAX_ROLES = 100
"""That an issuer may say, its own included."""
MAX_TEXT = 256

CLAIM = re.compile(r"[a-z][a-z_]{0,63}")
INSTITUTION = "institution"
"""The claim by which an issuer that all trust says whose people a subject is of."""
Word = Annotated[str, Meta(min_length=1, max_length=256)]


class ClaimNames(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where an issuer's tokens say what, as its table of the file has it. `attributes`: by our name of an attribute the
    issuer's; without them the object `claims` has them by our names. `role_names`: by the issuer's name of a role ours,
    and the issuer's other roles are nothing here; without them its names are ours."""

    subject: Word = "sub"
    roles: Word = "roles"
    client: Word = "client_id"
    scopes: Word = "scope"
    purpose: Word = "purpose"
    reference: Word = "purpose_reference"
    attributes: dict[Name, Word] | None = None
    role_names: dict[Word, Name] | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """Who a token is of. `purposes`: those that the token allows, None if it says nothing of them."""

    subject: str
    institution: str
    roles: tuple[str, ...]
    client: str | None
    attributes: tuple[tuple[str, str], ...]
    scopes: tuple[str, ...]
    purposes: tuple[str, ...] | None
    reference: str | None


def subject_told(claims: Mapping[str, Any], names: ClaimNames, institution: str | None = None) -> Subject:
    """The subject of a verified token; it is the institution's that the issuer is bound to, if it is. Raises
    `AuthenticationError`."""
    return Subject(
        subject=_text(claims, names.subject),
        institution=_text(claims, INSTITUTION) if institution is None else institution,
        roles=_roles(claims, names),
        client=_optional_text(claims, names.client),
        attributes=_attributes(claims, names),
        scopes=_words(claims, names.scopes, split=True) or (),
        purposes=_words(claims, names.purpose),
        reference=_optional_text(claims, names.reference),
    )


def claim(claims: Mapping[str, Any], name: str) -> Any:
    """The value of that name, None if the token has none."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        if not isinstance(found, dict) or part not in found:
            return None
        found = found[part]
    return found


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = _optional_text(claims, name)
    if value is None:
        raise token_invalid(f"claim {name}")
    return value


def _optional_text(claims: Mapping[str, Any], name: str) -> str | None:
    value = claim(claims, name)
    if value is None:
        return None
    if not isinstance(value, str) or not 0 < len(value) <= MAX_TEXT:
        raise token_invalid(f"claim {name}")
    return value


def _roles(claims: Mapping[str, Any], names: ClaimNames) -> tuple[str, ...]:
    given = claim(claims, names.roles)
    if not isinstance(given, list) or len(given) > MAX_ROLES or not all(isinstance(role, str) for role in given):
        raise token_invalid(f"claim {names.roles}")
    known = names.role_names
    ours: Iterable[str] = given if known is None else (known[role] for role in given if role in known)
    if not (roles := tuple(sorted(set(ours)))):
        raise AuthenticationError("NO_ROLE", "Your institution gives you no role here. Ask it for one.", status=403)
    return roles


def _attributes(claims: Mapping[str, Any], names: ClaimNames) -> tuple[tuple[str, str], ...]:
    """What the issuer says of the subject beside roles, such as its court."""
    if names.attributes is None:
        given = claims.get("claims", {})
    else:
        found = {ours: claim(claims, theirs) for ours, theirs in names.attributes.items()}
        given = {name: value for name, value in found.items() if value is not None}
    sound = isinstance(given, dict) and len(given) <= MAX_CLAIMS
    if not sound or not all(CLAIM.fullmatch(name) and _is_attribute(value) for name, value in given.items()):
        raise token_invalid("attributes")
    return tuple(sorted(given.items()))


def _is_attribute(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_CLAIM


def _words(claims: Mapping[str, Any], name: str, *, split: bool = False) -> tuple[str, ...] | None:
    """A list of words, or one text of them, with blanks between if it is to be split (RFC 8693, section 4.2)."""
    value = claim(claims, name)
    if value is None:
        return None
    if isinstance(value, str):
        value = value.split() if split else [value]
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise token_invalid(f"claim {name}")
    return tuple(sorted(set(value)))
