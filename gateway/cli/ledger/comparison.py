"""What the ledger says that institutions were asked, against what they say that they served.

The key is the subgraph and the request's id that it was told. It is not one to one: a request may ask a subgraph
several times, and a fetch that requests shared is cited by all of them; so who asked is compared for each id, not the
number of times. Both sides go to a temporary database, which spills to disk: memory stays flat.

The ledger keeps the outcome of an operation, not of each fetch. An institution that could not be reached, or that
refused the gateway itself, has no row; so one that is missing is a difference only if the operation had all it asked.
Neither has one that was asked for `__typename` alone, which a gateway does where a type is known elsewhere only as an
interface's object: no schema of the five has such. Rows whose id is "-" came with one that a gateway would not make.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

MARGIN = timedelta(minutes=5)
"""How far apart both sides' times of one request may be: the answer takes a while, and clocks differ."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FAR = 2**62
_SCHEMA = """
CREATE TABLE bounds (start INTEGER NOT NULL, stop INTEGER NOT NULL);
CREATE TABLE asked (subgraph TEXT NOT NULL, request TEXT NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL,
  sure INTEGER NOT NULL);
CREATE TABLE served (subgraph TEXT NOT NULL, request TEXT NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL);
CREATE INDEX asked_by_request ON asked (subgraph, request);
CREATE INDEX served_by_request ON served (subgraph, request);
CREATE VIEW asked_inside AS SELECT asked.* FROM asked, bounds WHERE start <= at AND at < stop;
CREATE VIEW served_inside AS SELECT served.* FROM served, bounds WHERE start <= at AND at < stop;
CREATE VIEW asked_alone AS SELECT * FROM asked_inside AS mine WHERE NOT EXISTS (SELECT 1 FROM served AS other
  WHERE other.subgraph = mine.subgraph AND other.request = mine.request);
CREATE VIEW served_alone AS SELECT * FROM served_inside AS mine WHERE NOT EXISTS (SELECT 1 FROM asked AS other
  WHERE other.subgraph = mine.subgraph AND other.request = mine.request);
"""
_FINDINGS = {
    # A fetch that several operations shared is sure if one of them had all that it asked for.
    "not_served": """SELECT subgraph, request, min(at), who, NULL FROM asked_alone
      GROUP BY subgraph, request HAVING sum(sure) > 0 ORDER BY subgraph, min(at), request""",
    "not_asked": """SELECT subgraph, request, min(at), who, NULL FROM served_alone WHERE request <> '-'
      GROUP BY subgraph, request, who ORDER BY subgraph, min(at), request""",
    "another_caller": """SELECT subgraph, request, min(told.at), asked.who, told.who FROM served_inside AS told
      JOIN asked USING (subgraph, request) WHERE asked.who <> told.who
      GROUP BY subgraph, request, asked.who, told.who ORDER BY subgraph, min(told.at), request""",
    "not_confirmed": """SELECT subgraph, request, min(at), who, NULL FROM asked_alone
      GROUP BY subgraph, request HAVING sum(sure) = 0 ORDER BY subgraph, min(at), request""",
    "without_id": """SELECT subgraph, request, at, who, NULL FROM served_alone WHERE request = '-'
      ORDER BY subgraph, at""",
}


class Kind(StrEnum):
    """`NOT_SERVED`, `NOT_ASKED`, `ANOTHER_CALLER` and `BROKEN_CHAIN` are differences; the rest is told apart."""

    BROKEN_CHAIN = "broken_chain"
    NOT_SERVED = "not_served"
    NOT_ASKED = "not_asked"
    ANOTHER_CALLER = "another_caller"
    NOT_CONFIRMED = "not_confirmed"
    WITHOUT_ID = "without_id"

    @property
    def differs(self) -> bool:
        """Whether the two sides are not equal then."""
        return self not in (Kind.NOT_CONFIRMED, Kind.WITHOUT_ID)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asked, for what. Texts are as the ledger keeps them, long ones as hashes; the empty one is none."""

    subject: str
    institution: str
    roles: tuple[str, ...]
    purpose: str
    reference: str
    exceptional: str


@dataclass(frozen=True, slots=True)
class Request:
    """What one side has of a request to a subgraph. `at`: aware."""

    subgraph: str
    request: str
    at: datetime
    caller: Caller


@dataclass(frozen=True, slots=True)
class Finding:
    """`caller`: as the side says that has it, the ledger if both do; `served`: the institution's, where it differs;
    `row`: the number of a row that does not follow from the one before it."""

    kind: Kind
    subgraph: str
    request: str
    at: datetime
    caller: Caller
    served: Caller | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` to before `stop`, aware; None is open. Requests up to `MARGIN` outside are known, but not told."""

    start: datetime | None = None
    stop: datetime | None = None

    def near(self, at: datetime) -> bool:
        """Whether the request has to be known to both sides."""
        return (self.start is None or self.start - at <= MARGIN) and (self.stop is None or at - self.stop < MARGIN)

    def bounds(self) -> tuple[int, int]:
        """In microseconds since 1970."""
        start = -_FAR if self.start is None else _microseconds(self.start)
        return start, _FAR if self.stop is None else _microseconds(self.stop)


class Comparison:
    """Of all that is added to its sides."""

    def __init__(self, database: sqlite3.Connection, window: Window) -> None:
        self._database, self._window = database, window
        database.executescript(_SCHEMA)
        database.execute("INSERT INTO bounds VALUES (?, ?)", window.bounds())

    def add_asked(self, request: Request, sure: bool) -> None:
        """One that the ledger has. `sure`: whether the operation was given all that it asked for."""
        if self._window.near(request.at):
            self._database.execute("INSERT INTO asked VALUES (?, ?, ?, ?, ?)", (*_row(request), sure))

    def add_served(self, request: Request) -> None:
        """One that an institution has."""
        if self._window.near(request.at):
            self._database.execute("INSERT INTO served VALUES (?, ?, ?, ?)", _row(request))

    def findings(self) -> Iterator[Finding]:
        """Those in the window, by kind, subgraph and time."""
        for kind, query in _FINDINGS.items():
            for subgraph, request, at, caller, served in self._database.execute(query):
                other = None if served is None else _caller(served)
                yield Finding(Kind(kind), subgraph, request, _EPOCH + at * _MICROSECOND, _caller(caller), other)

    def sizes(self) -> tuple[int, int]:
        """How many requests to subgraphs the ledger has in the window, and how many rows the institutions have."""
        [asked] = self._database.execute(
            "SELECT count(*) FROM (SELECT DISTINCT subgraph, request FROM asked_inside)"
        ).fetchone()
        [served] = self._database.execute("SELECT count(*) FROM served_inside").fetchone()
        return asked, served


@contextmanager
def comparison(window: Window) -> Iterator[Comparison]:
    """An empty one, whose temporary database goes away after the block."""
    with closing(sqlite3.connect("")) as database:
        yield Comparison(database, window)


def _row(request: Request) -> tuple[str, str, int, str]:
    return request.subgraph, request.request, _microseconds(request.at), json.dumps(asdict(request.caller))


def _caller(text: str) -> Caller:
    told = json.loads(text)
    return Caller(**{**told, "roles": tuple(told["roles"])})


def _microseconds(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND
