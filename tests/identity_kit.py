"""An issuer of tokens, and tokens that should not get in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gateway.access.jws import TokenRules
from gateway.access.keys import KeySource
from gateway.access.revocation import Revocations
from gateway.access.tokens import Issuer, TokenVerifier
from gateway.transport.oauth import ASSERTION
from gateway.upstream.signing import Signer

ISSUER = "https://identity.example"
GATEWAY = "https://quipu.example"
OURS = rsa.generate_private_key(65537, 2048)
PUBLIC_PEM = OURS.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    given = {
        "iss": ISSUER,
        "aud": "quipu",
        "sub": "jueza.uno",
        "iat": now,
        "exp": now + 300,
        "institution": "PJ",
        "roles": ["judge"],
        "client_id": "escritorio",
        **changes,
    }
    return {name: value for name, value in given.items() if value is not None}


def token(key: Any = OURS, algorithm: str = "RS256", kid: str = "k1", headers: Any = None, **changes: Any) -> str:
    return jwt.encode(claims(**changes), key, algorithm=algorithm, headers={"kid": kid, **(headers or {})})


def unsigned() -> str:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none', 'typ': 'JWT', 'kid': 'k1'})}.{part(claims())}."


def hmac_with_the_public_key() -> str:
    def part(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

    head = part(b'{"alg": "HS256", "kid": "k1"}') + "." + part(json.dumps(claims()).encode())
    return head + "." + part(hmac.new(PUBLIC_PEM, head.encode(), hashlib.sha256).digest())


def deep_header() -> str:
    """Its header is JSON that nests deeper than a parser may recurse."""
    header = b'{"alg": "RS256", "kid": "k1", "x": ' + b"[" * 2_000 + b"]" * 2_000 + b"}"
    return base64.urlsafe_b64encode(header).rstrip(b"=").decode() + ".e30.AAAA"


def jwks() -> str:
    """The issuer's published key."""
    entry = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(OURS.public_key()))
    return json.dumps({"keys": [{**entry, "kid": "k1", "alg": "RS256", "use": "sig"}]})


class _Known(KeySource):
    async def _load(self) -> dict[str, Any]:
        published: dict[str, Any] = json.loads(jwks())
        return published


def verifier_of(revocations: Revocations | None = None) -> TokenVerifier:
    """A verifier that knows the issuer's key."""
    return TokenVerifier(Issuer(_Known("the kit"), TokenRules(ISSUER, "quipu")), revocations=revocations)


def assertion(client: Signer, typ: str = "JWT", **changes: Any) -> str:
    """What a machine client, the auditor's if nothing else is said, signs to get a token of the gateway."""
    now = int(time.time())
    told = {
        "iss": "cgr-audit",
        "sub": "cgr-audit",
        "aud": f"{GATEWAY}/oauth/token",
        "iat": now,
        "exp": now + 60,
        "jti": str(time.monotonic_ns()),
        **changes,
    }
    kept = {name: value for name, value in told.items() if value is not None}
    headers = {"kid": client.current.key_id, "typ": typ}
    return jwt.encode(kept, client.current.private, algorithm="EdDSA", headers=headers)


def assertion_form(signed: str, **changes: str) -> dict[str, str]:
    """The form that it sends the assertion with."""
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION,
        "client_assertion": signed,
        **changes,
    }
