"""The gateway's own signature, by which subgraphs know that it is the gateway that asks.

Each subgraph gets a token made for it alone: a JWT signed with Ed25519 (EdDSA, RFC 8037), with the caller's identity
and a life of half a minute. It has no request id, so it is signed once and used for some seconds by equal identities.
Keys rotate: the next key is published before it signs, and the last one stays published after.
"""

from __future__ import annotations

import base64
import hashlib
import os
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from gateway.access.identity import Identity

ISSUER = "quipu-gateway"
TOKEN_TYPE = "quipu-identity+jwt"  # noqa: S105 - a media type
LIFE = 30
"""Seconds that a token is good for."""
REUSE = 10
"""Seconds that a signed token is used again."""
MAX_TOKENS = 10_000


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key and its id, the SHA-256 of the public half."""

    key_id: str
    private: Ed25519PrivateKey

    def as_jwk(self) -> dict[str, str]:
        """The public half, as RFC 8037 has it."""
        return {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": self.key_id, "x": _x(self.private)}


def _x(private: Ed25519PrivateKey) -> str:
    raw = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _signing_key(private: Ed25519PrivateKey) -> SigningKey:
    return SigningKey(hashlib.sha256(_x(private).encode()).hexdigest()[:16], private)


@dataclass(eq=False)
class Signer:
    """Signs identities. `last`, `current` and `next_key` are published; `current` signs."""

    current: SigningKey
    next_key: SigningKey
    last: SigningKey | None = None
    clock: Callable[[], float] = time.time
    _tokens: OrderedDict[tuple[str, Identity], tuple[float, str]] = field(default_factory=OrderedDict)

    def token(self, subgraph: str, identity: Identity) -> str:
        """The token by which the subgraph knows who asks."""
        now = self.clock()
        known = self._tokens.get((subgraph, identity))
        if known is not None and 0 <= now - known[0] < REUSE:
            return known[1]
        token = self._sign(subgraph, identity, int(now))
        self._tokens[subgraph, identity] = (now, token)
        self._tokens.move_to_end((subgraph, identity))
        while len(self._tokens) > MAX_TOKENS:
            self._tokens.popitem(last=False)
        return token

    def _sign(self, subgraph: str, identity: Identity, now: int) -> str:
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": subgraph,
            "sub": identity.subject,
            "institution": identity.institution,
            "roles": list(identity.roles),
            "purpose": identity.purpose,
            "purpose_reference": identity.purpose_reference,
            "client": identity.client,
            "exceptional_reason": identity.exceptional_reason,
            "claims": dict(identity.claims),
            "iat": now,
            "exp": now + LIFE,
        }
        headers = {"typ": TOKEN_TYPE, "kid": self.current.key_id}
        return jwt.encode(claims, self.current.private, algorithm="EdDSA", headers=headers)

    def rotate(self) -> None:
        """The next key signs from now on; a new next key is published."""
        self.last, self.current, self.next_key = self.current, self.next_key, _signing_key(Ed25519PrivateKey.generate())
        self._tokens.clear()

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The published keys."""
        keys = [self.current, self.next_key, *([self.last] if self.last else [])]
        return {"keys": [key.as_jwk() for key in keys]}


def new_signer() -> Signer:
    """A signer with keys of its own."""
    return Signer(_signing_key(Ed25519PrivateKey.generate()), _signing_key(Ed25519PrivateKey.generate()))


def load_signer(folder: Path) -> Signer:
    """The signer whose keys are kept in the folder, made there if it has none. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Signer(kept_key(folder / "current.pem"), kept_key(folder / "next.pem"))


def kept_key(path: Path) -> SigningKey:
    """The key kept in that PEM file, made there for its owner's eyes alone if missing. Raises OSError or ValueError."""
    if not path.exists():
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
    private = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise OSError(f"{path} holds no Ed25519 key.")
    return _signing_key(private)
