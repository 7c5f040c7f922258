"""Machine clients, such as audit integrations: each proves who it is with a key of its own (RFC 7523, section 3).

A client signs an assertion, good once and for minutes, and gets a token for it; no secret is ever shared. What it may
be is written where the gateway's operators see it, and its token says the same.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.access.errors import token_invalid, unavailable
from gateway.access.jws import Keys, TokenRules, unverified_claims, verified
from gateway.store.marks import Marks, MarksUnavailableError

ASSERTION_LIFE = 300
"""Seconds that an assertion may be good for."""
TOKEN_LIFE = 300
"""Seconds that a client's token is good for."""
TOKEN_TYPE = "at+jwt"  # noqa: S105 - a media type
MAX_ID = 128

_ASSERTIONS = frozenset({"jwt", "client-authentication+jwt"})


@dataclass(frozen=True, slots=True)
class Client:
    """A program that asks in the name of an institution. `attributes`: what agreements may compare with; `purposes`:
    the only ones that it may state, any if there are none."""

    name: str
    institution: str
    roles: tuple[str, ...]
    keys: Keys
    scopes: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    purposes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clients:
    """The clients that are known, by name. `gateway`: its own address, as assertions name it."""

    gateway: str
    known: Mapping[str, Client]

    @property
    def token_endpoint(self) -> str:
        """Where assertions are sent."""
        return f"{self.gateway}/oauth/token"


async def authenticated(assertion: str, clients: Clients, used: Marks) -> Client:
    """The client that signed the assertion, for this gateway and for the first time. Raises `AuthenticationError`."""
    told = unverified_claims(assertion)
    client = clients.known.get(str(told.get("iss")))
    if client is None:
        raise token_invalid("unknown client")
    audience = (clients.gateway, clients.token_endpoint)
    rules = TokenRules(client.name, audience, types=_ASSERTIONS, max_life=ASSERTION_LIFE)
    claims = await verified(assertion, client.keys, rules)
    _check(claims, client)
    await _use(claims, client, used, rules.leeway)
    return client


def token_claims(client: Client, gateway: str, scopes: Collection[str], token_id: str) -> dict[str, Any]:
    """What a token says that the gateway gives to a client (RFC 9068, section 2.2). Its subject can be nobody's whom
    an institution calls by the client's name."""
    now = int(time.time())
    claims = {
        "iss": gateway,
        "aud": gateway,
        "sub": f"client:{client.name}",
        "client_id": client.name,
        "jti": token_id,
        "institution": client.institution,
        "roles": list(client.roles),
        "claims": dict(client.attributes),
        "scope": " ".join(scopes),
        "iat": now,
        "exp": now + TOKEN_LIFE,
    }
    return claims | ({"purpose": list(client.purposes)} if client.purposes else {})


def _check(claims: dict[str, Any], client: Client) -> None:
    if claims.get("sub") != client.name:
        raise token_invalid("the subject of an assertion is the client")
    if not isinstance(claims["aud"], str):
        raise token_invalid("an assertion is for one audience")
    token_id = claims.get("jti")
    if not isinstance(token_id, str) or not 0 < len(token_id) <= MAX_ID:
        raise token_invalid("an assertion needs an id")


async def _use(claims: dict[str, Any], client: Client, used: Marks, leeway: float) -> None:
    life = claims["exp"] - time.time() + leeway
    try:
        if not await used.first(f"{client.name} {claims['jti']}", life):
            raise token_invalid("the assertion was used before")
    except MarksUnavailableError as error:
        raise unavailable(str(error)) from error
