"""Which tokens are revoked before their end: one by its id, or all that a subject was given until now.

Each gateway keeps a copy of the list in the shared store and looks every second whether there is another, so a request
waits for nothing. What it once knew as revoked stays so while the token could still be good, even if the store loses
the list. A gateway that never read it, or not for long, knows nobody: a revoked token must not come in by an outage.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.access.claims import Subject
from gateway.access.errors import AuthenticationError, unavailable
from gateway.access.jws import MAX_LIFE
from gateway.store.marks import Marks, MarksUnavailableError

log = logging.getLogger(__name__)

KEPT = MAX_LIFE + 3600
"""Seconds that an entry is kept: longer than any token is good for that was issued before."""


def token_entry(issuer: str, token_id: str) -> str:
    """The entry for the token of that id (`jti`)."""
    return json.dumps(["token", issuer, token_id])


def subject_entry(institution: str, subject: str, before: float) -> str:
    """The entry for all tokens of a subject that were issued until then, in seconds of Unix time."""
    return json.dumps(["subject", institution, subject, int(before)])


@dataclass(eq=False)
class Revocations:
    """`interval`: seconds between looks at the store; `grace`: seconds without a look in which the copy is still
    relied on."""

    marks: Marks
    interval: float = 1.0
    grace: float = 300.0
    _kept: dict[str, float] = field(default_factory=dict)
    _tokens: set[tuple[str, str]] = field(default_factory=set)
    _subjects: dict[tuple[str, str], int] = field(default_factory=dict)
    _version: str | None = None
    _read_at: float = float("-inf")

    def check(self, claims: Mapping[str, Any], subject: Subject, leeway: float) -> None:
        """Raises `AuthenticationError` if the verified token of that subject is revoked, or that is not known."""
        if time.monotonic() - self._read_at > self.grace:
            raise unavailable("the list of what is revoked was not read for too long")
        before = self._subjects.get((subject.institution, subject.subject))
        by_id = (str(claims["iss"]), str(claims.get("jti"))) in self._tokens
        if by_id or (before is not None and claims["iat"] <= before + leeway):
            raise AuthenticationError("TOKEN_REVOKED", "The token has been revoked. Get a new one.")

    async def follow(self) -> None:
        """Looks at the store until it is cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(self.interval)

    async def look(self) -> None:
        """Looks once; a store that fails is tried again at the next look."""
        try:
            version = await self.marks.version()
            if version != self._version:
                self._take(await self.marks.revoked())
                self._version = version
            self._read_at = time.monotonic()
        except (MarksUnavailableError, ValueError) as error:  # an entry that nobody here wrote is as bad as none
            log.warning("the list of what is revoked cannot be read: %s", error)

    def _take(self, listed: Mapping[str, float]) -> None:
        now = time.time()
        self._kept = {entry: until for entry, until in {**self._kept, **listed}.items() if until > now}
        told = [json.loads(entry) for entry in self._kept]
        self._tokens = {(issuer, id_) for kind, issuer, id_, *_ in told if kind == "token"}
        self._subjects = {}
        for kind, institution, subject, *before in told:
            if kind == "subject":
                key = (institution, subject)
                self._subjects[key] = max(self._subjects.get(key, 0), *before)
