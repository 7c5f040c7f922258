"""A revoked token comes in nowhere, also while the store is away or has lost its list."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import pytest
from identity_kit import ISSUER, claims, token, verifier_of
from starlette.datastructures import Headers

from gateway.access.errors import AuthenticationError
from gateway.access.revocation import Revocations, subject_entry, token_entry
from gateway.access.tokens import TokenVerifier
from gateway.store.marks import MarksUnavailableError, MemoryMarks

LATER = time.time() + 3600


@dataclass(eq=False)
class Failing(MemoryMarks):
    """Marks that can be away."""

    away: bool = field(default=False)

    async def version(self) -> str:
        if self.away:
            raise MarksUnavailableError("away")
        return await super().version()


def verifier(marks: MemoryMarks, grace: float = 300.0) -> TokenVerifier:
    return verifier_of(Revocations(marks, grace=grace))


async def outcome(verifier: TokenVerifier, **changes: Any) -> str:
    try:
        await verifier.identify(Headers({"Authorization": f"Bearer {token(**changes)}"}))
    except AuthenticationError as error:
        return error.code
    return "OK"


async def look(verifier: TokenVerifier) -> None:
    assert verifier.revocations is not None
    await verifier.revocations.look()


async def test_one_token_is_revoked_by_its_id_and_its_issuer() -> None:
    marks = MemoryMarks()
    asked = verifier(marks)
    await marks.revoke(token_entry(ISSUER, "t1"), LATER)
    await marks.revoke(token_entry("https://other.example", "t2"), LATER)
    await look(asked)
    assert await outcome(asked, jti="t1") == "TOKEN_REVOKED"
    assert await outcome(asked, jti="t2") == "OK"
    assert await outcome(asked) == "OK"


async def test_all_of_a_subject_until_then_and_none_after() -> None:
    marks, now = MemoryMarks(), int(time.time())
    asked = verifier(marks)
    await marks.revoke(subject_entry("PJ", "jueza.uno", now - 60), LATER)
    await marks.revoke(subject_entry("PJ", "jueza.uno", now - 600), LATER)
    await look(asked)
    assert await outcome(asked, iat=now - 61) == "TOKEN_REVOKED"
    assert await outcome(asked, iat=now - 58) == "TOKEN_REVOKED"  # the issuer's clock may be ahead of ours
    assert await outcome(asked, iat=now - 50) == "OK"
    assert await outcome(asked, iat=now - 61, sub="juez.dos") == "OK"
    assert await outcome(asked, iat=now - 61, institution="MP") == "OK"


async def test_what_is_revoked_stays_so_when_the_store_loses_its_list() -> None:
    marks = MemoryMarks()
    asked = verifier(marks)
    await marks.revoke(token_entry(ISSUER, "t1"), LATER)
    await look(asked)
    marks._revoked.clear()
    marks._version = ""
    await look(asked)
    assert await outcome(asked, jti="t1") == "TOKEN_REVOKED"


async def test_nobody_is_known_before_the_list_was_read_nor_long_after() -> None:
    marks = Failing(away=True)
    asked = verifier(marks)
    assert await outcome(asked) == "IDENTITY_UNAVAILABLE"
    await look(asked)
    assert await outcome(asked) == "IDENTITY_UNAVAILABLE"
    marks.away = False
    await look(asked)
    assert await outcome(asked) == "OK"
    marks.away = True
    await look(asked)
    assert await outcome(asked) == "OK"
    impatient = verifier(Failing(), grace=0)
    await look(impatient)
    assert await outcome(impatient) == "IDENTITY_UNAVAILABLE"


async def test_an_entry_that_cannot_be_read_is_no_reading() -> None:
    marks = MemoryMarks()
    await marks.revoke("no JSON", LATER)
    asked = verifier(marks)
    await look(asked)
    assert await outcome(asked) == "IDENTITY_UNAVAILABLE"


@pytest.mark.parametrize("life", [24 * 3600, 24 * 3600 + 1])
async def test_no_token_lives_longer_than_a_revocation(life: int) -> None:
    told = claims()
    expected = "OK" if life == 24 * 3600 else "TOKEN_INVALID"
    assert await outcome(verifier_of(), exp=told["iat"] + life, iat=told["iat"]) == expected
