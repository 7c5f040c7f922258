"""`quipu keys`: the public half of the gateway's signing keys, for subgraphs that read it as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.arguments import read_signer


def keys(
    keys: Annotated[Path, typer.Option(help="Folder of the gateway's signing keys, made if missing.")],
) -> None:
    """Print the gateway's public keys as a JWKS, for `quipu subgraph --gateway-keys FILE`."""
    import orjson

    typer.echo(orjson.dumps(read_signer(keys).jwks()).decode())
