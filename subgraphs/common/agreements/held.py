"""The agreements that an institution holds: its own copies of those by which it gives data, each signed by its parties.

The folder has `parties.toml`, one `NUMBER.toml` an agreement, and beside it each party's signature of its bytes,
`NUMBER.toml.PARTY.sig` (Ed25519, base64). Those by which others give are not this institution's business.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from subgraphs.common.agreements.text import Agreement, AgreementError, Party, read_agreement, read_parties

_PARTIES = "parties.toml"
_MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Held:
    """An agreement, and the SHA-256 of its file in hex, by which records cite it."""

    agreement: Agreement
    digest: str


@dataclass(frozen=True, eq=False)
class HeldAgreements:
    """`provider`: the sign of the institution that holds them. Compared by identity: what they decide is kept."""

    provider: str
    held: tuple[Held, ...]


def read_held(folder: Path, subgraph: str) -> HeldAgreements:
    """What the institution of that subgraph holds. Raises `AgreementError` with everything that is wrong."""
    parties = _parties(folder / _PARTIES)
    provider = next((sign for sign, party in parties.items() if subgraph in party.subgraphs), None)
    if provider is None:
        raise AgreementError(f"{folder / _PARTIES}: no party publishes the subgraph {subgraph}.")
    held: list[Held] = []
    problems: list[str] = []
    for file in sorted(folder.glob("*.toml")):
        if file.name == _PARTIES:
            continue
        try:
            raw = _bytes(file)
            agreement = read_agreement(raw)
        except (OSError, AgreementError) as error:
            problems.append(f"{file}: {error}.")
            continue
        if agreement.provider == provider:
            problems += _unsigned(file, raw, agreement, parties)
            held.append(Held(agreement, hashlib.sha256(raw).hexdigest()))
    if problems:
        raise AgreementError("\n".join(problems))
    return HeldAgreements(provider, tuple(held))


def _parties(file: Path) -> dict[str, Party]:
    try:
        return read_parties(_bytes(file))
    except (OSError, AgreementError) as error:
        raise AgreementError(f"{file}: {error}.") from error


def _unsigned(file: Path, raw: bytes, agreement: Agreement, parties: dict[str, Party]) -> Iterator[str]:
    for sign in dict.fromkeys((agreement.consumer, agreement.provider)):
        signature = file.with_name(f"{file.name}.{sign}.sig")
        if sign not in parties or not signature.is_file() or not _signed(raw, signature, parties[sign]):
            yield f"{file}: it is not signed by {sign} as it stands: {signature.name} is missing or of another text."


def _signed(raw: bytes, file: Path, party: Party) -> bool:
    try:
        signature = base64.b64decode(file.read_bytes().strip(), validate=True)
        keys = [Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True)) for key in party.keys]
    except (OSError, ValueError, binascii.Error):  # nobody signed with what cannot be read
        return False
    return any(_is_by(key, signature, raw) for key in keys)


def _is_by(key: Ed25519PublicKey, signature: bytes, raw: bytes) -> bool:
    try:
        key.verify(signature, raw)
    except InvalidSignature:
        return False
    return True


def _bytes(file: Path) -> bytes:
    with file.open("rb") as opened:
        raw = opened.read(_MOST_BYTES + 1)
    if len(raw) > _MOST_BYTES:
        raise AgreementError(f"it has more than {_MOST_BYTES} bytes")
    return raw
