"""Arguments that several commands take."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.cli.errors import CommandError

if TYPE_CHECKING:
    from gateway.federation.supergraph.model import Supergraph
    from gateway.upstream.signing import Signer


class Format(StrEnum):
    """Of what is told: for people, or for machines."""

    TEXT = "text"
    JSON = "json"


def named_values(given: Iterable[str], option: str, value: str = "URL") -> dict[str, str]:
    """`NAME=VALUE` entries by name. Raises `CommandError` for one that is no such pair, or a name given twice."""
    found: dict[str, str] = {}
    for entry in given:
        name, separator, text = entry.partition("=")
        if not separator:
            raise CommandError(f"{option}{entry}: write NAME={value}.")
        if name in found:
            raise CommandError(f"{option}{entry}: {name} is given twice.")
        found[name] = text
    return found


def read_signer(folder: Path) -> Signer:
    """The gateway's signing keys, made in the folder if it has none. Raises `CommandError`."""
    from gateway.upstream.signing import load_signer

    try:
        return load_signer(folder)
    except (OSError, ValueError) as error:
        raise CommandError(f"the signing keys in {folder} cannot be used: {error}") from error


def supergraph_of(file: Path, sdl: str) -> Supergraph:
    """The supergraph of what the file holds. Raises `CommandError`."""
    from gateway.federation.supergraph.read import SupergraphError, read_supergraph

    try:
        return read_supergraph(sdl)
    except SupergraphError as error:
        raise CommandError(f"{file}: {error}") from error
