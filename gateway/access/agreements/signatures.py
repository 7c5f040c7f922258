"""Detached signatures: `NUMBER.toml.PJ.sig` holds PJ's Ed25519 signature (RFC 8032) of the file's bytes, in base64."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.access.agreements.parties import Institution


def signature_file(agreement: Path, party: str) -> Path:
    """Where the party's signature of the file lies."""
    return agreement.with_name(f"{agreement.name}.{party}.sig")


def signature(raw: bytes, key: Ed25519PrivateKey) -> str:
    """The signature as its file holds it."""
    return base64.b64encode(key.sign(raw)).decode() + "\n"


def signed_by(raw: bytes, written: str, institution: Institution) -> bool:
    """Whether one of the institution's keys made this signature of these bytes."""
    try:
        signed = base64.b64decode(written.strip(), validate=True)
    except (binascii.Error, ValueError):  # whoever wrote that did not sign
        return False
    for key in institution.public_keys():
        try:
            key.verify(signed, raw)
        except InvalidSignature:
            continue
        return True
    return False
