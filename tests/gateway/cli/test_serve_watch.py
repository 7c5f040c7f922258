"""`quipu serve --watch` as it is run: its file is replaced, broken, removed and mended while it serves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from command_kit import Talking, run, talking, up_at_last
from reload_kit import QUERY, Version, expected, version

from gateway.cli.files import write_whole
from gateway.cli.settled import Settled

LOOKS = 0.05
"""Seconds between looks at the file."""


@dataclass
class Watching:
    """A gateway that watches its file."""

    command: Talking
    http: httpx.AsyncClient

    async def ask(self) -> dict[str, Any]:
        answer: dict[str, Any] = (await self.http.post("/graphql", json={"query": QUERY})).json()
        return answer

    async def metrics(self) -> dict[str, str]:
        lines = (await self.http.get("/metrics")).text.splitlines()
        return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))


@asynccontextmanager
async def watching(file: Path, *flags: str, **environment: str) -> AsyncIterator[Watching]:
    serve = ["serve", "--open", f"--supergraph={file}", "--port=0", *flags]
    async with talking(*serve, QUIPU_SERVER__INTERVAL=str(LOOKS), **environment) as command:
        address = (await command.hears("http://")).removesuffix("/graphql")
        async with httpx.AsyncClient(base_url=address, timeout=60) as http:
            await up_at_last(http)
            yield Watching(command, http)


@asynccontextmanager
async def versions() -> AsyncIterator[tuple[Version, Version]]:
    async with version("one") as one, version("two") as two:
        yield one, two


async def test_what_the_file_holds_is_served_and_what_cannot_be_is_told_once(tmp_path: Path) -> None:
    file = tmp_path / "supergraph.graphql"
    async with versions() as (one, two):
        write_whole(file, one.sdl)
        async with watching(file, "--watch") as served:
            assert await served.ask() == expected("one")
            write_whole(file, two.sdl)
            await served.command.hears("has changed: now serving")
            assert await served.ask() == expected("two")

            file.write_text(one.sdl[: len(one.sdl) // 2])
            await served.command.hears("not reloaded: ")
            file.unlink()
            await served.command.hears("cannot be read")
            file.write_text(two.sdl.replace("http://", "ftp://"))
            await served.command.hears("no http address for a, b")
            await asyncio.sleep(10 * LOOKS)
            assert [line.startswith("not reloaded: ") for line in served.command.said[2:]] == [True] * 3
            assert await served.ask() == expected("two")
            assert (await served.http.get("/health/ready")).json()["status"] == "ok"
            counted = await served.metrics()
            assert counted['quipu_supergraph_reloads_total{outcome="swapped"}'] == "1.0"
            assert counted['quipu_supergraph_reloads_total{outcome="refused"}'] == "3.0"

            write_whole(file, two.sdl)
            await served.command.hears("is again what is served")
            write_whole(file, one.sdl)
            await served.command.hears("has changed: now serving")
            assert await served.ask() == expected("one")


async def test_without_watch_the_file_is_read_once(tmp_path: Path) -> None:
    file = tmp_path / "supergraph.graphql"
    async with versions() as (one, two):
        write_whole(file, one.sdl)
        async with watching(file) as served:
            write_whole(file, two.sdl)
            await asyncio.sleep(10 * LOOKS)
            assert await served.ask() == expected("one")


async def test_the_environment_can_say_it_too(tmp_path: Path) -> None:
    file = tmp_path / "supergraph.graphql"
    async with versions() as (one, two):
        write_whole(file, one.sdl)
        async with watching(file, QUIPU_SERVER__WATCH="true") as served:
            write_whole(file, two.sdl)
            await served.command.hears("has changed: now serving")
            assert await served.ask() == expected("two")


@pytest.mark.parametrize("interval", ["0", "-1", "inf", "nan"])
def test_an_interval_that_is_none_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, interval: str) -> None:
    monkeypatch.setenv("QUIPU_SERVER__INTERVAL", interval)
    done = run("serve", "--open", f"--supergraph={tmp_path / 'none'}")
    assert (done.returncode, "QUIPU_SERVER__INTERVAL: it must be above zero" in done.stderr) == (1, True), done.stderr


def test_a_change_counts_once_it_is_seen_twice() -> None:
    settled = Settled("a")
    looks = ["a", "b", "c", "c", "c", "a", "c", "b", "b", "a", "a"]
    assert [settled.look(now) for now in looks] == [False, False, False, True] + [False] * 4 + [True, False, True]
