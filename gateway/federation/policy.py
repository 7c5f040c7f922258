"""The seam between planning and access: may this subgraph's field be fetched for this kind of user?

The engine knows nothing of users. Whoever plans gives a `Policy`; it is asked once per coordinate and subgraph
while planning, so that nothing is decided again on the hot path. A decision may hang on the object that has the
field: what the condition needs is then fetched along, checked where the answer is cut out, and never shown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """The field may not be fetched, or not be shown. What is written here reaches the client."""

    code: str
    message: str
    extensions: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of the object that a field is of. `needs`: a selection on its type, as a field set
    (`reserved court { specialty }`), which the subgraph that is asked for the field resolves too; `holds(values,
    subject)` is given those values, as JSON, and what the engine's caller said of the subject. Where it does not hold
    the field is null, with `refusal`. Equal names, equal conditions."""

    name: str
    needs: str
    holds: Callable[[Mapping[str, Any], Mapping[str, str]], bool] = field(compare=False)
    refusal: Refusal = field(compare=False)


@dataclass(frozen=True, slots=True)
class Allow:
    """The field may be fetched from the subgraph. `grounds` says by what right, for the record of what was read."""

    condition: Condition | None = None
    grounds: tuple[str, ...] = ()


Decision = Allow | Refusal
Policy = Callable[[str, str], Decision]
"""`policy(subgraph, coordinate)`: the subgraph's name, and a coordinate such as `Case.parties`."""

ALLOW = Allow()

NOBODY: Mapping[str, str] = MappingProxyType({})
"""The subject of whom nothing is known."""

UNREACHABLE = "FIELD_UNREACHABLE"
"""The code of a field that no subgraph can be asked for on the way to it."""


def also_behind(policy: Policy, coordinates: Collection[str]) -> Policy:
    """The policy, which refuses these fields too: whoever gives them can only be asked through what it refuses."""

    def decide(subgraph: str, coordinate: str) -> Decision:
        if coordinate in coordinates:
            message = f"{coordinate} lies behind fields that you are not given."
            return Refusal(UNREACHABLE, message, {"coordinate": coordinate})
        return policy(subgraph, coordinate)

    return decide


def allow_everything(subgraph: str, coordinate: str) -> Decision:
    """The policy of a gateway that has none."""
    return ALLOW
