"""What may go wrong inside the engine, each with a stable code.

Two kinds: `RequestError` (the operation was never executed: the client's document, variables or its cost are at
fault) and `FetchError` (a subgraph could not give an answer: the rest of the response still comes).
Messages of both are written for clients: no host, no stack, no subgraph internals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

PathElement = str | int
_SUGGESTION = re.compile(r" Did you mean .*", re.DOTALL)
"""What graphql-core adds to an error about a name."""


@dataclass(frozen=True, slots=True)
class ClientError:
    """One entry of a response's `errors` (GraphQL specification, section 7.1.2)."""

    message: str
    code: str
    path: tuple[PathElement, ...] | None = None
    locations: tuple[tuple[int, int], ...] = ()
    """Line and column pairs, both from 1."""
    extensions: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The error as it is sent: `message`, `locations`, `path`, `extensions` (with `code`)."""
        answer: dict[str, Any] = {"message": self.message}
        if self.locations:
            answer["locations"] = [{"line": line, "column": column} for line, column in self.locations]
        if self.path is not None:
            answer["path"] = list(self.path)
        answer["extensions"] = {"code": self.code, **self.extensions}
        return answer


class RequestError(Exception):
    """The operation cannot be executed; answered without a `data` entry."""

    def __init__(self, errors: Sequence[ClientError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = tuple(errors)


@contextmanager
def suggesting(names: bool) -> Iterator[None]:
    """Lets a `RequestError` suggest names of the schema, or takes what it suggests away."""
    try:
        yield
    except RequestError as error:
        if names:
            raise
        told = [replace(each, message=_SUGGESTION.sub("", each.message)) for each in error.errors]
        raise RequestError(told) from error


class FetchError(Exception):
    """A subgraph gave no usable answer. `message` and `code` reach the client, with the subgraph's name."""

    def __init__(self, subgraph: str, message: str, code: str) -> None:
        super().__init__(message)
        self.subgraph = subgraph
        self.message = message
        self.code = code
