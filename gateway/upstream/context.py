"""What one client request gives to all the fetches made for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.access.identity import Identity


@dataclass(frozen=True, slots=True)
class RequestContext:
    """`deadline` is a time of the event loop's clock, in seconds; `identity` is None in open mode."""

    identity: Identity | None
    request_id: str
    deadline: float
    traceparent: str | None = None
    sources: set[tuple[str, str]] = field(default_factory=set, compare=False)
    """Of each subgraph that was asked: its name, and the request's id that it was told. A fetch that was shared went
    under the id of the request that began it."""
