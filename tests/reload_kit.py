"""Two versions of a supergraph, each over real subgraphs of its own, whose answers tell the versions apart.

Every string in an answer is the version's name. A field has moved from one subgraph to the other between them, so that
a plan of one version fails on the subgraphs of the other.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from graphql import build_schema, graphql_sync
from http_kit import serving
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.federation.composition.compose import compose
from gateway.federation.composition.subgraph import Source

QUERY = '{ y thing { p q w } __type(name: "Query") { fields { name } } }'
_LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\n'
_KEY = "directive @key(fields: String!) on OBJECT scalar _Any union _Entity = Thing "
_ENTITIES = "extend type Query { _entities(representations: [_Any!]!): [_Entity]! }"
_SDLS = {
    "one": {
        "a": 'type Query { thing: Thing } type Thing @key(fields: "id") { id: ID! p: String w: String }',
        "b": 'type Query { y: String } type Thing @key(fields: "id") { id: ID! q: String }',
    },
    "two": {
        "a": 'type Query { thing: Thing } type Thing @key(fields: "id") { id: ID! p: String }',
        "b": 'type Query { y: String new: Int } type Thing @key(fields: "id") { id: ID! q: String w: String }',
    },
}


def expected(version: str) -> dict[str, Any]:
    """The answer to `QUERY`."""
    names = ["thing", "y", *(["new"] if version == "two" else [])]
    return {
        "data": {
            "y": version,
            "thing": {"p": version, "q": version, "w": version},
            "__type": {"fields": [{"name": name} for name in names]},
        }
    }


@dataclass(eq=False)
class Version:
    """A supergraph's SDL, and its subgraphs. They answer while `open` is set, after up to `delay` seconds."""

    sdl: str = ""
    delay: float = 0.01
    asked: int = 0
    open: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def version(name: str) -> AsyncIterator[Version]:
    """The version, its subgraphs listening."""
    made = Version()
    made.open.set()
    async with AsyncExitStack() as stack:
        sources = []
        for subgraph, sdl in _SDLS[name].items():
            url = await stack.enter_async_context(serving(_subgraph(name, sdl, made)))
            sources.append(Source(subgraph, _LINK + sdl, f"{url}/graphql"))
        made.sdl = compose(sources).sdl
        try:
            yield made
        finally:
            made.open.set()


def _subgraph(name: str, sdl: str, made: Version) -> Starlette:
    schema = build_schema(f"{_KEY} {sdl} {_ENTITIES}")
    thing = {"__typename": "Thing", "id": "1", "p": name, "q": name, "w": name}
    roots = {"thing": thing, "y": name, "_entities": lambda _info, representations: [thing] * len(representations)}

    async def graphql(request: Request) -> Response:
        asked = await request.json()
        made.asked += 1
        await made.open.wait()
        await asyncio.sleep(random.random() * made.delay)
        answer = graphql_sync(schema, asked["query"], roots, variable_values=asked.get("variables"))
        return JSONResponse(answer.formatted)

    return Starlette(routes=[Route("/graphql", graphql, methods=["POST"])])
