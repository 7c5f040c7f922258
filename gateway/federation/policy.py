"""The seam between planning and access: may this subgraph's field be fetched for this kind of user?

The engine knows nothing of users. Whoever plans gives a `Policy`; it is asked once per coordinate and subgraph
while planning, so that nothing is decided again on the hot path.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Allow:
    """The field may be fetched from the subgraph."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The field may not be fetched. What is written here reaches the client."""

    code: str
    message: str
    extensions: dict[str, Any] = field(default_factory=dict)


Decision = Allow | Refusal
Policy = Callable[[str, str], Decision]
"""`policy(subgraph, coordinate)`: the subgraph's name, and a coordinate such as `Case.parties`."""

ALLOW = Allow()


def allow_everything(subgraph: str, coordinate: str) -> Decision:
    """The policy of a gateway that has none."""
    return ALLOW
