"""What an OpenID provider publishes of itself (OpenID Connect Discovery 1.0, section 4).

It is asked when it is first needed, so that a gateway starts while a provider is away, and again after some minutes.
A document that names another issuer than the one that was asked for is refused (section 4.3): its keys would be
somebody else's.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from gateway.access.fetching import ProviderError, checked_address, get_json

_WELL_KNOWN = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Metadata:
    """The addresses that matter here; those for logging in may lack. `states_issuer`: whether it names itself where it
    sends a browser back (RFC 9207)."""

    jwks_uri: str
    authorization_endpoint: str | None = None
    token_endpoint: str | None = None
    states_issuer: bool = False


@dataclass(eq=False)
class Provider:
    """`issuer`: its address, as its tokens name it. `fresh_for`: seconds before it is asked again."""

    issuer: str
    fresh_for: float = 3600.0
    _known: Metadata | None = None
    _read_at: float = float("-inf")
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def metadata(self) -> Metadata:
        """What it publishes, or last published. Raises `ProviderError` if it was never read."""
        async with self._lock:
            if self._known is None or time.monotonic() - self._read_at > self.fresh_for:
                try:
                    self._known = _metadata(await get_json(self.issuer.rstrip("/") + _WELL_KNOWN), self.issuer)
                    self._read_at = time.monotonic()
                except ProviderError:
                    if self._known is None:
                        raise
            return self._known

    async def jwks_uri(self) -> str:
        """Where its keys are. Raises `ProviderError`."""
        return (await self.metadata()).jwks_uri


def _metadata(told: dict[str, Any], issuer: str) -> Metadata:
    if told.get("issuer") != issuer:
        raise ProviderError(f"{issuer}: its configuration names another issuer")
    jwks_uri = _address(told, "jwks_uri", issuer)
    if jwks_uri is None:
        raise ProviderError(f"{issuer}: its configuration names no jwks_uri")
    return Metadata(
        jwks_uri,
        _address(told, "authorization_endpoint", issuer),
        _address(told, "token_endpoint", issuer),
        told.get("authorization_response_iss_parameter_supported") is True,
    )


def _address(told: dict[str, Any], name: str, issuer: str) -> str | None:
    value = told.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise ProviderError(f"{issuer}: {name} is no text")
    return checked_address(value)
