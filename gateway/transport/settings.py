"""What the HTTP surface is told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """`deadline`: seconds for one request, its body and all fetches included; `max_body`: bytes of a request, inflated;
    `linger`: seconds in which the rest of a refused body is thrown away before the connection is closed; `json_depth`:
    how deep variables and extensions may nest.

    `origins`: the other sites, scheme and host and port, whose pages may ask; none by default. A document is remembered
    under its hash for `persisted_life` seconds if it has at most `persisted_bytes`. `query_plans`: whether clients may
    see the plan of their operation, which names subgraphs and what lies between them.
    """

    deadline: float = 15.0
    max_body: int = 1024 * 1024
    linger: float = 5.0
    json_depth: int = 100
    origins: tuple[str, ...] = ()
    persisted_life: float = 24 * 3600.0
    persisted_bytes: int = 64 * 1024
    query_plans: bool = False
