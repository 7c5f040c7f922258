"""What the commands on agreements work on: a folder of them, and a supergraph, of the demo's folder or named each."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.arguments import supergraph_of
from gateway.cli.errors import CommandError, read_text
from gateway.cli.identities import DEFAULT_DATA
from gateway.cli.sample_agreements import FOLDER
from gateway.cli.wording import LANGUAGES

if TYPE_CHECKING:
    from gateway.access.agreements.register import Register
    from gateway.federation.supergraph.model import Supergraph

Data = Annotated[Path, typer.Option("--data", help="The demo's folder, which has both.")]
Folder = Annotated[Path | None, typer.Option("--agreements", help="The folder of agreements, in place of --data.")]
SupergraphFile = Annotated[Path | None, typer.Option("--supergraph", help="The supergraph, in place of --data's.")]
Language = Annotated[str, typer.Option("--lang", help="es or en.")]
Day = Annotated[str | None, typer.Option("--day", help="YYYY-MM-DD, in Lima; today if not given.")]
DATA = DEFAULT_DATA


def open_register(data: Path, folder: Path | None) -> Register:
    """Raises `CommandError` with everything that is wrong in the folder."""
    from gateway.access.agreements.register import RegisterError, read_register

    try:
        return read_register(folder or data / FOLDER)
    except RegisterError as error:
        raise CommandError(str(error)) from error


def open_supergraph(data: Path, file: Path | None) -> Supergraph:
    """Raises `CommandError`."""
    place = file or data / "supergraph.graphql"
    return supergraph_of(place, read_text(place))


def the_day(given: str | None) -> date:
    """Raises `CommandError`."""
    from gateway.access.agreements.register import today

    try:
        return today() if given is None else date.fromisoformat(given)
    except ValueError as error:
        raise CommandError("--day is written YYYY-MM-DD.") from error


def language(given: str) -> str:
    """Raises `CommandError`."""
    if given not in LANGUAGES:
        raise CommandError(f"--lang is {' or '.join(LANGUAGES)}.")
    return given
