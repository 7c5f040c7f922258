"""Automatic persisted queries: a document sent once, then named by its SHA-256 (Apollo's protocol, version 1).

The store holds documents alone, never an answer, and no document that this gateway would not run: it is kept after it
was parsed, validated and planned for whoever sent it. What comes out of the store is held against its hash again, and
goes the way of any other document.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from gateway.store.store import Store
from gateway.transport.requests import GraphQLRequest, HttpError

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class PersistedQueries:
    """`life`: seconds that a document is remembered; `max_bytes`: of one document, in UTF-8."""

    store: Store
    life: float
    max_bytes: int

    async def document(self, asked: GraphQLRequest) -> str:
        """The text to run. Raises `HttpError`: PERSISTED_QUERY_NOT_FOUND (on which the client sends the text too),
        PERSISTED_QUERY_HASH_MISMATCH, PERSISTED_QUERY_NOT_SUPPORTED or BAD_REQUEST."""
        digest = _digest(asked)
        if digest is None:
            return asked.query
        if asked.query:
            if hashlib.sha256(asked.query.encode()).hexdigest() != digest:
                message = "`sha256Hash` is not the SHA-256 of `query`."
                raise HttpError(400, "PERSISTED_QUERY_HASH_MISMATCH", message)
            return asked.query
        kept = await self.store.get(_key(digest))
        if kept is None or hashlib.sha256(kept).hexdigest() != digest:
            # Clients know it by this very message, and take any status but 200 for a gateway that cannot do it at all.
            raise HttpError(200, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
        return kept.decode()

    async def remember(self, asked: GraphQLRequest) -> None:
        """Keeps a document that came with its hash. Only for one that was found fit to run."""
        digest, text = _digest(asked), asked.query.encode()
        if digest is not None and 0 < len(text) <= self.max_bytes:
            await self.store.put(_key(digest), text, self.life)


def _digest(asked: GraphQLRequest) -> str | None:
    """The hash that the client names the document by, if it does."""
    given = asked.extensions.get("persistedQuery")
    if given is None:
        return None
    if not isinstance(given, dict) or type(given.get("version")) is not int:
        raise HttpError(400, "BAD_REQUEST", "`persistedQuery` must have a `version` and a `sha256Hash`.")
    if given["version"] != 1:
        message = "Persisted queries are served in version 1 alone. Send the whole `query`."
        raise HttpError(400, "PERSISTED_QUERY_NOT_SUPPORTED", message)
    digest = given.get("sha256Hash")
    if not isinstance(digest, str) or not _HASH.fullmatch(digest):
        raise HttpError(400, "BAD_REQUEST", "`sha256Hash` must be a SHA-256 in 64 small hexadecimal digits.")
    return digest


def _key(digest: str) -> str:
    return f"document:{digest}"
