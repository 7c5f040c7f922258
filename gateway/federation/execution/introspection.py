"""What the API schema itself answers, in a bounded number of steps.

Introspection asks no subgraph, so its cost is the gateway's alone: lists of types within lists of fields multiply, and
so do aliases. Every field resolved is counted, and past the bound the operation is refused before any fetch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLSchema, execute_sync, parse

from gateway.federation.errors import ClientError
from gateway.federation.operation.limits import too_complex


@dataclass(frozen=True, slots=True)
class Introspected:
    """`data` is None where a non-null field failed."""

    data: dict[str, Any] | None
    errors: tuple[ClientError, ...]


class _BoundReachedError(Exception):
    pass


def introspect(
    schema: GraphQLSchema, text: str, operation_name: str | None, variables: Mapping[str, Any], bound: int
) -> Introspected:
    """Answers the document `text`. `bound`: fields resolved. Raises `RequestError` (QUERY_TOO_COMPLEX) past it."""
    resolved = 0

    def counted(resolve: Callable[..., Any], root: Any, info: Any, **arguments: Any) -> Any:
        nonlocal resolved
        resolved += 1
        if resolved > bound:
            raise _BoundReachedError
        return resolve(root, info, **arguments)

    outcome = execute_sync(
        schema,
        parse(text),
        variable_values=dict(variables),
        operation_name=operation_name,
        middleware=[counted],
    )
    if resolved > bound:
        raise too_complex(f"The introspection asks for more than {bound} fields.")
    errors = tuple(
        ClientError(error.message, "INTROSPECTION_FAILED", tuple(error.path or ())) for error in outcome.errors or ()
    )
    return Introspected(outcome.data, errors)
