"""`quipu compose --watch` as it is run: files change, break and vanish, a subgraph changes, goes and comes back."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pytest
from command_kit import Talking, run, talking
from http_kit import serving
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])\n'
LOOKS = 0.05
"""Seconds between looks."""


@dataclass(eq=False)
class Running:
    """A subgraph that gives its schema; while it is `down` a proxy says so, and it never answers while not `open`."""

    sdl: str = LINK + "type Query { y: String }"
    down: bool = False
    asked: int = 0
    headers: list[str | None] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)

    async def graphql(self, request: Request) -> Response:
        self.asked += 1
        self.headers.append(request.headers.get("authorization"))
        await self.open.wait()
        if self.down:
            return Response("gone", 503, media_type="text/html")
        return JSONResponse({"data": {"_service": {"sdl": self.sdl}}})

    async def polled(self) -> None:
        """It has been asked some times more."""
        until = self.asked + 4
        async with asyncio.timeout(60):
            while self.asked < until:  # noqa: ASYNC110 - another process asks
                await asyncio.sleep(0.02)


@asynccontextmanager
async def running() -> AsyncIterator[tuple[Running, str]]:
    subgraph = Running()
    subgraph.open.set()
    async with serving(Starlette(routes=[Route("/graphql", subgraph.graphql, methods=["POST"])])) as url:
        try:
            yield subgraph, f"{url}/graphql"
        finally:
            subgraph.open.set()


def watching(
    *arguments: str | Path, stop: int = signal.SIGTERM, stdout: IO[str] | None = None
) -> AbstractAsyncContextManager[Talking]:
    return talking("compose", *arguments, "--watch", "--interval", str(LOOKS), stop=stop, stdout=stdout)


def schema(path: Path, sdl: str) -> Path:
    path.write_text(LINK + sdl)
    return path


async def quiet(command: Talking) -> None:
    """It has nothing more to say."""
    before = len(command.said)
    await asyncio.sleep(10 * LOOKS)
    assert command.said[before:] == []


async def test_a_file_that_changes_breaks_and_vanishes(tmp_path: Path) -> None:
    a, b, out = tmp_path / "a.graphql", schema(tmp_path / "b.graphql", "type Query { y: Int }"), tmp_path / "out"
    schema(a, "type Query { x: Int }")
    async with watching(f"a={a}", f"b={b}", "--out", out, stop=signal.SIGINT) as command:
        await command.hears("Composed 2 subgraphs")
        first = out.stat().st_ino, out.read_text()
        schema(a, "type Query { x: Int z: Int }")
        assert (await command.hears("a (")).endswith("has changed: +1 -1 lines.")
        await command.hears("Composed 2 subgraphs")
        good = out.read_text()
        assert "z: Int" in good
        assert first[1] != good

        schema(a, "type Query { x: Int z:")
        await command.hears("has changed")
        await command.hears("error INVALID_GRAPHQL")
        await command.hears("Not composed: 1 error.")
        a.unlink()
        await command.hears("cannot be read: No such file or directory. Its last schema is kept.")
        await quiet(command)
        assert out.read_text() == good

        written = out.stat()
        schema(a, "type Query { x: Int z: Int } # nothing new")
        await command.hears("can be read now")
        assert "which is as it was" in await command.hears("Composed 2 subgraphs")
        assert (out.stat().st_ino, out.stat().st_mtime_ns) == (written.st_ino, written.st_mtime_ns)
        await quiet(command)
    assert command.process.returncode == 0
    assert command.said[-1].endswith("Stopped.")
    assert set(os.listdir(tmp_path)) == {"a.graphql", "b.graphql", "out"}


async def test_a_subgraph_that_changes_goes_and_comes_back(tmp_path: Path) -> None:
    a, out = schema(tmp_path / "a.graphql", "type Query { x: Int }"), tmp_path / "out"
    async with running() as (subgraph, url), watching(f"a={a}", f"b={url}", "--out", out) as command:
        await command.hears("Composed 2 subgraphs")
        subgraph.sdl = LINK + "type Query { y: String z: Int }"
        assert url in await command.hears("has changed: +1 -1 lines.")
        await command.hears("Composed 2 subgraphs")
        assert "z: Int" in out.read_text()

        subgraph.down = True
        assert url in await command.hears("b did not answer with JSON. Its last schema is kept.")
        await subgraph.polled()
        schema(a, "type Query { x: Int w: Int }")
        await command.hears("a (")
        await command.hears("Composed 2 subgraphs")
        assert "w: Int" in out.read_text()
        await quiet(command)

        subgraph.down = False
        await command.hears("can be read now")
        await subgraph.polled()
        await quiet(command)
    assert command.process.returncode == 0


async def test_who_is_down_from_the_beginning_is_waited_for(tmp_path: Path) -> None:
    a, out = schema(tmp_path / "a.graphql", "type Query { x: Int }"), tmp_path / "out"
    async with running() as (subgraph, url):
        subgraph.down = True
        async with watching(f"a={a}", f"b={url}", "--out", out) as command:
            await command.hears("Not composed: 1 error.")
            assert not out.exists()
            await subgraph.polled()
            await quiet(command)
            subgraph.down = False
            await command.hears("can be read now")
            await command.hears("Composed 2 subgraphs")
            assert "y: String" in out.read_text()


async def test_who_does_not_answer_keeps_no_change_of_another_waiting(tmp_path: Path) -> None:
    a, out = schema(tmp_path / "a.graphql", "type Query { x: Int }"), tmp_path / "out"
    async with running() as (subgraph, url), watching(f"a={a}", f"b={url}", "--out", out) as command:
        await command.hears("Composed 2 subgraphs")
        subgraph.open.clear()
        await asyncio.sleep(4 * LOOKS)
        schema(a, "type Query { x: Int w: Int }")
        await command.hears("Composed 2 subgraphs")
        assert "w: Int" in out.read_text()
        assert not any("in time" in line for line in command.said)


async def test_the_configuration_is_watched_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "s3cret")
    schema(tmp_path / "a.graphql", "type Query { x: Int }")
    config = tmp_path / "compose.toml"
    first = 'out = "out"\nsubgraphs.a.schema = "a.graphql"\n'
    config.write_text(first)
    async with running() as (subgraph, url), watching("--config", config) as command:
        await command.hears("Composed 1 subgraph into")
        header = 'subgraphs.b.headers.Authorization = "Bearer ${TOKEN}"'
        config.write_text(f'{first}subgraphs.b.schema = "{url}"\n{header}\n')
        await command.hears("What is to be composed has changed.")
        await command.hears("Composed 2 subgraphs into")
        assert set(subgraph.headers) == {"Bearer s3cret"}
        config.write_text(f"{first}subgraphs.b.shema = 'x'\n")
        await command.hears("subgraphs.b.shema: this key is not known; did you mean schema?")
        await quiet(command)
        schema(tmp_path / "a.graphql", "type Query { x: Int w: Int }")
        await command.hears("Composed 2 subgraphs into")
        config.write_text(first)
        await command.hears("Composed 1 subgraph into")
        assert "y: String" not in (tmp_path / "out").read_text()
    assert not any("s3cret" in line for line in command.said)


async def test_json_comes_an_object_a_composition(tmp_path: Path) -> None:
    a, out = schema(tmp_path / "a.graphql", "type Query { x: Int }"), tmp_path / "out"
    with (tmp_path / "told").open("w+") as told:
        async with watching(f"a={a}", "--out", out, "--format", "json", stdout=told) as command:
            async with asyncio.timeout(60):
                while os.fstat(told.fileno()).st_size == 0:  # noqa: ASYNC110 - another process writes it
                    await asyncio.sleep(0.02)
            schema(a, "type Query { x: Unknown }")
            await command.hears("has changed")
            await asyncio.sleep(10 * LOOKS)
        told.seek(0)
        objects = [json.loads(line) for line in told]
    assert [said["composed"] for said in objects] == [True, False]
    assert [said["out"] for said in objects] == [str(out), None]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--watch"], "--watch needs a file"), (["--watch", "--out=out", "--interval=0"], "--interval is in seconds")],
)
def test_what_cannot_be_watched_is_said(arguments: list[str], said: str) -> None:
    done = run("compose", "a=a.graphql", *arguments)
    assert (done.returncode, done.stdout, said in done.stderr) == (1, "", True)
