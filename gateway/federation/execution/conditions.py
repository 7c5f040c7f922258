"""Do conditions hold for one request? A variable that is absent fulfils none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.federation.operation.selection import Conditions, When


def all_met(conditions: Conditions, variables: Mapping[str, Any]) -> bool:
    """Whether every condition holds."""
    return all(variables.get(name) is expected for name, expected in conditions)


def holds(when: When, variables: Mapping[str, Any]) -> bool:
    """Whether a field is shown: it has no conditions, or all of one alternative hold."""
    return not when or any(all_met(each, variables) for each in when)
