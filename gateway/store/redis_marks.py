"""Marks in Redis, or what speaks its protocol, shared by all replicas.

The list of what is revoked is a sorted set, by the time until which each entry is kept, and beside it a name that
changes with it: a gateway reads the name each second, and the list when that is another. Both have no end of their own,
so that a server which throws away only what has one keeps them.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError

from gateway.store.marks import MarksUnavailableError
from gateway.store.redis_store import redis_pool

Result = TypeVar("Result")


class RedisMarks:
    """`timeout`: seconds for one call."""

    def __init__(self, url: str, prefix: str, timeout: float) -> None:
        """Connects to nothing yet. Raises ValueError for an address that is none of Redis."""
        self._redis = Redis.from_pool(redis_pool(url, timeout))
        self._prefix, self._timeout = prefix, timeout
        self._list, self._version = f"{prefix}revoked", f"{prefix}revoked:version"

    async def first(self, key: str, life: float) -> bool:
        milliseconds = max(1, round(life * 1000))
        marked = await self._try(self._redis.set(f"{self._prefix}once:{key}", b"", px=milliseconds, nx=True))
        return marked is not None

    async def revoke(self, entry: str, until: float) -> None:
        async with self._redis.pipeline(transaction=True) as transaction:
            transaction.zadd(self._list, {entry: until}, gt=True)
            transaction.zremrangebyscore(self._list, "-inf", time.time())
            transaction.set(self._version, secrets.token_hex(8))
            await self._try(transaction.execute())

    async def version(self) -> str:
        found = await self._try(self._redis.get(self._version))
        return found.decode() if isinstance(found, bytes) else ""

    async def revoked(self) -> dict[str, float]:
        listed: Any = await self._try(self._redis.zrangebyscore(self._list, time.time(), "+inf", withscores=True))
        return {entry.decode(): until for entry, until in listed}

    async def close(self) -> None:
        await self._redis.aclose()

    async def _try(self, call: Awaitable[Result]) -> Result:
        try:
            async with asyncio.timeout(self._timeout):
                return await call
        except (RedisError, OSError, TimeoutError) as error:
            raise MarksUnavailableError(f"the store in Redis fails: {type(error).__name__}") from error
