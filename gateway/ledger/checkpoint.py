"""Tree heads as signed notes: C2SP signed-note and tlog-checkpoint, with tlog-cosignature v1 of institutions.

A head says how many records a log has, and the root over them. The log signs it with Ed25519, with several keys while
it changes them; whoever saw that it continues the head they saw before may cosign it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

LOG, WITNESS = 0x01, 0x04
"""Signature types: of a log, and of who cosigns."""
MAX_NOTE = 64 * 1024
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class CheckpointError(ValueError):
    """It is no head that can be trusted; the message says why."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """`kind` is LOG or WITNESS; `raw` 32 bytes. Its text, a C2SP verifier key, is `name+id+base64`."""

    name: str
    raw: bytes
    kind: int = LOG

    @property
    def key_id(self) -> bytes:
        """Four bytes."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.raw).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_base64(bytes([self.kind]) + self.raw)}"

    @classmethod
    def parse(cls, text: str) -> PublicKey:
        """Raises `CheckpointError`."""
        name, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        raw = _decode(encoded, "the key")
        if len(raw) != 33 or raw[0] not in (LOG, WITNESS) or not _named(name):
            raise CheckpointError(f"{text!r} is no Ed25519 key of a log or a witness: NAME+ID+BASE64.")
        key = cls(name, raw[1:], raw[0])
        if key.key_id.hex() != key_id:
            raise CheckpointError(f"the key {name!r} has another id than it says: copy it again, whole.")
        return key


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key, and the name under which it signs."""

    name: str
    private: Ed25519PrivateKey
    kind: int = LOG

    @property
    def public(self) -> PublicKey:
        raw = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return PublicKey(self.name, raw, self.kind)


@dataclass(frozen=True, slots=True)
class Head:
    """`size`: how many records. `root`: 32 bytes."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


@dataclass(frozen=True, slots=True)
class Signature:
    """One line of a note; `payload` is what follows the key's id."""

    name: str
    key_id: bytes
    payload: bytes

    def __str__(self) -> str:
        return f"— {self.name} {_base64(self.key_id + self.payload)}\n"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A head and its signatures, of which none is checked yet."""

    head: Head
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.head}\n{''.join(map(str, self.signatures))}"


def parse(note: str) -> Checkpoint:
    """The head of a note of three lines. Raises `CheckpointError`."""
    text, _, lines = note.rpartition("\n\n")
    parts = text.split("\n")
    if len(note) > MAX_NOTE or len(parts) != 3 or not lines.endswith("\n") or not _SIZE.fullmatch(parts[1]):
        raise CheckpointError("it is no tree head: origin, size and root, an empty line, and signatures.")
    root = _decode(parts[2], "the root")
    if len(root) != 32 or not parts[0]:
        raise CheckpointError("it is no tree head: its root has not 32 bytes, or its origin no name.")
    return Checkpoint(Head(parts[0], int(parts[1]), root), tuple(map(_signature, lines[:-1].split("\n"))))


def sign(head: Head, keys: Iterable[SigningKey]) -> Checkpoint:
    """The head, signed by every key of the log."""
    text = str(head).encode()
    return Checkpoint(head, tuple(Signature(key.name, key.public.key_id, key.private.sign(text)) for key in keys))


def cosign(checkpoint: Checkpoint, key: SigningKey, at: int) -> Checkpoint:
    """The note with one more line, in place of an older one by that key. `at`: seconds since 1970. It is the caller who
    checks that the head continues what it cosigned before."""
    public = key.public
    signature = at.to_bytes(8, "big") + key.private.sign(_cosigned(checkpoint.head, at))
    others = [line for line in checkpoint.signatures if (line.name, line.key_id) != (public.name, public.key_id)]
    return Checkpoint(checkpoint.head, (*others, Signature(public.name, public.key_id, signature)))


def signers(checkpoint: Checkpoint, keys: Sequence[PublicKey]) -> list[PublicKey]:
    """Those of the keys that signed. Raises `CheckpointError` if a line that bears a known key is not by it."""
    found = []
    for line in checkpoint.signatures:
        for key in keys:
            if (line.name, line.key_id) != (key.name, key.key_id):
                continue
            if not _is_by(key, line.payload, checkpoint.head):
                raise CheckpointError(f"the signature of {key.name!r} (key {key.key_id.hex()}) is not of this head.")
            found.append(key)
    return found


def trusted(note: str, keys: Sequence[PublicKey]) -> Checkpoint:
    """The note's head, signed by a known key of that very log. Raises `CheckpointError`."""
    checkpoint = parse(note)
    logs = [key for key in signers(checkpoint, keys) if key.kind == LOG and key.name == checkpoint.head.origin]
    if not logs:
        known = ", ".join(f"{key.name} {key.key_id.hex()}" for key in keys) or "none"
        raise CheckpointError(f"no known key of the log {checkpoint.head.origin!r} signed this head (known: {known}).")
    return checkpoint


def _is_by(key: PublicKey, payload: bytes, head: Head) -> bool:
    signed, signature = str(head).encode(), payload
    if key.kind == WITNESS:
        signed, signature = _cosigned(head, int.from_bytes(payload[:8], "big")), payload[8:]
    try:
        Ed25519PublicKey.from_public_bytes(key.raw).verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _cosigned(head: Head, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{head}".encode()


def _signature(line: str) -> Signature:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    raw = _decode(encoded, "a signature")
    if dash != "—" or not _named(name) or len(raw) < 5:
        raise CheckpointError("a line of its signatures is none: — NAME BASE64.")
    return Signature(name, raw[:4], raw[4:])


def _named(name: str) -> bool:
    return bool(name) and "+" not in name and not any(character.isspace() for character in name)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decode(text: str, what: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise CheckpointError(f"{what} is no base64.") from None
    if _base64(raw) != text:
        raise CheckpointError(f"{what} is base64 with bits to spare.")
    return raw
