"""Signed JSON Web Tokens (RFC 7519, RFC 7515): what one says once it is known who signed it, and for what.

The key is found by `kid` among those that are given, so what a token's header says of keys or addresses (`jwk`, `jku`,
`x5u`) is never looked at, and the algorithm must be on the list *and* be the key's own. What a token says that it is
(`typ`) must be what is asked for: a token that was signed for another use is none.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import jwt
import orjson

from gateway.access.errors import AuthenticationError, token_invalid, unavailable
from gateway.access.keys import ALGORITHMS, KeysUnavailableError, PublicKey

ACCESS_TOKENS = frozenset({"jwt", "at+jwt", "application/at+jwt"})
"""What an access token says that it is (RFC 9068, section 2.1), or nothing in particular, as most do."""
MAX_LIFE = 24 * 3600
"""Seconds that a token may be good for: so long a revocation is remembered."""


class Keys(Protocol):
    """An issuer's public keys."""

    async def key(self, key_id: str) -> PublicKey | None:
        """The key of that id, or None. Raises `KeysUnavailableError` if none can be trusted."""
        ...


@dataclass(frozen=True, slots=True)
class TokenRules:
    """What a token must say. `leeway`: seconds by which clocks may differ; `types`: what it may say that it is, in
    lower case; `max_life`: seconds between its issue and its end."""

    issuer: str
    audience: str | tuple[str, ...]
    algorithms: tuple[str, ...] = ALGORITHMS
    leeway: float = 5.0
    types: frozenset[str] = ACCESS_TOKENS
    max_life: int = MAX_LIFE


async def verified(token: str, keys: Keys, rules: TokenRules) -> dict[str, Any]:
    """The claims of a token that keeps the rules. Raises `AuthenticationError`."""
    claims = _decoded(token, await _key(_object(token.partition(".")[0]), keys, rules), rules)
    if claims["exp"] - claims["iat"] > rules.max_life:
        raise token_invalid("life")
    return claims


def unverified_claims(token: str) -> dict[str, Any]:
    """What it says without a proof, to choose whose rules it is held to. Raises `AuthenticationError`."""
    return _object(token.partition(".")[2].partition(".")[0])


async def _key(head: Mapping[str, Any], keys: Keys, rules: TokenRules) -> jwt.PyJWK:
    """The key that the token must be signed with, under the algorithm that it names."""
    try:
        found = await keys.key(str(head.get("kid", "")))
    except KeysUnavailableError as error:
        raise unavailable(str(error)) from error
    if found is None:
        raise token_invalid("unknown key")
    if str(head.get("typ", "JWT")).lower() not in rules.types:
        raise token_invalid("type")
    algorithm = str(head.get("alg"))
    if algorithm not in rules.algorithms or algorithm not in found:
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


def _object(part: str) -> dict[str, Any]:
    try:
        found = orjson.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, binascii.Error) as error:
        raise token_invalid("no JWT") from error
    if not isinstance(found, dict):
        raise token_invalid("no JWT")
    return found
