"""The caller's token -> an identity.

A token is a JWT (RFC 7519) in `Authorization: Bearer`. The issuer that it names chooses the rules that it is held to,
and those alone: its key is found by `kid` among that issuer's keys, so what the token's header says of keys or
addresses (`jwk`, `jku`, `x5u`) is never looked at, and the algorithm must be on the list *and* be the key's own. An
issuer that is bound to an institution speaks for nobody else's people, whatever its tokens say.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import jwt
import orjson

from gateway.access.claims import ClaimNames, Subject, subject_told
from gateway.access.errors import AuthenticationError, token_invalid
from gateway.access.identity import Identity
from gateway.access.keys import ALGORITHMS, KeySource, KeysUnavailableError
from gateway.access.purposes import Headers, stated

MAX_TOKEN = 8 * 1024
TOKEN_TYPES = frozenset({"jwt", "at+jwt", "application/at+jwt"})
"""What a token may say that it is: an access token, or nothing in particular. What is signed for another use, such as
the gateway's word to a subgraph, says so, and is none."""


@dataclass(frozen=True, slots=True)
class TokenRules:
    """What a token must say. `leeway`: seconds by which clocks may differ; `types`: what it may say that it is."""

    issuer: str
    audience: str
    algorithms: tuple[str, ...] = ALGORITHMS
    leeway: float = 5.0
    types: frozenset[str] = TOKEN_TYPES


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who makes tokens, and what they are worth here. `institution`: whose people they are of; without one the tokens
    say it, which only an issuer may that all institutions trust."""

    keys: KeySource
    rules: TokenRules
    names: ClaimNames = field(default_factory=ClaimNames)
    institution: str | None = None


class TokenVerifier:
    """Verifies the tokens of the issuers that are trusted, and of no others."""

    def __init__(self, *issuers: Issuer) -> None:
        """The issuers' names must differ. Raises ValueError."""
        self._issuers = {issuer.rules.issuer: issuer for issuer in issuers}
        if len(self._issuers) < len(issuers):
            raise ValueError("two issuers have one name")

    async def identify(self, headers: Headers) -> Identity:
        """The identity of a request with these headers. Raises `AuthenticationError`."""
        subject = await self._subject(_bearer(headers.getlist("authorization")))
        asked = stated(headers, subject)
        return Identity(
            subject=subject.subject,
            institution=subject.institution,
            roles=subject.roles,
            purpose=asked.purpose,
            purpose_reference=asked.reference,
            client=subject.client,
            exceptional_reason=asked.exceptional_reason,
            claims=subject.attributes,
            scopes=subject.scopes,
        )

    async def _subject(self, token: str) -> Subject:
        head, told = _unverified(token)
        issuer = self._issuers.get(str(told.get("iss")))
        if issuer is None:
            raise token_invalid("unknown issuer")
        claims = _decoded(token, await _key(head, issuer), issuer.rules)
        return subject_told(claims, issuer.names, issuer.institution)


async def _key(head: Mapping[str, Any], issuer: Issuer) -> jwt.PyJWK:
    """The key that the token must be signed with, under the algorithm that it names."""
    try:
        found = await issuer.keys.key(str(head.get("kid", "")))
    except KeysUnavailableError as error:
        raise unavailable(str(error)) from error
    if found is None:
        raise token_invalid("unknown key")
    if str(head.get("typ", "JWT")).lower() not in issuer.rules.types:
        raise token_invalid("type")
    algorithm = str(head.get("alg"))
    if algorithm not in issuer.rules.algorithms or algorithm not in found:
        raise token_invalid("algorithm")
    return found[algorithm]


def _decoded(token: str, key: jwt.PyJWK, rules: TokenRules) -> dict[str, Any]:
    try:
        return jwt.decode(
            token,
            key,
            algorithms=[key.algorithm_name],
            audience=rules.audience,
            issuer=rules.issuer,
            leeway=rules.leeway,
            options={"require": ["exp", "iat", "aud", "iss"]},
        )
    except jwt.ExpiredSignatureError as error:
        raise AuthenticationError("TOKEN_EXPIRED", "The token has expired. Get a new one.") from error
    except (jwt.PyJWTError, RecursionError) as error:
        raise token_invalid(type(error).__name__) from error


def unavailable(reason: str) -> AuthenticationError:
    """That nobody can be known at the moment."""
    message = "Tokens cannot be checked at the moment. Try again soon."
    return AuthenticationError("IDENTITY_UNAVAILABLE", message, reason, 503)


def _bearer(authorization: Sequence[str]) -> str:
    if not authorization:
        raise AuthenticationError("UNAUTHENTICATED", "Send a token: Authorization: Bearer …")
    scheme, _, token = authorization[0].partition(" ")
    if len(authorization) > 1 or scheme.lower() != "bearer" or not token.strip() or len(token) > MAX_TOKEN:
        raise token_invalid("malformed Authorization")
    return token.strip()


def _unverified(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The header and the claims as they are written, to choose whose rules they are held to."""
    head, claims, *_ = [*token.split("."), "", ""]
    return _object(head), _object(claims)


def _object(part: str) -> dict[str, Any]:
    try:
        found = orjson.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, binascii.Error) as error:
        raise token_invalid("no JWT") from error
    if not isinstance(found, dict):
        raise token_invalid("no JWT")
    return found
