"""What to compose, and what to do with it: from the command's arguments, a file, or both."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.cli.arguments import named_values
from gateway.cli.errors import CommandError

if TYPE_CHECKING:
    from gateway.federation.composition.errors import Level

_ADDRESS = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A subgraph. `schema`: the file of its SDL, or the address where it is asked for it, with these headers; `url`:
    where the gateway will find it; `key`: what a configuration calls the schema, to name it in a message."""

    name: str
    schema: Path | str
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    key: str = ""

    @property
    def address(self) -> str | None:
        """Where it is asked, if it runs."""
        return self.schema if isinstance(self.schema, str) else None


@dataclass(frozen=True, slots=True)
class Recipe:
    """`out`: the file for the supergraph, or stdout; `fail_on`: the least grave level of hints that refuse it;
    `deadline`: seconds for each subgraph that is asked; `keys`: the folder of the gateway's signing keys."""

    subgraphs: tuple[Wanted, ...]
    out: Path | None = None
    fail_on: Level | None = None
    deadline: float = 10.0
    keys: Path | None = None


def least_grave(fail_on: str | None) -> Level | None:
    """The least grave level that `--fail-on` means; `hints` is any."""
    levels: dict[str, Level] = {"hints": "debug", "debug": "debug", "info": "info", "warning": "warning"}
    return levels[fail_on] if fail_on else None


def make_recipe(subgraphs: Iterable[str], urls: Iterable[str], config: Path | None, flags: Mapping[str, Any]) -> Recipe:
    """What is asked for in all. Arguments stand above the file: a flag wins, and `NAME=FILE_OR_URL` gives another
    schema to a subgraph of the file, or one more subgraph. Raises `CommandError`."""
    recipe = _of_file(config) if config else Recipe(())
    wanted = {known.name: known for known in recipe.subgraphs}
    for name, where in named_values(subgraphs, "", "FILE_OR_URL").items():
        wanted[name] = replace(wanted.get(name, Wanted(name, where)), schema=schema_of(where), headers={}, key="")
    if not wanted:
        raise CommandError("nothing to compose: give NAME=FILE_OR_URL for each subgraph, or --config FILE.")
    routes = named_values(urls, "--url ")
    if unknown := sorted(set(routes) - set(wanted)):
        raise CommandError(f"--url names {', '.join(unknown)}, of which no subgraph is given.")
    given = {name: value for name, value in flags.items() if value is not None}
    routed = tuple(replace(known, url=_route(known, routes)) for known in wanted.values())
    recipe = replace(recipe, subgraphs=routed, **given)
    if not (recipe.deadline > 0 and math.isfinite(recipe.deadline)):
        raise CommandError("--deadline is in seconds, above zero.")
    return recipe


def _route(wanted: Wanted, routes: Mapping[str, str]) -> str:
    return routes.get(wanted.name) or wanted.url or wanted.address or ""


def _of_file(path: Path) -> Recipe:
    from gateway.cli.composing.recipe_file import read_recipe

    return read_recipe(path)


def schema_of(where: str, folder: Path = Path()) -> Path | str:
    """A file, relative to the folder, or an address. Raises `CommandError` for an address that is none."""
    if not where.startswith(_ADDRESS):
        return folder / where
    from yarl import URL

    try:
        host = URL(where).host
    except ValueError:
        host = None
    if not host:
        raise CommandError(f"{where} is no address: write http://HOST:PORT/PATH.")
    return where
