"""Pages of a list: Relay's page information, opaque cursors, a bounded size.

A cursor holds the position after which a page begins, as text parts that only the list that made it can read.
"""

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated

import strawberry
from graphql import GraphQLError
from strawberry.federation.schema_directives import Shareable

from subgraphs.common.agreements.gate import current_rights

PAGE_SIZE, LARGEST_PAGE = 20, 100
_SEPARATOR = "|"
_LONGEST_NUMBER = 18  # digits that every database's integers hold

First = Annotated[int, strawberry.argument(description=f"Tamaño de la página: de 1 a {LARGEST_PAGE}.")]
After = Annotated[str | None, strawberry.argument(description="Cursor después del cual empieza la página.")]
Last = Annotated[int | None, strawberry.argument(description="Los últimos de la lista; prevalece sobre 'first'.")]


@strawberry.type(description="Posición en una lista paginada.", directives=[Shareable()])
class PageInfo:
    has_next_page: bool = strawberry.field(description="Hay más elementos después de esta página.")
    has_previous_page: bool = strawberry.field(description="Hay elementos antes de esta página.")
    start_cursor: str | None = strawberry.field(description="Cursor del primer elemento.")
    end_cursor: str | None = strawberry.field(description="Cursor del último elemento.")


def page_info(cursors: Sequence[str], more: bool, after: str | None) -> PageInfo:
    """Of the page with these cursors; `more` says whether the list goes on."""
    return PageInfo(
        has_next_page=more,
        has_previous_page=after is not None,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )


def page_size(first: int) -> int:
    """`first`, if a page may be that large, and at most what the caller's agreement allows. Raises `GraphQLError`
    BAD_PAGE_SIZE."""
    if not 1 <= first <= LARGEST_PAGE:
        raise GraphQLError(f"'first' must be from 1 to {LARGEST_PAGE}.", extensions={"code": "BAD_PAGE_SIZE"})
    return min(first, current_rights().page_limit or LARGEST_PAGE)


def cursor(kind: str, *parts: str | int) -> str:
    """The opaque text of a position in lists of this kind."""
    return base64.urlsafe_b64encode(_SEPARATOR.join((kind, *map(str, parts))).encode()).decode()


def position(kind: str, text: str, parts: int) -> list[str]:
    """The parts of a cursor of this kind. Raises `GraphQLError` BAD_CURSOR."""
    try:
        given, *found = base64.urlsafe_b64decode(text.encode()).decode().split(_SEPARATOR)
    except (binascii.Error, ValueError) as error:
        raise bad_cursor() from error
    if given != kind or len(found) != parts:
        raise bad_cursor()
    return found


def number(part: str) -> int:
    """A part that must be a whole number. Raises `GraphQLError` BAD_CURSOR."""
    if not (part.isascii() and part.isdigit() and len(part) <= _LONGEST_NUMBER):
        raise bad_cursor()
    return int(part)


def bad_cursor() -> GraphQLError:
    message = "'after' is not a cursor of this list; use an 'endCursor' that it gave."
    return GraphQLError(message, extensions={"code": "BAD_CURSOR"})
