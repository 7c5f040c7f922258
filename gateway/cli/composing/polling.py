"""Subgraphs looked at again and again: files are read, who runs is asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from gateway.cli.composing.recipe import Recipe
from gateway.cli.composing.schemas import Schema, answered, read_file, whom_to_ask
from gateway.cli.settled import Settled
from gateway.federation.errors import FetchError
from gateway.upstream.sdl import Ask, asking


@dataclass(eq=False)
class Polling:
    """Who is slow to answer keeps nobody else waiting: whatever is known at a look is told."""

    recipe: Recipe
    ask: Ask
    files: Mapping[str, Settled[Schema]]
    _asked: dict[str, asyncio.Task[str | FetchError]] = field(default_factory=dict)

    async def look(self, seconds: float) -> dict[str, Schema]:
        """After so long, the schemas of the files that have changed, and of all subgraphs that have answered."""
        for wanted in self.recipe.subgraphs:
            if wanted.address and wanted.name not in self._asked:
                self._asked[wanted.name] = asyncio.ensure_future(self.ask(wanted.name))
        await asyncio.sleep(seconds)
        found: dict[str, Schema] = {}
        for wanted in self.recipe.subgraphs:
            name = wanted.name
            if name in self.files:
                if self.files[name].look(read_file(wanted)):
                    found[name] = self.files[name].handled
            elif self._asked[name].done():
                found[name] = answered(self.recipe, wanted, self._asked.pop(name).result())
        return found

    async def forget(self) -> None:
        """Lets go of who has not answered yet: time that is spent elsewhere must not count as theirs."""
        for task in self._asked.values():
            task.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)
        self._asked.clear()


@asynccontextmanager
async def polling(recipe: Recipe, known: Mapping[str, Schema]) -> AsyncIterator[Polling]:
    """Looks at the recipe's subgraphs, of which this is known already."""
    files = {wanted.name: Settled(known[wanted.name]) for wanted in recipe.subgraphs if not wanted.address}
    async with asking(whom_to_ask(recipe)) as ask:
        made = Polling(recipe, ask, files)
        try:
            yield made
        finally:
            await made.forget()
