"""`quipu ledger cosign`: an institution countersigns a tree head that continues the one it kept."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.errors import CommandError
from gateway.cli.files import write_whole
from gateway.cli.ledger.place import kept_head, read_keys

if TYPE_CHECKING:
    from gateway.ledger.checkpoint import Checkpoint, PublicKey, SigningKey


def cosign(
    head: Annotated[Path, typer.Argument(help="A file of `quipu ledger export` or `prove --since KEPT`.")],
    key: Annotated[Path, typer.Option(help="The log's public keys, ledger.pub.")],
    as_: Annotated[str, typer.Option("--as", help="The institution, such as PJ.")],
    sign_with: Annotated[Path, typer.Option("--sign-with", help="Its private key (Ed25519, PEM); made if missing.")],
    kept: Annotated[Path, typer.Option(help="Where it keeps the head that it cosigned last; written anew.")],
) -> None:
    """Sign that the log's head continues the one that was kept, and keep it: a C2SP cosignature (v1).

    No more is needed than the log's public key and the file, which must show that the new head continues the kept one:
    so nobody can later show the institution a ledger that is shorter, or another. The cosigned head is printed, and the
    institution's public key is said on stderr.
    """
    from gateway.ledger.checkpoint import cosign as cosigned

    keys = read_keys(key)
    before = kept_head(kept, keys) if kept.exists() else None
    checkpoint = _shown(head, keys, before)
    signer = _signer(sign_with, as_)
    note = str(cosigned(checkpoint, signer, int(time.time())))
    write_whole(kept, note)
    typer.echo(f"the key of {as_}: {signer.public}", err=True)
    typer.echo(note, nl=False)


def _shown(path: Path, keys: list[PublicKey], before: Checkpoint | None) -> Checkpoint:
    """The last head of the file, if the file is sound, and shows that it continues the one before."""
    from gateway.ledger.checkpoint import trusted
    from gateway.ledger.export import ends_at
    from gateway.ledger.verify_export import verify_export

    try:
        with path.open("rb") as file:
            report = verify_export(file, keys, [] if before is None else [before.head])
            file.seek(0)
            _, note, _ = ends_at(file)
            checkpoint = trusted(note or "", keys)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise CommandError(f"{path} is no export or proof of this log: {error}") from error
    if not report.sound:
        raise CommandError(f"this head is not cosigned: {report.findings[0]}")
    return checkpoint


def _signer(path: Path, name: str) -> SigningKey:
    from gateway.ledger.checkpoint import WITNESS
    from gateway.ledger.keys import make_private, read_private

    try:
        if not path.exists():
            make_private(path)
        return read_private(path, name, WITNESS)
    except (OSError, ValueError) as error:
        raise CommandError(f"the key {path} cannot be used: {error}") from error
