"""What the engine answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gateway.federation.errors import ClientError


@dataclass(frozen=True, slots=True)
class Answer:
    """An executed operation: `data` is null or an object, as the GraphQL specification's section 7.1 has it."""

    data: dict[str, Any] | None
    errors: tuple[ClientError, ...] = ()
    extensions: dict[str, Any] = field(default_factory=dict)
