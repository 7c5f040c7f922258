"""What the engine answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson

from gateway.federation.errors import ClientError


@dataclass(frozen=True)
class Answer:
    """An executed operation. `encoded` is its data as JSON: null or an object, as the GraphQL specification's section
    7.1 has it."""

    encoded: bytes
    errors: tuple[ClientError, ...] = ()
    extensions: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def data(self) -> dict[str, Any] | None:
        """The data, read again."""
        data: dict[str, Any] | None = orjson.loads(self.encoded)
        return data


def answer_of(data: dict[str, Any] | None, errors: Sequence[ClientError] = ()) -> Answer:
    """An answer with these JSON values as data."""
    return Answer(orjson.dumps(data), tuple(errors))
