"""A store in Redis, or what speaks its protocol, shared by all replicas.

Redis down costs what was kept there, never an answer: a failed call is a miss at once, and the server is left alone for
some seconds, in which nobody waits for it. Then one call tries it again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

CONNECTIONS = 50
Result = TypeVar("Result")


def redis_pool(url: str, timeout: float) -> BlockingConnectionPool:
    """Connections to that server, each given `timeout` seconds for anything. Raises ValueError for an address that is
    none of Redis."""
    return BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS,
        timeout=timeout,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        retry=Retry(NoBackoff(), 0),
    )


class RedisStore:
    """`timeout`: seconds for one call; `pause`: seconds between two tries of a server that fails."""

    def __init__(
        self,
        url: str,
        prefix: str,
        timeout: float,
        pause: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Connects to nothing yet. Raises ValueError for an address that is none of Redis."""
        self.hits = self.misses = 0
        self._redis = Redis.from_pool(redis_pool(url, timeout))
        self._prefix, self._timeout, self._pause, self._clock = prefix, timeout, pause, clock
        self._down = False
        self._next_try = 0.0

    async def get(self, key: str) -> bytes | None:
        """The value; None if Redis has none, or fails."""
        value = await self._try(lambda: self._redis.get(self._prefix + key))
        if isinstance(value, bytes):
            self.hits += 1
            return value
        self.misses += 1
        return None

    async def put(self, key: str, value: bytes, life: float) -> None:
        """Keeps the value for `life` seconds, at least a thousandth of one, unless Redis fails."""
        milliseconds = max(1, round(life * 1000))
        await self._try(lambda: self._redis.set(self._prefix + key, value, px=milliseconds))

    async def close(self) -> None:
        """Closes all connections."""
        await self._redis.aclose()

    async def _try(self, call: Callable[[], Awaitable[Result]]) -> Result | None:
        """The call's result; None where Redis fails or is left alone."""
        now = self._clock()
        if self._down:
            if now < self._next_try:
                return None
            self._next_try = now + self._pause  # the others go on without it while this call tries
        try:
            async with asyncio.timeout(self._timeout):
                result = await call()
        except (RedisError, OSError, TimeoutError) as error:
            self._failed(error)
            return None
        if self._down:
            self._down = False
            log.warning("the store in Redis answers again")
        return result

    def _failed(self, error: Exception) -> None:
        if not self._down:
            log.warning("the store in Redis fails, and is done without: %s", type(error).__name__)
        self._down = True
        self._next_try = self._clock() + self._pause
