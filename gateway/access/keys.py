"""Public keys of token issuers, as JWKS (RFC 7517), from a file, a URL, or where a provider says that they are.

Keys are kept; an unknown key id reads the source again, at most every few seconds, so that rotation is seen at once
and made-up ids cost the issuer nothing. Who comes with a known key waits for no reading: it is done beside. An issuer
that cannot be reached keeps its known keys for a day, no longer: a key that it has withdrawn meanwhile must not be
good for ever. A key that cannot be used here does not spoil the others.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from gateway.access.discovery import Provider
from gateway.access.fetching import MAX_BYTES, ProviderError, get_json, json_object
from gateway.access.files import read_bounded

log = logging.getLogger(__name__)

Algorithm = Literal["EdDSA", "ES256", "RS256", "PS256"]
ALGORITHMS: tuple[Algorithm, ...] = get_args(Algorithm)
"""That a token may be signed with: none by which who checks a token could also make one."""
LEAST_RSA_BITS = 2048
_WITHOUT_ALG = {"OKP": ("EdDSA",), "EC": ("ES256",), "RSA": ("RS256", "PS256")}
"""What a key may have signed that does not say its algorithm."""


class KeysUnavailableError(Exception):
    """The issuer's keys cannot be read; the message is for the log, not for clients."""


PublicKey = Mapping[str, jwt.PyJWK]
"""A key, ready for each algorithm that it is for."""


@dataclass(eq=False)
class KeySource:
    """`location` is a path, an https URL (http on loopback), or a provider that says where. `fresh_for`: seconds before
    keys are read again; `refetch_after`: the least seconds between two readings; `trusted_for`: seconds after the last
    good reading in which its keys are still trusted."""

    location: str | Provider
    fresh_for: float = 300.0
    refetch_after: float = 5.0
    trusted_for: float = 24 * 3600.0
    _keys: dict[str, PublicKey] = field(default_factory=dict)
    _tried_at: float = float("-inf")
    _read_at: float = float("-inf")
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _beside: asyncio.Task[None] | None = None

    async def key(self, key_id: str) -> PublicKey | None:
        """The key of that id, or None. Raises `KeysUnavailableError` if none can be trusted."""
        if key_id not in self._keys or self._age() > self.trusted_for:
            await self._refresh()
        elif self._age() > self.fresh_for:
            self._refresh_beside()
        if self._age() > self.trusted_for:
            raise KeysUnavailableError(f"{self._named()}: its keys were not read for too long")
        return self._keys.get(key_id)

    def _age(self) -> float:
        return time.monotonic() - self._read_at

    def _refresh_beside(self) -> None:
        if self._tried_lately() or (self._beside is not None and not self._beside.done()):
            return
        self._beside = asyncio.create_task(self._refresh())

    def _tried_lately(self) -> bool:
        return time.monotonic() - self._tried_at <= self.refetch_after

    async def _refresh(self) -> None:
        async with self._lock:
            if self._tried_lately():
                return
            try:
                self._keys = _usable(await self._load(), self._named())
                self._read_at = time.monotonic()
            except (OSError, ProviderError) as error:
                log.warning("the keys of %s cannot be read: %s", self._named(), error)
            finally:
                self._tried_at = time.monotonic()

    async def _load(self) -> dict[str, Any]:
        location = self.location if isinstance(self.location, str) else await self.location.jwks_uri()
        if location.startswith(("http://", "https://")):
            return await get_json(location)
        return json_object(await asyncio.to_thread(read_bounded, Path(location), MAX_BYTES), location)

    def _named(self) -> str:
        return self.location if isinstance(self.location, str) else self.location.issuer


def _usable(told: dict[str, Any], place: str) -> dict[str, PublicKey]:
    entries = told.get("keys")
    if not isinstance(entries, list):
        raise ProviderError(f"{place} is no JWKS")
    found = {}
    for entry in entries:
        known = _public_key(entry)
        if known is None:
            log.info("a key of %s is of no use here, and left out", place)
        else:
            found[entry["kid"]] = known
    return found


def _public_key(entry: Any) -> PublicKey | None:
    """The key, unless it has no id, is for something else than signing, too weak, or of a kind not known here."""
    if not isinstance(entry, dict) or not isinstance(entry.get("kid"), str) or entry.get("use", "sig") != "sig":
        return None
    possible = _WITHOUT_ALG.get(str(entry.get("kty")), ())
    algorithms = tuple(name for name in possible if entry.get("alg", name) == name)
    if not algorithms:
        return None
    try:
        key = {name: jwt.PyJWK(entry, algorithm=name) for name in algorithms}
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    return None if any(_is_weak(jwk.key) for jwk in key.values()) else key


def _is_weak(key: object) -> bool:
    return isinstance(key, RSAPublicKey) and key.key_size < LEAST_RSA_BITS
