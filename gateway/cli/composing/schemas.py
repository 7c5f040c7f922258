"""The subgraphs' schemas, from files and from whoever runs: all of them at once, each failure by its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.cli.arguments import read_signer
from gateway.cli.composing.recipe import Recipe, Wanted
from gateway.cli.errors import CommandError, read_text
from gateway.federation.composition.errors import Issue, Place
from gateway.federation.errors import FetchError
from gateway.upstream.sdl import NO_SCHEMA, Subgraphs, ask_for_sdls

Schema = str | Issue
"""A subgraph's SDL, or why there is none."""
UNREADABLE = "FILE_UNREADABLE"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an SDL was read: a file or an address, as it was given."""

    file: str | None
    url: str | None

    def __str__(self) -> str:
        return self.file or self.url or ""


def origin_of(wanted: Wanted) -> Origin:
    """Where its SDL is read."""
    return Origin(None, wanted.address) if wanted.address else Origin(str(wanted.schema), None)


async def read_schemas(recipe: Recipe) -> dict[str, Schema]:
    """Each subgraph's, by its name, in the order given. Raises `CommandError` for keys that cannot be used."""
    asked = whom_to_ask(recipe)
    answers = await ask_for_sdls(asked) if asked.urls else {}
    return {
        wanted.name: answered(recipe, wanted, answers[wanted.name]) if wanted.address else read_file(wanted)
        for wanted in recipe.subgraphs
    }


def whom_to_ask(recipe: Recipe) -> Subgraphs:
    """The subgraphs that run. Raises `CommandError` for keys that cannot be used."""
    running: Mapping[str, str] = {known.name: known.address for known in recipe.subgraphs if known.address}
    headers = {known.name: known.headers for known in recipe.subgraphs if known.address}
    signer = read_signer(recipe.keys) if running and recipe.keys else None
    return Subgraphs(running, recipe.deadline, headers, signer)


def read_file(wanted: Wanted) -> Schema:
    """What the subgraph's file holds."""
    assert not isinstance(wanted.schema, str)  # noqa: S101 - an address is asked
    try:
        return read_text(wanted.schema)
    except CommandError as error:
        named = f" It is {wanted.key}." if wanted.key else ""
        return Issue(UNREADABLE, f"{error}{named}", None, (Place(wanted.name),))


def answered(recipe: Recipe, wanted: Wanted, answer: str | FetchError) -> Schema:
    """What a subgraph that was asked has given."""
    if isinstance(answer, str):
        return answer
    cause = f" ({answer.__cause__})" if answer.__cause__ and str(answer.__cause__) else ""
    advice = ""
    if answer.code == "SUBGRAPH_TIMEOUT":
        advice = f" It had {recipe.deadline:g} s: pass more with --deadline."
    elif answer.code == NO_SCHEMA and recipe.keys is None:
        advice = " Pass --keys for subgraphs that only the gateway may ask."
    message = f"{wanted.address}: {answer.message.removesuffix('.')}{cause}.{advice}"
    return Issue(answer.code, message, None, (Place(wanted.name),))
