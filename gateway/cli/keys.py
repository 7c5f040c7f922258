"""`quipu keys`: the public half of the gateway's signing keys, for subgraphs that read it as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.errors import CommandError


def keys(
    keys: Annotated[Path, typer.Option(help="Folder of the gateway's signing keys, made if missing.")],
) -> None:
    """Print the gateway's public keys as a JWKS, for `quipu subgraph --gateway-keys FILE`."""
    import orjson

    from gateway.upstream.signing import load_signer

    try:
        signer = load_signer(keys)
    except (OSError, ValueError) as error:
        raise CommandError(f"the signing keys in {keys} cannot be used: {error}") from error
    typer.echo(orjson.dumps(signer.jwks()).decode())
