"""The seam between the engine and the network: one request to one subgraph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from gateway.federation.planning.query_plan import OperationKind


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
    and `errors` (a list of objects, possibly empty)."""

    data: dict[str, Any] | None
    errors: tuple[dict[str, Any], ...] = ()


class Fetcher(Protocol):
    """Sends a request to a subgraph.

    `context` is whatever the engine's caller gave for this client request (identity, request id, deadline); the engine
    passes it on untouched. Raises `FetchError` when there is no usable answer (unreachable, too late, not GraphQL).
    """

    async def fetch(self, request: SubgraphRequest, context: object) -> SubgraphResponse: ...
