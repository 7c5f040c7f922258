"""A case's parts as Relay connections: the whole list is read in its batch, and a page is cut from it."""

from collections.abc import Sequence
from typing import Generic, TypeVar

import strawberry

from subgraphs.common.pages import PageInfo, cursor, number, page_info, page_size, position

Node = TypeVar("Node")


@strawberry.type(description="Un elemento en una lista paginada.")
class Edge(Generic[Node]):
    node: Node = strawberry.field(description="Elemento de la lista.")
    cursor: str = strawberry.field(description="Cursor opaco.")


@strawberry.type(description="Lista paginada de las partes del expediente judicial.")
class Connection(Generic[Node]):
    edges: list[Edge[Node]] = strawberry.field(description="Elementos con su cursor.")
    page_info: PageInfo = strawberry.field(description="Posición de la página.")
    total_count: int = strawberry.field(description="Total de elementos.")

    @strawberry.field(description="Elementos de la página.")
    def nodes(self) -> list[Node]:
        return [edge.node for edge in self.edges]


def cut(
    kind: str, items: Sequence[tuple[int, Node]], first: int, after: str | None, last: int | None = None
) -> Connection[Node]:
    """The page of these lines, which are in order. `last` counts from the end and wins over `first`."""
    start = -1 if after is None else number(position(kind, after, 1)[0])
    rest = [item for item in items if item[0] > start]
    size = page_size(first if last is None else last)
    shown = rest[:size] if last is None else rest[-size:]
    edges = [Edge(node=node, cursor=cursor(kind, line)) for line, node in shown]
    page = page_info([edge.cursor for edge in edges], more=last is None and len(rest) > size, after=after)
    page.has_previous_page = bool(shown) and shown[0][0] != items[0][0]
    return Connection(edges=edges, page_info=page, total_count=len(items))
