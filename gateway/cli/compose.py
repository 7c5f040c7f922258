"""`quipu compose`: subgraphs, files or running, into one supergraph."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.arguments import named_values, read_signer
from gateway.cli.errors import CommandError, read_text

_ADDRESS = ("http://", "https://")


def compose(
    subgraphs: Annotated[
        list[str], typer.Argument(help="NAME=FILE_OR_URL: a subgraph's SDL, or the address where it is served.")
    ],
    out: Annotated[Path | None, typer.Option(help="The file for the supergraph; stdout if not given.")] = None,
    url: Annotated[
        list[str] | None, typer.Option(help="NAME=URL: where the subgraph of a file is served; repeatable.")
    ] = None,
    keys: Annotated[
        Path | None, typer.Option(help="Folder of the gateway's signing keys, for subgraphs that only it may ask.")
    ] = None,
) -> None:
    """Compose subgraphs into a supergraph, for `quipu serve` and `quipu plan`.

    Mistakes go to stderr, all of them: each with its code, what to do, and where it is. Nothing is written then.
    """
    from gateway.federation.composition.compose import compose as make_supergraph
    from gateway.federation.composition.errors import CompositionError
    from gateway.federation.composition.subgraph import Source

    given = named_values(subgraphs, "", "FILE_OR_URL")
    urls = named_values(url or [], "--url ")
    if unknown := sorted(set(urls) - set(given)):
        raise CommandError(f"--url names {', '.join(unknown)}, of which no subgraph is given.")
    addresses = {name: where for name, where in given.items() if where.startswith(_ADDRESS)}
    texts = {name: read_text(Path(where)) for name, where in given.items() if name not in addresses}
    texts |= _ask(addresses, keys)
    try:
        sources = (Source(name, sdl, (addresses | urls).get(name, "")) for name, sdl in texts.items())
        supergraph = make_supergraph(sources).sdl
    except CompositionError as error:
        raise CommandError(f"the subgraphs do not compose.\n{error}") from error
    if out is None:
        typer.echo(supergraph, nl=False)
    else:
        _write_whole(out, supergraph)


def _ask(addresses: Mapping[str, str], keys: Path | None) -> dict[str, str]:
    """The SDLs of running subgraphs. Raises `CommandError` that names every subgraph that gave none."""
    import asyncio

    from gateway.federation.errors import FetchError
    from gateway.upstream.sdl import NO_SCHEMA, ask_for_sdls

    if not addresses:
        return {}
    answers = asyncio.run(ask_for_sdls(addresses, read_signer(keys) if keys else None))
    failed = {name: error for name, error in answers.items() if isinstance(error, FetchError)}
    if failed:
        lines = [f"{addresses[name]}: {error.message}" for name, error in failed.items()]
        if keys is None and any(error.code == NO_SCHEMA for error in failed.values()):
            lines.append("Pass --keys for subgraphs that only the gateway may ask.")
        raise CommandError("\n".join(lines))
    return {name: sdl for name, sdl in answers.items() if isinstance(sdl, str)}


def _write_whole(path: Path, text: str) -> None:
    """The file has either all of the text or what it had before. Raises `CommandError`."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
