"""A prepared operation, run for one request; equal queries of equal identities share one run while it is under way."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gateway.access.profile import subject_of
from gateway.federation.answer import Answer
from gateway.federation.engine import Prepared
from gateway.federation.json_text import JSONTextError, write_json
from gateway.upstream.context import RequestContext

if TYPE_CHECKING:
    from gateway.transport.current import Served


@dataclass(frozen=True, slots=True)
class Executed:
    """`sources`: each subgraph that was asked, with the request's id that it was told."""

    answer: Answer
    sources: frozenset[tuple[str, str]]


async def execute(served: Served, prepared: Prepared, variables: dict[str, Any], context: RequestContext) -> Executed:
    """The answer, and where it came from. Raises `RequestError`."""

    async def run() -> Executed:
        answer = await served.engine.execute(prepared, variables, context, subject_of(context.identity))
        return Executed(answer, frozenset(context.sources))

    return await served.shared.share(_sharing_key(prepared, variables, context), run)


def _sharing_key(prepared: Prepared, variables: Mapping[str, Any], context: RequestContext) -> Hashable:
    """All that could change the answer of a query; a mutation's key equals no other, nor does one that cannot be
    written."""
    if prepared.kind == "query":
        with suppress(JSONTextError):
            return (prepared.key, context.identity, write_json(variables))
    return object()
