"""`quipu token`: a token of someone invented, for the demo alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.identities import DEFAULT_DATA, SAMPLES, sample_token


def token(
    as_: Annotated[str, typer.Option("--as", help=f"The role: {', '.join(SAMPLES)}.")],
    data: Annotated[Path, typer.Option(help="The demo's folder.")] = DEFAULT_DATA,
) -> None:
    """Print a token of a sample identity, and nothing else. Only the demo that has the folder accepts it."""
    typer.echo(sample_token(data, as_))
