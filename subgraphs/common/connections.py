"""Lists in pages, as Relay has them, with `nodes` beside the edges; one connection for every kind of element.

A short list is read whole in its batch and a page is cut from it (`cut`); a long one is read a page at a time, the
element after the page telling whether there are others (`page`).
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import strawberry

from subgraphs.common.pages import PageInfo, cursor, number, page_info, page_size, position

Node = TypeVar("Node")
Record = TypeVar("Record")
Count = Callable[[], Awaitable[int]]


@strawberry.type(description="Un elemento en una lista paginada.")
class Edge(Generic[Node]):
    node: Node = strawberry.field(description="Elemento de la lista.")
    cursor: str = strawberry.field(description="Cursor opaco.")


@strawberry.type(description="Lista paginada.")
class Connection(Generic[Node]):
    total: strawberry.Private[int | Count]
    edges: list[Edge[Node]] = strawberry.field(description="Elementos con su cursor.")
    page_info: PageInfo = strawberry.field(description="Posición de la página.")

    @strawberry.field(description="Elementos de la página.")
    def nodes(self) -> list[Node]:
        return [edge.node for edge in self.edges]

    @strawberry.field(description="Total de elementos que usted puede ver con estos filtros.")
    async def total_count(self) -> int:
        return self.total if isinstance(self.total, int) else await self.total()


def cut(
    kind: str, items: Sequence[tuple[int, Node]], first: int, after: str | None, last: int | None = None
) -> Connection[Node]:
    """The page of these lines, which are in order. `last` counts from the end and wins over `first`."""
    start = -1 if after is None else number(position(kind, after, 1)[0])
    rest = [item for item in items if item[0] > start]
    size = page_size(first if last is None else last)
    shown = rest[:size] if last is None else rest[-size:]
    edges = [Edge(node=node, cursor=cursor(kind, line)) for line, node in shown]
    info = page_info([edge.cursor for edge in edges], more=last is None and len(rest) > size, after=after)
    info.has_previous_page = bool(shown) and shown[0][0] != items[0][0]
    return Connection(total=len(items), edges=edges, page_info=info)


def page(
    found: Sequence[Record],
    first: int,
    after: str | None,
    cursor_of: Callable[[Record], str],
    node_of: Callable[[Record], Node],
    total: Count,
) -> Connection[Node]:
    """The page of `first` records out of as many, or one more if the list goes on; `total` counts when asked."""
    size = page_size(first)
    edges = [Edge(node=node_of(record), cursor=cursor_of(record)) for record in found[:size]]
    info = page_info([edge.cursor for edge in edges], more=len(found) > size, after=after)
    return Connection(total=total, edges=edges, page_info=info)
