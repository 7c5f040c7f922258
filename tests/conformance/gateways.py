"""Worlds over HTTP, composed here and by the field's own composer, asked through gateways of the field."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance_kit import FOLDER, asked
from http_kit import serving
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from world_kit import FEDERATION, World

from gateway.federation.composition.compose import compose
from gateway.federation.composition.subgraph import Source
from gateway.federation.execution.fetcher import subgraph_request

_ADDRESS = "http://subgraphs.example"
"""Where supergraphs have their subgraphs before these are served."""
Operation = tuple[str, dict[str, Any]]
"""A document of one operation, and its variables."""


@dataclass(frozen=True)
class Asked:
    """A world and what it is asked."""

    world: World
    operations: Sequence[Operation]


@dataclass(frozen=True)
class Answers:
    """A gateway's answers: each the data, and the paths of the errors. `refused`: why it does not take the
    supergraph."""

    given: tuple[tuple[Any, tuple[str, ...]], ...] = ()
    refused: str = ""


def our_supergraphs(worlds: Mapping[str, Asked]) -> dict[str, str]:
    return {name: compose(_sources(name, each.world)).sdl for name, each in worlds.items()}


def supergraphs_of_others(worlds: Mapping[str, Asked]) -> dict[str, str]:
    """What the field's own composer makes of the worlds' subgraphs."""
    answers = asked({name: _sources(name, each.world) for name, each in worlds.items()})
    return {name: answer["sdl"] for name, answer in answers.items()}


def _sources(name: str, world: World) -> list[Source]:
    return [
        Source(subgraph, sdl if "@link" in sdl else FEDERATION + sdl, f"{_ADDRESS}/{name}/{subgraph}")
        for subgraph, sdl in world.sdls.items()
    ]


async def answers_of_others(
    worlds: Mapping[str, Asked], supergraphs: Mapping[str, str]
) -> dict[str, dict[str, Answers]]:
    """What gateways of the field answer on supergraphs of the worlds: by world, by gateway."""
    async with serving(_subgraphs({name: each.world for name, each in worlds.items()})) as url:
        given = {
            name: {
                "supergraph": supergraphs[name].replace(_ADDRESS, url),
                "operations": [{"query": query, "variables": variables} for query, variables in each.operations],
            }
            for name, each in worlds.items()
        }
        found = await _run(given)
    return {name: {gateway: _answers(told) for gateway, told in each.items()} for name, each in found.items()}


async def our_answers(asked: Asked, supergraph: str) -> Answers:
    """What our engine answers on a supergraph of the world."""
    world = World(asked.world.sdls, asked.world.data, supergraph)
    given = []
    for query, variables in asked.operations:
        answer = await world.ask(query, variables)
        given.append((answer.data, _paths(error.path for error in answer.errors)))
    return Answers(tuple(given))


def _subgraphs(worlds: Mapping[str, World]) -> Starlette:
    async def answer(request: Request) -> Response:
        asked = await request.json()
        world, name = worlds[request.path_params["world"]], request.path_params["subgraph"]
        query, variables = asked["query"], asked.get("variables") or {}
        sent = subgraph_request(name, "query", query, asked.get("operationName"), variables)
        return Response(await world.local().fetch(sent, None), media_type="application/json")

    return Starlette(routes=[Route("/{world}/{subgraph}", answer, methods=["POST"])])


async def _run(given: Mapping[str, Any]) -> dict[str, Any]:
    command = ["node", str(FOLDER / "gateways.mjs")]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe)
    output, talk = await process.communicate(json.dumps(given).encode())
    assert process.returncode == 0, talk.decode()
    found: dict[str, Any] = json.loads(output)
    return found


def _answers(told: Any) -> Answers:
    if isinstance(told, dict):
        return Answers(refused=told["refused"])
    return Answers(tuple((each["data"], _paths(error.get("path") for error in each["errors"])) for each in told))


def _paths(paths: Any) -> tuple[str, ...]:
    return tuple(sorted({".".join(map(str, path or ())) for path in paths}))
