"""Tokens for machine clients: POST /oauth/token (RFC 6749, section 4.4; RFC 7523), and where to find it (RFC 8414).

The gateway signs them with the keys that it publishes anyway, as access tokens (RFC 9068) for itself alone; what it
signs for subgraphs is of another type, so that neither can be used for the other.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

import jwt
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.access.clients import TOKEN_LIFE, TOKEN_TYPE, Client, Clients, authenticated, token_claims
from gateway.access.errors import AuthenticationError
from gateway.access.jws import TokenRules
from gateway.access.keys import ALGORITHMS, PublicKey
from gateway.access.tokens import Issuer
from gateway.store.marks import Marks
from gateway.transport.bodies import BodyTooLargeError, bounded_body
from gateway.upstream.signing import Signer

log = logging.getLogger(__name__)

MAX_FORM = 16 * 1024
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_HEADERS = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class OAuthError(Exception):
    """A refusal as RFC 6749, section 5.2, has it."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.status = status


@dataclass(frozen=True, slots=True)
class _Published:
    """The gateway's own public keys."""

    signer: Signer

    async def key(self, key_id: str) -> PublicKey | None:
        found = next((entry for entry in self.signer.jwks()["keys"] if entry["kid"] == key_id), None)
        return None if found is None else {"EdDSA": jwt.PyJWK(found, algorithm="EdDSA")}


@dataclass(frozen=True, slots=True)
class TokenEndpoint:
    """Gives tokens to the clients that are known."""

    clients: Clients
    signer: Signer
    used: Marks

    def issuer(self) -> Issuer:
        """By which the gateway knows its own tokens again."""
        address = self.clients.gateway
        types = frozenset({TOKEN_TYPE})
        return Issuer(_Published(self.signer), TokenRules(address, address, ("EdDSA",), types=types))

    def routes(self) -> list[Route]:
        """The endpoint, and the metadata of the server that it is of."""
        return [
            Route("/oauth/token", self._token, methods=["POST"]),
            Route("/.well-known/oauth-authorization-server", self._metadata),
        ]

    async def _token(self, request: Request) -> Response:
        try:
            form = await _form(request)
            client = await self._client(form)
            scopes = _scopes(form, client)
        except OAuthError as error:
            told = {"error": error.error, "error_description": str(error)}
            return JSONResponse(told, error.status, headers=_HEADERS)
        token_id = secrets.token_hex(16)
        log.info("client %s was given the token %s", client.name, token_id)
        key = self.signer.current
        headers = {"typ": TOKEN_TYPE, "kid": key.key_id}
        claims = token_claims(client, self.clients.gateway, scopes, token_id)
        answer = {
            "access_token": jwt.encode(claims, key.private, algorithm="EdDSA", headers=headers),
            "token_type": "Bearer",
            "expires_in": TOKEN_LIFE,
            "scope": " ".join(scopes),
        }
        return JSONResponse(answer, headers=_HEADERS)

    async def _client(self, form: Mapping[str, str]) -> Client:
        try:
            client = await authenticated(form["client_assertion"], self.clients, self.used)
        except AuthenticationError as error:
            log.info("a client is refused: %s", error.reason or error.code)
            if error.status == 503:
                raise OAuthError("temporarily_unavailable", "Clients cannot be known now. Try again.", 503) from error
            message = "The assertion is not valid here: sign a new one, for this server, with the key that it knows."
            raise OAuthError("invalid_client", message, 401) from error
        if form.get("client_id", client.name) != client.name:
            raise OAuthError("invalid_client", "client_id is not who signed the assertion.", 401)
        return client

    async def _metadata(self, _: Request) -> Response:
        address = self.clients.gateway
        told = {
            "issuer": address,
            "token_endpoint": self.clients.token_endpoint,
            "jwks_uri": f"{address}/.well-known/jwks.json",
            "grant_types_supported": ["client_credentials"],
            "response_types_supported": [],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
        }
        return JSONResponse(told)


async def _form(request: Request) -> dict[str, str]:
    """The request's parameters, each once and what the endpoint needs. Raises `OAuthError`."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/x-www-form-urlencoded":
        raise OAuthError("invalid_request", "Send application/x-www-form-urlencoded.")
    try:
        pairs = parse_qsl((await bounded_body(request, MAX_FORM)).decode(), strict_parsing=True, max_num_fields=20)
    except BodyTooLargeError as error:
        raise OAuthError("invalid_request", f"The form is larger than {MAX_FORM} bytes.", 413) from error
    except ValueError as error:
        raise OAuthError("invalid_request", "The form cannot be read.") from error
    form = dict(pairs)
    if len(form) < len(pairs):
        raise OAuthError("invalid_request", "A parameter is there twice.")
    if form.get("grant_type") != "client_credentials":
        raise OAuthError("unsupported_grant_type", "Send grant_type=client_credentials.")
    if form.get("client_assertion_type") != ASSERTION or "client_assertion" not in form:
        raise OAuthError("invalid_client", f"Send client_assertion, and client_assertion_type={ASSERTION}.", 401)
    if "client_secret" in form or "authorization" in request.headers:
        raise OAuthError("invalid_request", "Send the assertion alone: it proves who you are.")
    return form


def _scopes(form: Mapping[str, str], client: Client) -> tuple[str, ...]:
    asked = tuple(form.get("scope", " ".join(client.scopes)).split())
    if not set(asked) <= set(client.scopes):
        raise OAuthError("invalid_scope", "The client has not every scope that it asks for.")
    return asked
