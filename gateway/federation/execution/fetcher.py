"""The seam between the engine and the network: one request to one subgraph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from gateway.federation.planning.query_plan import OperationKind

MAX_DEPTH = 200
"""How deep an answer's lists and objects may nest: merging recurses with them."""


@dataclass(frozen=True, slots=True)
class SubgraphRequest:
    """What is asked of a subgraph. `variables` holds JSON values; `representations` is among them."""

    subgraph: str
    kind: OperationKind
    operation: str
    operation_name: str | None
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SubgraphResponse:
    """A subgraph's answer, already checked to be a GraphQL response: an object with `data` (an object or null)
    and `errors` (a list of objects, possibly empty), nested at most `MAX_DEPTH` deep."""

    data: dict[str, Any] | None
    errors: tuple[dict[str, Any], ...] = ()


def nests_within(value: Any, most: int) -> bool:
    """Whether a JSON value's lists and objects nest at most so deep; a leaf nests 0 deep."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(most):
        if not level:
            return True
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
    return not level


class Fetcher(Protocol):
    """Sends a request to a subgraph.

    `context` is whatever the engine's caller gave for this client request (identity, request id, deadline); the engine
    passes it on untouched. Raises `FetchError` when there is no usable answer (unreachable, too late, not GraphQL).
    """

    async def fetch(self, request: SubgraphRequest, context: object) -> SubgraphResponse: ...
