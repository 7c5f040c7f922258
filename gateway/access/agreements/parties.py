"""The institutions that sign agreements: what they publish, and the keys that they sign with (`parties.toml`)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Annotated

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Meta

from gateway.access.agreements.document import AgreementError, Party

PARTIES_FILE = "parties.toml"
_KEY_BYTES = 32


class Institution(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`subgraphs`: the names of those that it publishes, none for one that only reads; `keys`: its public keys, each
    the base64 of 32 bytes (Ed25519, RFC 8032), of which any may have signed."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    keys: Annotated[tuple[str, ...], Meta(min_length=1, max_length=10)]
    subgraphs: tuple[str, ...] = ()

    def public_keys(self) -> tuple[Ed25519PublicKey, ...]:
        """The keys, read. Raises ValueError for what is none."""
        return tuple(_public_key(text) for text in self.keys)


Parties = Mapping[str, Institution]


def read_parties(raw: bytes) -> dict[str, Institution]:
    """The institutions by their sign, such as `PJ`. Raises `AgreementError`."""
    try:
        parties = msgspec.toml.decode(raw, type=dict[Party, Institution])
        for institution in parties.values():
            institution.public_keys()
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError) as error:
        raise AgreementError(str(error)) from error
    owners = [name for institution in parties.values() for name in institution.subgraphs]
    if twice := sorted({name for name in owners if owners.count(name) > 1}):
        raise AgreementError(f"two institutions publish {', '.join(twice)}; a subgraph is one institution's")
    return parties


def provider_of(parties: Parties, subgraph: str) -> str | None:
    """Whose subgraph it is."""
    return next((sign for sign, institution in parties.items() if subgraph in institution.subgraphs), None)


def _public_key(text: str) -> Ed25519PublicKey:
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("a key is no base64") from error
    if len(raw) != _KEY_BYTES:
        raise ValueError(f"a key has {_KEY_BYTES} bytes")
    return Ed25519PublicKey.from_public_bytes(raw)
