"""What one client request gives to all the fetches made for it."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.access.identity import Identity


@dataclass(frozen=True, slots=True)
class RequestContext:
    """`deadline` is a time of the event loop's clock, in seconds; `identity` is None in open mode."""

    identity: Identity | None
    request_id: str
    deadline: float
    traceparent: str | None = None
