"""Names of people that can be forgotten.

The keys of some types (people, files under reserve) are recorded as HMAC-SHA256 under a key in a file of its own.
Whoever has the file can find the accesses to a person that he names; once it is destroyed, nobody can, and the records
still verify. Records made after that use a new key. Several gateways of one ledger are given the same file.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from gateway.ledger.durable_file import write_durably

FILE = "person.key"
_SEPARATOR = "\x1f"


def join_key(key: Iterable[str]) -> str:
    """A key of one or several fields, as one text."""
    return _SEPARATOR.join(key)


class PersonKeys:
    """`folder` holds the key file, made if missing. `digested`: the types whose keys are recorded as digests."""

    def __init__(self, folder: Path, digested: Iterable[str]) -> None:
        self._path = folder / FILE
        self._digested = frozenset(digested)
        self._read: tuple[tuple[int, int], bytes] | None = None

    def recorded(self, type_: str, key: Iterable[str]) -> str:
        """An entity's key as records have it: joined by U+001F, or `hmac:<key id>:<32 hex digits>`. Raises OSError or
        ValueError if the key file cannot be used."""
        text = join_key(key)
        if type_ not in self._digested:
            return text
        secret = self._secret()
        digest = hmac.new(secret, text.encode("utf-8", "surrogatepass"), hashlib.sha256)
        return f"hmac:{key_id(secret)}:{digest.hexdigest()[:32]}"

    def _secret(self) -> bytes:
        """The file's key: a file that was destroyed or replaced while the gateway runs is seen at once."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            _make(self._path)
            found = self._path.stat()
        version = (found.st_ino, found.st_mtime_ns)
        if self._read is None or self._read[0] != version:
            secret = bytes.fromhex(self._path.read_text(encoding="ascii"))
            if len(secret) != hashlib.sha256().digest_size:
                raise ValueError(f"{self._path} is no key of people: it holds 64 hexadecimal digits.")
            self._read = version, secret
        return self._read[1]


def key_id(secret: bytes) -> str:
    return hashlib.sha256(secret).hexdigest()[:8]


def destroy(folder: Path) -> bool:
    """Overwrites and removes the key file; whether there was one. Copies elsewhere are not reached."""
    path = folder / FILE
    if not path.exists():
        return False
    with path.open("r+b") as file:
        file.write(secrets.token_hex(32).encode())
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    return True


def _make(path: Path) -> None:
    """A new key, unless another process makes one at the same moment: then that one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.suppress(FileExistsError):
        write_durably(path, secrets.token_hex(32).encode(), new=True)
