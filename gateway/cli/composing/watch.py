"""`quipu compose --watch`: what is composed is read again and again, and composed anew when it has changed.

The file always holds the last supergraph that was good. A subgraph that cannot be read counts as it last was; that, and
that it is back, is told once.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType

import typer

from gateway.cli.composing.once import compose_once
from gateway.cli.composing.polling import polling
from gateway.cli.composing.recipe import Recipe
from gateway.cli.composing.report import Report
from gateway.cli.composing.schemas import Schema, origin_of, read_schemas
from gateway.cli.errors import CommandError
from gateway.cli.settled import Settled
from gateway.federation.composition.errors import Issue


def _say(line: str) -> None:
    typer.echo(f"{time.strftime('%H:%M:%S')} {line}", err=True)


@dataclass(eq=False)
class Watch:
    """`read_recipe` may say another thing each time it is called, or raise `CommandError`; `interval`: seconds between
    looks."""

    read_recipe: Callable[[], Recipe]
    report: Report
    interval: float
    say: Callable[[str], None] = _say
    _failing: set[str] = field(default_factory=set)

    def run(self) -> None:
        """Composes until Ctrl-C or SIGTERM. Raises `CommandError` for what is wrong from the beginning."""
        with suppress(KeyboardInterrupt, asyncio.CancelledError):
            asyncio.run(self._until_stopped())
        self.say("Stopped.")

    async def _until_stopped(self) -> None:
        with _stopped_by_signals():
            await self._watch()

    async def _watch(self) -> None:
        recipe = self.read_recipe()
        wanted: Settled[Recipe | str] = Settled(recipe)
        kept: dict[str, Schema] = {}
        while True:
            known = await self._read(recipe, kept)
            self._compose(recipe, known)
            # What a subgraph that is down would log at every look is told once, here.
            logging.getLogger("gateway.upstream").setLevel(logging.ERROR)
            before, recipe = recipe, await self._follow(recipe, known, wanted)
            kept = {same.name: known[same.name] for same in before.subgraphs if same in recipe.subgraphs}

    async def _read(self, recipe: Recipe, kept: Mapping[str, Schema]) -> dict[str, Schema]:
        """Everything, or what was kept of whom cannot be read."""
        read = await read_schemas(recipe)
        self._failing = {name for name, schema in read.items() if isinstance(schema, Issue)}
        return {name: kept.get(name, schema) if name in self._failing else schema for name, schema in read.items()}

    async def _follow(self, recipe: Recipe, known: dict[str, Schema], wanted: Settled[Recipe | str]) -> Recipe:
        """Composes this recipe whenever a subgraph has changed, until there is another recipe."""
        async with polling(recipe, known) as poll:
            while True:
                if news := self._news(recipe, known, await poll.look(self.interval)):
                    await poll.forget()
                    known |= news
                    self._compose_again(recipe, known)
                if not wanted.look(self._recipe_or_mistake()):
                    continue
                if isinstance(wanted.handled, Recipe):
                    self.say("What is to be composed has changed.")
                    return wanted.handled
                self.say(f"{wanted.handled} What was to be composed before is composed on.")

    def _compose(self, recipe: Recipe, known: Mapping[str, Schema]) -> None:
        compose_once(recipe, known, self.report, keep_equal=True)

    def _compose_again(self, recipe: Recipe, known: Mapping[str, Schema]) -> None:
        try:
            self._compose(recipe, known)
        except CommandError as error:
            self.say(str(error))

    def _recipe_or_mistake(self) -> Recipe | str:
        try:
            return self.read_recipe()
        except CommandError as error:
            return str(error)

    def _news(self, recipe: Recipe, known: Mapping[str, Schema], found: Mapping[str, Schema]) -> dict[str, Schema]:
        """The schemas that are another than before; all that is new is said."""
        news: dict[str, Schema] = {}
        for wanted in recipe.subgraphs:
            name, shown = wanted.name, f"{wanted.name} ({origin_of(wanted)})"
            schema = found.get(name, known[name])
            if isinstance(schema, Issue):
                self._failed(name, shown, schema)
            elif name in found:
                self._read_again(name, shown)
                if schema != known[name]:
                    self.say(f"{shown} has changed{_difference(known[name], schema)}.")
                    news[name] = schema
        return news

    def _failed(self, name: str, shown: str, issue: Issue) -> None:
        if name not in self._failing:
            self._failing.add(name)
            self.say(f"{shown}: {issue.message} Its last schema is kept.")

    def _read_again(self, name: str, shown: str) -> None:
        if name in self._failing:
            self._failing.remove(name)
            self.say(f"{shown} can be read now.")


def _difference(before: Schema, after: str) -> str:
    if isinstance(before, Issue):
        return ""
    old, new = Counter(before.splitlines()), Counter(after.splitlines())
    return f": +{(new - old).total()} -{(old - new).total()} lines"


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Ctrl-C and SIGTERM cancel the task that runs the block, when it next waits; a second one ends it at once.

    What a handler raises itself may be lost, in the end of an object that is collected just then.
    """
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None  # noqa: S101 - a coroutine runs in one

    def stop(_number: int, _frame: FrameType | None) -> None:
        if task.cancelling():
            raise KeyboardInterrupt
        loop.call_soon_threadsafe(task.cancel)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
