"""`quipu agreements sign`: a party's detached signature of an agreement's file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.errors import CommandError


def sign(
    file: Annotated[Path, typer.Argument(help="The agreement, NUMBER.toml.")],
    as_: Annotated[str, typer.Option("--as", help="The party that signs, such as PJ.")],
    key: Annotated[Path, typer.Option(help="The party's private key (Ed25519, PEM).")],
    make_key: Annotated[bool, typer.Option("--make-key", help="Make the key first; it must not be there.")] = False,
) -> None:
    """Sign an agreement for a party, beside the file: NUMBER.toml.PARTY.sig.

    What is signed are the file's bytes, so a change of a comma asks for new signatures. The public key, for
    parties.toml, is said on stderr.
    """
    import base64

    from gateway.access.agreements.document import AgreementError, read_agreement
    from gateway.access.agreements.signatures import signature, signature_file
    from gateway.upstream.signing import kept_key

    if key.exists() == make_key:
        raise CommandError(
            f"{key} is there already." if make_key else f"{key} is no file: pass --make-key for a new one."
        )
    try:
        raw = file.read_bytes()
        agreement = read_agreement(raw)
        private = kept_key(key).private
    except (OSError, AgreementError, ValueError) as error:
        raise CommandError(f"{file} cannot be signed with {key}: {error}.") from error
    if as_ not in agreement.parties:
        raise CommandError(f"{as_} is no party of {agreement.number}: {' and '.join(agreement.parties)} are.")
    place = signature_file(file, as_)
    place.write_text(signature(raw, private), encoding="ascii")
    public = base64.b64encode(private.public_key().public_bytes_raw()).decode()
    typer.echo(f"the key of {as_} for parties.toml: {public}", err=True)
    typer.echo(place)
