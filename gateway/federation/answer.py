"""What the engine answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from gateway.federation.errors import ClientError
from gateway.federation.json_text import read_json, write_json


@dataclass(frozen=True, slots=True)
class Touched:
    """An entity that the answer was made of: its type, and the values of its key in the order of the key's fields."""

    type: str
    key: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """An executed operation. `encoded` is its data as JSON: null or an object, as the GraphQL specification's section
    7.1 has it. `touched` are the entities that it was made of, each once, if the engine records them; `withheld` the
    coordinates that a condition kept back somewhere, each with the code."""

    encoded: bytes
    errors: tuple[ClientError, ...] = ()
    extensions: dict[str, Any] = field(default_factory=dict)
    touched: tuple[Touched, ...] = ()
    withheld: tuple[tuple[str, str], ...] = ()

    @cached_property
    def data(self) -> dict[str, Any] | None:
        """The data, read again."""
        data: dict[str, Any] | None = read_json(self.encoded)
        return data


def answer_of(data: dict[str, Any] | None, errors: Sequence[ClientError] = ()) -> Answer:
    """An answer with these JSON values as data."""
    return Answer(write_json(data), tuple(errors))
