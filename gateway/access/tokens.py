"""The caller's token -> an identity.

A token is a JWT (RFC 7519) in `Authorization: Bearer`. Its key is found by `kid` among the configured issuer's keys
alone: what the token's header says of keys or addresses (`jwk`, `jku`, `x5u`) is never looked at, and the algorithm
must be on the list *and* be the key's own. The purpose is no claim: it is stated for each request, in a header.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jwt

from gateway.access.identity import Identity
from gateway.access.keys import KeySource, KeysUnavailableError

ALGORITHMS = ("EdDSA", "ES256", "RS256", "PS256")
MAX_TOKEN = 8 * 1024

_PURPOSE = re.compile(r"[a-z][a-z_]{0,63}")
_REFERENCE = re.compile(r"[\w ./:-]{1,128}")
_REASON = re.compile(r"[^\x00-\x1f\x7f]{1,256}")
_CLAIM = re.compile(r"[a-z][a-z_]{0,31}")
MAX_CLAIMS = 20
MAX_CLAIM = 128
"""Characters of a claim's value."""


class AuthenticationError(Exception):
    """The request names nobody that we know. `code` and the message reach the client; `reason` is for the log."""

    def __init__(self, code: str, message: str, reason: str = "", status: int = 401) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.status = status


@dataclass(frozen=True, slots=True)
class TokenRules:
    """What a token must say. `leeway`: seconds by which clocks may differ."""

    issuer: str
    audience: str
    algorithms: tuple[str, ...] = ALGORITHMS
    leeway: float = 5.0


@dataclass(frozen=True, slots=True)
class TokenVerifier:
    """Verifies the tokens of one issuer."""

    keys: KeySource
    rules: TokenRules

    async def identify(self, authorization: Sequence[str], headers: Mapping[str, str]) -> Identity:
        """The identity of a request. `authorization`: every such header it has. Raises `AuthenticationError`."""
        claims = await self._verify(_bearer(authorization))
        return Identity(
            subject=_text(claims, "sub"),
            institution=_text(claims, "institution"),
            roles=_roles(claims),
            purpose=_stated(headers, "quipu-purpose", _PURPOSE),
            purpose_reference=_stated(headers, "quipu-purpose-reference", _REFERENCE),
            client=claims.get("client_id") if isinstance(claims.get("client_id"), str) else None,
            exceptional_reason=_stated(headers, "quipu-exceptional-reason", _REASON),
            claims=_claims(claims),
            scopes=_scopes(claims),
        )

    async def _verify(self, token: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            key = await self.keys.key(str(header.get("kid", "")))
            if key is None:
                raise _invalid("unknown key")
            if header.get("alg") not in self.rules.algorithms or header["alg"] != key.algorithm_name:
                raise _invalid("algorithm")
            return jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name],
                audience=self.rules.audience,
                issuer=self.rules.issuer,
                leeway=self.rules.leeway,
                options={"require": ["exp", "iat", "sub", "aud", "iss"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise AuthenticationError("TOKEN_EXPIRED", "The token has expired. Get a new one.") from error
        except jwt.PyJWTError as error:
            raise _invalid(type(error).__name__) from error
        except KeysUnavailableError as error:
            message = "Tokens cannot be checked at the moment. Try again soon."
            raise AuthenticationError("IDENTITY_UNAVAILABLE", message, str(error), 503) from error


def _bearer(authorization: Sequence[str]) -> str:
    if not authorization:
        raise AuthenticationError("UNAUTHENTICATED", "Send a token: Authorization: Bearer …")
    scheme, _, token = authorization[0].partition(" ")
    if len(authorization) > 1 or scheme.lower() != "bearer" or not token.strip() or len(token) > MAX_TOKEN:
        raise _invalid("malformed Authorization")
    return token.strip()


def _invalid(reason: str) -> AuthenticationError:
    return AuthenticationError("TOKEN_INVALID", "The token is not valid here. Get one from your institution.", reason)


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 256:
        raise _invalid(f"claim {name}")
    return value


def _roles(claims: Mapping[str, Any]) -> tuple[str, ...]:
    roles = claims.get("roles")
    if not isinstance(roles, list) or not roles or len(roles) > 20 or not all(isinstance(role, str) for role in roles):
        raise _invalid("claim roles")
    return tuple(sorted(set(roles)))


def _claims(claims: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What the issuer says of the subject beside roles, such as its court."""
    given = claims.get("claims", {})
    sound = isinstance(given, dict) and len(given) <= MAX_CLAIMS
    if not sound or not all(_CLAIM.fullmatch(name) and _is_claim(value) for name, value in given.items()):
        raise _invalid("claim claims")
    return tuple(sorted(given.items()))


def _is_claim(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_CLAIM


def _scopes(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """RFC 8693, section 4.2: names with blanks between."""
    scope = claims.get("scope", "")
    if not isinstance(scope, str):
        raise _invalid("claim scope")
    return tuple(sorted(set(scope.split())))


def _stated(headers: Mapping[str, str], name: str, form: re.Pattern[str]) -> str | None:
    value = headers.get(name)
    if value is None:
        return None
    if not form.fullmatch(value):
        raise AuthenticationError("PURPOSE_INVALID", f"The header {name} has a value that is not allowed.", status=400)
    return value
