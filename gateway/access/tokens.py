"""The caller's token -> an identity.

A token is a JWT in `Authorization: Bearer`. The issuer that it names chooses the rules that it is held to, and those
alone. An issuer that is bound to an institution speaks for nobody else's people, whatever its tokens say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gateway.access.claims import ClaimNames, Subject, subject_told
from gateway.access.errors import AuthenticationError, token_invalid
from gateway.access.identity import Identity
from gateway.access.jws import Keys, TokenRules, unverified_claims, verified
from gateway.access.purposes import Headers, stated
from gateway.access.revocation import Revocations

MAX_TOKEN = 8 * 1024


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who makes tokens, and what they are worth here. `institution`: whose people they are of; without one the tokens
    say it, which only an issuer may that all institutions trust."""

    keys: Keys
    rules: TokenRules
    names: ClaimNames = field(default_factory=ClaimNames)
    institution: str | None = None


class TokenVerifier:
    """Verifies the tokens of the issuers that are trusted, and of no others."""

    def __init__(self, *issuers: Issuer, revocations: Revocations | None = None) -> None:
        """The issuers' names must differ. Raises ValueError."""
        self._issuers = {issuer.rules.issuer: issuer for issuer in issuers}
        self.revocations = revocations
        if len(self._issuers) < len(issuers):
            raise ValueError("two issuers have one name")

    async def identify(self, headers: Headers) -> Identity:
        """The identity of a request with these headers. Raises `AuthenticationError`."""
        subject = await self._subject(_bearer(headers.getlist("authorization")))
        asked = stated(headers, subject)
        return Identity(
            subject=subject.subject,
            institution=subject.institution,
            roles=subject.roles,
            purpose=asked.purpose,
            purpose_reference=asked.reference,
            client=subject.client,
            exceptional_reason=asked.exceptional_reason,
            claims=subject.attributes,
            scopes=subject.scopes,
        )

    async def _subject(self, token: str) -> Subject:
        issuer = self._issuers.get(str(unverified_claims(token).get("iss")))
        if issuer is None:
            raise token_invalid("unknown issuer")
        claims = await verified(token, issuer.keys, issuer.rules)
        subject = subject_told(claims, issuer.names, issuer.institution)
        if self.revocations is not None:
            self.revocations.check(claims, subject, issuer.rules.leeway)
        return subject


def _bearer(authorization: Sequence[str]) -> str:
    if not authorization:
        raise AuthenticationError("UNAUTHENTICATED", "Send a token: Authorization: Bearer …")
    scheme, _, token = authorization[0].partition(" ")
    if len(authorization) > 1 or scheme.lower() != "bearer" or not token.strip() or len(token) > MAX_TOKEN:
        raise token_invalid("malformed Authorization")
    return token.strip()
