"""Whom a gateway knows: the issuers, clients and revocations of its settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.cli.errors import CommandError

if TYPE_CHECKING:
    from gateway.access.issuers import Trusted
    from gateway.access.tokens import TokenVerifier
    from gateway.settings import IdentitySettings, Settings
    from gateway.transport.login import Logins
    from gateway.transport.oauth import TokenEndpoint
    from gateway.upstream.signing import Signer


@dataclass(frozen=True, slots=True)
class Trust:
    """`verifier` is None where nobody is asked; `tokens` are for machine clients and `logins` for people, where there
    are any."""

    verifier: TokenVerifier | None = None
    tokens: TokenEndpoint | None = None
    logins: Logins | None = None


def trust_of(settings: Settings, signer: Signer | None, open_: bool) -> Trust:
    """Raises `CommandError` if the settings do not say whom to know, or say it in two ways."""
    from gateway.access.clients import Clients
    from gateway.access.revocation import Revocations
    from gateway.access.tokens import TokenVerifier
    from gateway.cli.gateway_app import marks_of
    from gateway.transport.login import Logins
    from gateway.transport.oauth import TokenEndpoint

    identity = settings.identity
    if open_ == bool(identity.issuers or identity.jwks or identity.issuer or identity.keys):
        raise CommandError("pass either --open, for public data, or --issuers and --keys.")
    if open_:
        return Trust()
    if signer is None:
        raise CommandError("identities need --keys, with which the gateway signs them for the subgraphs.")
    trusted = _trusted(identity)
    marks = marks_of(settings.store)
    clients = Clients(trusted.gateway, trusted.clients)
    tokens = TokenEndpoint(clients, signer, marks) if trusted.clients else None
    logins = Logins(trusted.gateway, trusted.logins) if trusted.logins else None
    issuers = (*trusted.issuers, *([tokens.issuer()] if tokens else []))
    revocations = Revocations(marks) if settings.store.url else None
    return Trust(TokenVerifier(*issuers, revocations=revocations), tokens, logins)


def _trusted(identity: IdentitySettings) -> Trusted:
    from gateway.access.issuers import IssuersError, Trusted, read_issuers
    from gateway.access.jws import TokenRules
    from gateway.access.keys import KeySource
    from gateway.access.tokens import Issuer

    if identity.issuers:
        if identity.jwks or identity.issuer:
            raise CommandError("pass either --issuers, or one issuer that all institutions trust: --jwks and --issuer.")
        try:
            return read_issuers(identity.issuers)
        except IssuersError as error:
            raise CommandError(str(error)) from error
    if not (identity.jwks and identity.issuer):
        raise CommandError("identities need --issuers, or both --jwks and --issuer.")
    return Trusted((Issuer(KeySource(identity.jwks), TokenRules(identity.issuer, identity.audience)),))
