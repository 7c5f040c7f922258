"""Who asks: the gateway's signed identity, without which a subgraph answers nothing.

The gateway sends `Quipu-Identity`, an EdDSA token made for this subgraph alone and a few seconds old. Its keys come as
a JWKS from a file or an address; they are read again when a token names a key that is not known, at most every few
seconds, so that a rotation needs no restart and a flood of invented keys costs nothing.
"""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import orjson

HEADER = "Quipu-Identity"
TOKEN_TYPE = "quipu-identity+jwt"  # noqa: S105 (a media type, not a secret)
ISSUER = "quipu-gateway"
LONGEST_LIFE_SECONDS = 60
REFETCH_SECONDS = 3.0
LARGEST_TOKEN = 8192
_SEATS = {"judge": "PJ", "prosecutor": "MP", "court_adviser": "TC"}


class UnidentifiedError(Exception):
    """The request does not come from the gateway, or its identity is not valid here and now."""


@dataclass(frozen=True, slots=True)
class Caller:
    subject: str
    institution: str
    roles: tuple[str, ...]
    purpose: str | None = None
    purpose_reference: str | None = None
    client: str | None = None
    exceptional_reason: str | None = None
    """Why this caller reads a case that is not assigned to them."""
    claims: tuple[tuple[str, str], ...] = ()
    """What their issuer says of them beside roles, by name, such as `court` or `magistrate`."""

    @property
    def held_roles(self) -> frozenset[str]:
        """The roles that count: a judge is one at the Judiciary alone, and likewise the others that have a seat."""
        return frozenset(role for role in self.roles if _SEATS.get(role, self.institution) == self.institution)


class GatewayKeys:
    """The gateway's public keys by their id."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._keys: dict[str, jwt.PyJWK] = {}
        self._read_at = float("-inf")
        self._lock = asyncio.Lock()

    async def key(self, key_id: str) -> jwt.PyJWK:
        if key_id not in self._keys:
            async with self._lock:
                if key_id not in self._keys and time.monotonic() - self._read_at >= REFETCH_SECONDS:
                    self._read_at = time.monotonic()
                    self._keys = await self._read()
        try:
            return self._keys[key_id]
        except KeyError:
            raise UnidentifiedError("The identity is signed by a key that the gateway does not publish.") from None

    async def _read(self) -> dict[str, jwt.PyJWK]:
        try:
            content = await self._content()
            entries = [jwt.PyJWK(entry) for entry in orjson.loads(content)["keys"] if entry.get("crv") == "Ed25519"]
        except (OSError, aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError, jwt.PyJWTError) as error:
            raise UnidentifiedError("The gateway's keys cannot be read.") from error
        return {entry.key_id: entry for entry in entries if entry.key_id}

    async def _content(self) -> bytes:
        if not self._source.startswith(("http://", "https://")):
            return await asyncio.to_thread(Path(self._source).read_bytes)
        timeout = aiohttp.ClientTimeout(total=5)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(self._source) as answer:
            answer.raise_for_status()
            return await answer.content.read(65_536)


async def verify(token: str, audience: str, keys: GatewayKeys) -> Caller:
    """The caller that the token names. Raises `UnidentifiedError`."""
    if len(token) > LARGEST_TOKEN:
        raise UnidentifiedError("The identity is too long.")
    try:
        header = jwt.get_unverified_header(token)
        if header.get("typ") != TOKEN_TYPE or not isinstance(header.get("kid"), str):
            raise UnidentifiedError("The token is not a gateway's identity.")
        claims = jwt.decode(
            token,
            await keys.key(header["kid"]),
            algorithms=["EdDSA"],
            audience=audience,
            issuer=ISSUER,
            options={"require": ["iss", "aud", "sub", "iat", "exp"], "strict_aud": True},
        )
    except jwt.PyJWTError as error:
        raise UnidentifiedError("The identity is not valid for this subgraph now.") from error
    if claims["exp"] - claims["iat"] > LONGEST_LIFE_SECONDS:
        raise UnidentifiedError("The identity lives too long.")
    return _caller(claims)


def _caller(claims: dict[str, Any]) -> Caller:
    roles, institution = claims.get("roles"), claims.get("institution")
    if not isinstance(institution, str) or not isinstance(roles, list) or not all(isinstance(r, str) for r in roles):
        raise UnidentifiedError("The identity names no institution or roles.")
    return Caller(
        subject=claims["sub"],
        institution=institution,
        roles=tuple(roles),
        purpose=claims.get("purpose"),
        purpose_reference=claims.get("purpose_reference"),
        client=claims.get("client"),
        exceptional_reason=claims.get("exceptional_reason"),
        claims=_texts(claims.get("claims")),
    )


def _texts(given: object) -> tuple[tuple[str, str], ...]:
    pairs = given.items() if isinstance(given, dict) else ()
    return tuple(sorted((name, value) for name, value in pairs if isinstance(value, str)))
