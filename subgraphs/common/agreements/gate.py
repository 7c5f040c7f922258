"""Where rights are enforced inside an execution: on the fields of entities, row by row, and on pages and lists.

Fields of entities are wrapped once, when the schema is made; everything else hangs below one of them. A field that is
given on every row costs a look-up. An entity tells the values that conditions name by its own fields, and whether the
caller is assigned to it by `is_assigned(context)`.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import Enum
from inspect import isawaitable
from typing import Any

from graphql import GraphQLError, GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema, default_field_resolver

from subgraphs.common.agreements.coordinates import types_of
from subgraphs.common.agreements.rights import UNLIMITED, Rights, Value
from subgraphs.common.identity import Caller
from subgraphs.common.names import snake

Row = tuple[str, Any]
"""An entity as the schema has it, with its type."""


@dataclass(frozen=True, slots=True)
class Acting:
    """For whom something is executed. `rows` gathers the entities that it reads, by type and identity."""

    rights: Rights
    caller: Caller
    rows: dict[tuple[str, int], Row] = field(default_factory=dict)


_ACTING: ContextVar[Acting | None] = ContextVar("acting", default=None)
"""Nobody where a schema is tried without a server."""

_WORDS = {
    "WITHHELD": "{0} is withheld here under the agreement.",
    "ASSIGNMENT_REQUIRED": "{0} is for those assigned to the case; whoever is not states an exceptional reason in the "
    "header Quipu-Exceptional-Reason, which is recorded.",
}
Resolver = Callable[..., Any]


@contextmanager
def acting_with(rights: Rights, caller: Caller) -> Iterator[Acting]:
    """What is executed inside the block is for a caller with these rights."""
    acting = Acting(rights, caller)
    token = _ACTING.set(acting)
    try:
        yield acting
    finally:
        _ACTING.reset(token)


def current_caller() -> Caller | None:
    """For whom the present code runs; nobody where a schema is tried without a server."""
    acting = _ACTING.get()
    return None if acting is None else acting.caller


def current_rights() -> Rights:
    """Those of the caller for whom the present code runs."""
    acting = _ACTING.get()
    return UNLIMITED if acting is None else acting.rights


def guard_entities(schema: GraphQLSchema, keys: frozenset[str]) -> None:
    """Wraps the resolvers of the entities' fields, `keys` apart."""
    for name in types_of(keys):
        found = schema.type_map[name]
        assert isinstance(found, GraphQLObjectType)  # noqa: S101 - a type with a key
        for field_name, known in found.fields.items():
            if f"{name}.{field_name}" not in keys:
                known.resolve = _guarded(f"{name}.{field_name}", known.resolve or default_field_resolver)


def exists(type_name: str, row: object) -> bool:
    """Whether a row, as the schema has it, exists for the caller."""
    return current_rights().shows(type_name, value_of(row))


def whole_list(type_name: str) -> None:
    """Lists and their counts are for those to whom no row is hidden. Raises `GraphQLError` LIST_NOT_GRANTED."""
    if current_rights().limits_rows(type_name):
        message = f"The agreement gives {type_name} under conditions, so one by one and not in lists."
        raise GraphQLError(message, extensions={"code": "LIST_NOT_GRANTED"})


def value_of(row: object) -> Value:
    """A row's values by path, as the schema shows them: enums by name, null below what is null."""

    def value(path: tuple[str, ...]) -> object:
        found: object = row
        for name in path:
            if found is None:
                return None
            found = getattr(found, snake(name))
            found = found() if callable(found) else found
        return found.name if isinstance(found, Enum) else found

    return value


def _guarded(coordinate: str, inner: Resolver) -> Resolver:
    type_name = coordinate.partition(".")[0]

    def resolve(row: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        acting = _ACTING.get()
        if acting is None:
            return inner(row, info, **arguments)
        acting.rows.setdefault((type_name, id(row)), (type_name, row))
        if acting.rights.is_free(coordinate):
            return inner(row, info, **arguments)
        return _checked(acting.rights, coordinate, row, info, lambda: inner(row, info, **arguments))

    return resolve


async def _checked(
    rights: Rights, coordinate: str, row: Any, info: GraphQLResolveInfo[Any], resolve: Callable[[], Any]
) -> Any:
    async def assigned() -> bool:
        known: Callable[[Any], Awaitable[bool]] | None = getattr(row, "is_assigned", None)
        return known is not None and await known(info.context)

    code = await rights.refusal(coordinate, value_of(row), assigned)
    if code is not None:
        extensions = {"code": code, "coordinate": coordinate}
        raise GraphQLError(_WORDS[code].format(coordinate), extensions=extensions)
    result = resolve()
    return await result if isawaitable(result) else result
