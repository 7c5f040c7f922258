"""Which ledger a command works on: the demo's, or the one that is named with the log's public key."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from gateway.cli.errors import CommandError, read_text
from gateway.cli.identities import DEFAULT_DATA

if TYPE_CHECKING:
    from gateway.ledger.checkpoint import Checkpoint, PublicKey
    from gateway.ledger.store import Reader

DATA = DEFAULT_DATA
LEDGER_FILE = Path("ledger/ledger.db")
LEDGER_KEYS = Path("ledger/keys")
"""Both under the demo's folder."""
Data = Annotated[Path, typer.Option("--data", help="The demo's folder, which has the ledger and its keys.")]
Url = Annotated[str | None, typer.Option("--ledger", help="The ledger, a file or postgresql://…, in place of --data.")]
Key = Annotated[Path | None, typer.Option("--key", help="The log's public keys, ledger.pub, in place of --data's.")]
KeysFolder = Annotated[Path | None, typer.Option("--keys", help="The ledger's folder of keys, in place of --data's.")]
Since = Annotated[Path | None, typer.Option("--since", help="A head that was kept: the ledger must continue it.")]
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Place:
    """`url`: a file or postgresql://…; `public`: the file of the log's public keys."""

    url: str
    public: Path

    def keys(self) -> list[PublicKey]:
        """Raises `CommandError`."""
        return read_keys(self.public)


def the_place(data: Path, url: str | None, key: Path | None) -> Place:
    """Raises `CommandError` if a ledger is named without its key."""
    if url is None:
        return Place(str(data / LEDGER_FILE), key or keys_folder(data, None) / "ledger.pub")
    if key is None:
        raise CommandError("--ledger asks for --key, the log's public keys: nobody else can vouch for what it holds.")
    return Place(url, key)


def keys_folder(data: Path, folder: Path | None) -> Path:
    """The folder of keys."""
    return folder or data / LEDGER_KEYS


def read_keys(path: Path) -> list[PublicKey]:
    """Raises `CommandError`."""
    from gateway.ledger.checkpoint import CheckpointError
    from gateway.ledger.keys import read_public

    try:
        keys = read_public(path)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not UTF-8 text.") from error
    except CheckpointError as error:
        raise CommandError(f"{path} is no file of public keys: {error}") from error
    if not keys:
        raise CommandError(f"{path} has no public key.")
    return keys


def kept_head(path: Path, keys: list[PublicKey]) -> Checkpoint:
    """A head that somebody kept, signed by the log. Raises `CommandError`."""
    from gateway.ledger.checkpoint import CheckpointError, trusted

    try:
        return trusted(read_text(path), keys)
    except CheckpointError as error:
        raise CommandError(f"{path} is no head of this log: {error}") from error


async def signed_head(reader: Reader, keys: list[PublicKey]) -> Checkpoint:
    """The ledger's last head. Raises `CommandError` or `LedgerError`."""
    from gateway.ledger.checkpoint import CheckpointError, trusted
    from gateway.ledger.source import last_checkpoint

    last = await last_checkpoint(reader)
    try:
        return trusted(str(last), keys)
    except CheckpointError as error:
        raise CommandError(f"the ledger's last head cannot be trusted: {error}") from error


def run(work: Coroutine[Any, Any, _Result]) -> _Result:
    """Its result. Raises `CommandError` for what is wrong with the ledger."""
    from gateway.ledger.errors import LedgerError

    try:
        return asyncio.run(work)
    except LedgerError as error:
        raise CommandError(f"{error.code}: {error}") from error
