"""The operations of clients, in files and folders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from gateway.cli.errors import CommandError, read_text

if TYPE_CHECKING:
    from gateway.federation.schema_changes.documents import Operation

_DOCUMENTS = (".graphql", ".gql")
_INSTALLED = "node_modules"


def read_operation_files(places: Iterable[Path]) -> list[Operation]:
    """The operations of files and of folders, all that are in them. Raises `CommandError` for a file that cannot be
    read, one that was named and is no manifest, and a place without operations."""
    from gateway.federation.schema_changes.documents import read_operations

    texts: dict[str, str] = {}
    for place in places:
        found = dict(_folder(place) if place.is_dir() else _file(place))
        if not read_operations(found):
            raise CommandError(f"{place} has no operation, in .graphql, .gql or a manifest of persisted queries.")
        texts |= found
    return read_operations(texts)


def _file(place: Path) -> Iterator[tuple[str, str]]:
    if place.suffix not in (*_DOCUMENTS, ".json"):
        raise CommandError(f"{place} is no folder, no .graphql or .gql, and no manifest of persisted queries (.json).")
    yield str(place), read_text(place)


def _folder(place: Path) -> Iterator[tuple[str, str]]:
    from gateway.federation.schema_changes.manifests import read_manifest

    for file in sorted(place.rglob("*")):
        if _is_hidden(file.relative_to(place)) or file.suffix not in (*_DOCUMENTS, ".json") or not file.is_file():
            continue
        text = read_text(file)
        if file.suffix in _DOCUMENTS or read_manifest(text):
            yield str(file), text
        else:
            typer.echo(f"{file} is left out: it is no manifest of persisted queries.", err=True)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") or part == _INSTALLED for part in path.parts)
