"""Public keys of token issuers, as JWKS, from a file or a URL.

Keys are kept; an unknown key id reads the source again, at most every few seconds, so that rotation is seen at once and
made-up ids cost the issuer nothing.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import jwt
import orjson

MAX_BYTES = 256 * 1024


class KeysUnavailableError(Exception):
    """The issuer's keys cannot be read; the message is for the log, not for clients."""


@dataclass(eq=False)
class KeySource:
    """`location` is a path or an http(s) URL. `fresh_for`: seconds before keys are read again; `refetch_after`: the
    least seconds between two readings."""

    location: str
    fresh_for: float = 300.0
    refetch_after: float = 5.0
    timeout: float = 5.0
    _keys: dict[str, jwt.PyJWK] = field(default_factory=dict)
    _read_at: float = float("-inf")
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def key(self, key_id: str) -> jwt.PyJWK | None:
        """The key of that id, or None. Raises `KeysUnavailableError` if none was ever read."""
        age = time.monotonic() - self._read_at
        if age > self.fresh_for or (key_id not in self._keys and age > self.refetch_after):
            await self._refresh()
        return self._keys.get(key_id)

    async def _refresh(self) -> None:
        async with self._lock:
            if time.monotonic() - self._read_at <= self.refetch_after:
                return
            try:
                self._keys = _parse(await self._load())
            except (OSError, aiohttp.ClientError, TimeoutError, ValueError, jwt.PyJWTError) as error:
                if not self._keys:
                    raise KeysUnavailableError(f"{self.location}: {error}") from error
            self._read_at = time.monotonic()

    async def _load(self) -> bytes:
        if not self.location.startswith(("http://", "https://")):
            return await asyncio.to_thread(Path(self.location).read_bytes)
        limit = aiohttp.ClientTimeout(total=self.timeout)
        async with (
            aiohttp.ClientSession(timeout=limit) as session,
            session.get(self.location, allow_redirects=False) as response,
        ):
            response.raise_for_status()
            return await response.content.read(MAX_BYTES)


def _parse(raw: bytes) -> dict[str, jwt.PyJWK]:
    keys = orjson.loads(raw)["keys"]
    return {entry["kid"]: jwt.PyJWK(entry) for entry in keys if isinstance(entry, dict) and "kid" in entry}
