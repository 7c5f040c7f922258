"""What a program notes while it converts: the entities that it meets, and the fields that the policy keeps back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.federation.answer import Touched
from gateway.federation.errors import ClientError, PathElement
from gateway.federation.execution.project import refused_error
from gateway.federation.policy import Refusal

Way = tuple[Any, ...]
"""The way to a place as nested pairs, innermost last: `(((), "case"), "parties")`."""


@dataclass(eq=False, slots=True)
class Notes:
    """Of one run. `subject` is what the policy's conditions may compare with; `errors` are by coordinate."""

    subject: Mapping[str, str]
    touched: dict[Touched, None] = field(default_factory=dict)
    errors: dict[tuple[str, str], ClientError] = field(default_factory=dict)

    def refuse(self, coordinate: str, key: str, refusal: Refusal, way: Way) -> None:
        """A field is null by the policy: an error where the coordinate is met first."""
        if (coordinate, refusal.code) not in self.errors:
            path = _path((way, key))
            self.errors[coordinate, refusal.code] = refused_error(coordinate, refusal, path)


def _path(way: Way) -> tuple[PathElement, ...]:
    path: list[PathElement] = []
    while way:
        way, last = way
        path.append(last)
    return tuple(reversed(path))
