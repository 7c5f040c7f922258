"""The log's signing keys, in a folder.

Each key is a PEM file `signing-NNNN.pem`; heads are signed by every one of them. Changing keys makes a new one and
removes all but the one before, so that whoever knows either can check the heads until the next change. Public halves
are added to `ledger.pub`, one a line, and stay there: old heads are checked by them.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from gateway.ledger.checkpoint import LOG, PublicKey, SigningKey
from gateway.ledger.durable_file import write_durably

PUBLIC_FILE = "ledger.pub"


def signing_keys(folder: Path, origin: str) -> list[SigningKey]:
    """The log's keys, newest first; a first one is made if there is none. Raises OSError or ValueError."""
    files = _files(folder)
    if not files:
        files = [_make(folder, 1)]
    keys = [read_private(path, origin) for path in reversed(files)]
    _publish(folder, keys)
    return keys


def rotate(folder: Path, origin: str) -> SigningKey:
    """A new key, which signs beside the one before it. Raises OSError or ValueError."""
    signing_keys(folder, origin)
    files = _files(folder)
    _make(folder, _number(files[-1]) + 1)
    for retired in files[:-1]:
        retired.unlink()
    return signing_keys(folder, origin)[0]


def read_public(path: Path) -> list[PublicKey]:
    """The keys of a file, one a line. Raises OSError or `CheckpointError`."""
    return [PublicKey.parse(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def read_private(path: Path, name: str, kind: int = LOG) -> SigningKey:
    """The key of a PEM file. Raises OSError or ValueError."""
    private = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise ValueError(f"{path} holds no Ed25519 key.")
    return SigningKey(name, private, kind)


def make_private(path: Path) -> None:
    """A new key in a PEM file for its owner's eyes alone. Raises FileExistsError."""
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_durably(path, pem, new=True)


def _make(folder: Path, number: int) -> Path:
    path = folder / f"signing-{number:04}.pem"
    make_private(path)
    return path


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("signing-*.pem"), key=_number)


def _number(path: Path) -> int:
    return int(path.stem.removeprefix("signing-"))


def _publish(folder: Path, keys: list[SigningKey]) -> None:
    path = folder / PUBLIC_FILE
    known = [str(key) for key in read_public(path)] if path.exists() else []
    lines = list(dict.fromkeys([*known, *(str(key.public) for key in reversed(keys))]))
    if lines != known:
        write_durably(path, "".join(f"{line}\n" for line in lines).encode(), mode=0o644)
