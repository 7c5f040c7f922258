"""A small library divided among three real GraphQL subgraphs, in process.

Each subgraph is a graphql-core schema with an `_entities` of its own. It validates what it is sent, so an operation
that is not valid in its subgraph fails the test that sent it.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from graphql import GraphQLError, GraphQLSchema, build_schema, graphql_sync

from gateway.federation.engine import Engine, Limits
from gateway.federation.errors import FetchError
from gateway.federation.execution.fetcher import SubgraphRequest, SubgraphResponse
from gateway.federation.supergraph.model import Supergraph
from gateway.federation.supergraph.read import read_supergraph

FIXTURES = Path(__file__).parent / "fixtures"

_SDL = {
    "catalogue": """
        type Query {
          book(isbn: ID!): Book  books: [Book!]!  items: [Item!]!
          _entities(representations: [_Any!]!): [_Entity]!
        }
        type Mutation { addBook(title: String!): Book }
        interface Item { isbn: ID!  title: String! }
        type Book implements Item { isbn: ID!  title: String!  weight: Int  kind: Kind }
        type Disc implements Item { isbn: ID!  title: String!  minutes: Int }
        enum Kind { NOVEL SECRET }
        union _Entity = Book | Disc
        scalar _Any
    """,
    "loans": """
        type Query { reader(name: String!): Reader  _entities(representations: [_Any!]!): [_Entity]! }
        type Mutation { lend(isbn: ID!): Loan }
        type Book { isbn: ID!  loans(last: Int = 2): [Loan!] }
        type Loan { reader: Reader!  book: Book!  day: String }
        type Reader { name: String!  loans: [Loan!] }
        union _Entity = Book | Reader
        scalar _Any
    """,
    "stock": """
        type Query { _entities(representations: [_Any!]!): [_Entity]! }
        type Book { isbn: ID!  weight: Int  postage: Int  copies: Int! }
        union _Entity = Book
        scalar _Any
    """,
}

BOOKS = {
    "1": {"__typename": "Book", "isbn": "1", "title": "Los ríos profundos", "weight": 300, "kind": "NOVEL"},
    "2": {"__typename": "Book", "isbn": "2", "title": "Trilce", "weight": None, "kind": "SECRET"},
}
DISC = {"__typename": "Disc", "isbn": "9", "title": "Huayno", "minutes": 42}
LOANS = {"1": [("Ana", "lunes"), ("Luis", "martes"), ("Ana", "jueves")], "2": []}
COPIES = {"1": 4, "2": 0}


def library() -> Supergraph:
    """The supergraph of the three."""
    return read_supergraph((FIXTURES / "supergraphs" / "library.graphql").read_text())


def _loan(isbn: str, reader: str, day: str) -> dict[str, Any]:
    return {"reader": lambda _info: _reader(reader), "book": {"__typename": "Book", "isbn": isbn}, "day": day}


def _reader(name: str) -> dict[str, Any]:
    loans = [_loan(isbn, reader, day) for isbn, all_of in LOANS.items() for reader, day in all_of if reader == name]
    return {"__typename": "Reader", "name": name, "loans": loans}


def _catalogue_entity(given: dict[str, Any]) -> Any:
    return copy.deepcopy(BOOKS.get(given["isbn"]) or (DISC if given["isbn"] == "9" else None))


def _loans_entity(given: dict[str, Any]) -> Any:
    if given["__typename"] == "Reader":
        return _reader(given["name"])
    isbn = given["isbn"]

    def loans(_info: Any, last: int) -> Any:
        return [_loan(isbn, reader, day) for reader, day in LOANS[isbn]][-last:]

    return {**given, "loans": loans}


def _stock_entity(given: dict[str, Any]) -> Any:
    if given["isbn"] not in COPIES:
        return GraphQLError(f"no stock of {given['isbn']}", extensions={"code": "NO_STOCK"})
    postage = None
    if "weight" in given and given["weight"] is not None:
        postage = given["weight"] * 2
    return {**given, "copies": COPIES[given["isbn"]], "postage": postage}


_ENTITY = {"catalogue": _catalogue_entity, "loans": _loans_entity, "stock": _stock_entity}


def _roots(subgraph: str, log: list[str]) -> dict[str, Any]:
    def lend(_info: Any, isbn: str) -> Any:
        log.append(f"lend {isbn}")
        return _loan(isbn, "Ana", "hoy")

    def add_book(_info: Any, title: str) -> Any:
        log.append(f"add {title}")
        return {"__typename": "Book", "isbn": "1", "title": title}

    return {
        "book": lambda _info, isbn: copy.deepcopy(BOOKS.get(isbn)),
        "books": list(copy.deepcopy(BOOKS).values()),
        "items": [*copy.deepcopy(BOOKS).values(), DISC],
        "reader": lambda _info, name: _reader(name),
        "lend": lend,
        "addBook": add_book,
        "_entities": lambda _info, representations: [_ENTITY[subgraph](given) for given in representations],
    }


@dataclass
class LocalSubgraphs:
    """A fetcher over the three. `sent` lists what was asked; `broken` names subgraphs that cannot be reached."""

    sent: list[SubgraphRequest] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    effects: list[str] = field(default_factory=list)
    schemas: dict[str, GraphQLSchema] = field(
        default_factory=lambda: {name: build_schema(sdl) for name, sdl in _SDL.items()}
    )

    async def fetch(self, request: SubgraphRequest, context: object) -> bytes:
        self.sent.append(request)
        if request.subgraph in self.broken:
            raise FetchError(request.subgraph, f"{request.subgraph} cannot be reached.", "SUBGRAPH_UNREACHABLE")
        return encoded(self.execute(request))

    def execute(self, request: SubgraphRequest) -> SubgraphResponse:
        """What the subgraph answers."""
        outcome = graphql_sync(
            self.schemas[request.subgraph],
            request.operation,
            root_value=_roots(request.subgraph, self.effects),
            variable_values=dict(request.variables),
            operation_name=request.operation_name,
        )
        return SubgraphResponse(outcome.data, tuple(dict(error.formatted) for error in outcome.errors or ()))


def encoded(response: SubgraphResponse) -> bytes:
    """The body of a subgraph's answer."""
    errors = {"errors": response.errors} if response.errors else {}
    return orjson.dumps({"data": response.data, **errors})


def engine(fetcher: LocalSubgraphs) -> Engine:
    """An engine over the library."""
    return Engine(library(), fetcher, Limits(program_after=0))
