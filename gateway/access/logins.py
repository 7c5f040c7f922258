"""Logging a person in at an institution's own provider: authorization code with PKCE (RFC 7636), as a public client.

The browser makes the verifier and the state and keeps both; the gateway says where to go, and redeems the code that
comes back, so that the page needs to reach no other host than its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.access.discovery import Provider
from gateway.access.fetching import ProviderError, post_form

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
MAX_CODE = 2_048


@dataclass(frozen=True, slots=True)
class Login:
    """How people of an institution log in. `resource`: what the token is to be for (RFC 8707), where its provider
    wants to be told."""

    institution: str
    provider: Provider
    client_id: str
    scope: str = "openid"
    resource: str | None = None

    def asked(self) -> dict[str, str]:
        """What both requests of a login say."""
        resource = {} if self.resource is None else {"resource": self.resource}
        return {"client_id": self.client_id, **resource}


async def beginning(login: Login, callback: str) -> dict[str, Any]:
    """Where a browser goes, with which parameters beside its own state and challenge. Raises `ProviderError`."""
    metadata = await login.provider.metadata()
    if metadata.authorization_endpoint is None or metadata.token_endpoint is None:
        raise ProviderError(f"{login.provider.issuer} lets nobody log in")
    return {
        "address": metadata.authorization_endpoint,
        "parameters": {
            **login.asked(),
            "response_type": "code",
            "redirect_uri": callback,
            "scope": login.scope,
            "code_challenge_method": "S256",
        },
        "issuer": login.provider.issuer,
        "statesIssuer": metadata.states_issuer,
    }


async def redeemed(login: Login, callback: str, code: str, verifier: str) -> str:
    """The access token for a code. Raises `ProviderError`; its status is the provider's where that said no."""
    if not 0 < len(code) <= MAX_CODE or not _VERIFIER.fullmatch(verifier):
        raise ProviderError("no code and verifier", 400)
    metadata = await login.provider.metadata()
    if metadata.token_endpoint is None:
        raise ProviderError(f"{login.provider.issuer} lets nobody log in")
    form = {
        **login.asked(),
        "grant_type": "authorization_code",
        "redirect_uri": callback,
        "code": code,
        "code_verifier": verifier,
    }
    return _access_token(await post_form(metadata.token_endpoint, form), login)


def _access_token(answer: Mapping[str, Any], login: Login) -> str:
    token, kind = answer.get("access_token"), answer.get("token_type")
    if not isinstance(token, str) or not isinstance(kind, str) or kind.lower() != "bearer":
        raise ProviderError(f"{login.provider.issuer} gives no bearer token")
    return token
