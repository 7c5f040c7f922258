"""Reads of the ledger: records by their position, and the positions of the records that speak of something.

Positions are found by the index of `mention` alone, then the records of one page are read. Of several filters the
rarest is walked and the others are looked up for each of its positions. No statement looks at more than `EXAMINED`
positions, however many millions there are: a page may so come short of its size and yet say that there are more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.selectable import FromClause

from subgraphs.ledger.entries import Entry, entry
from subgraphs.ledger.tables import leaves, mentions

EXAMINED = 20_000
OUTCOMES = ("OK", "PARTIAL", "REFUSED", "ERROR", "ABANDONED")
"""Each record of an access has one; records of other kinds have none."""
_PROBED = 1_000
_END = 2**62

Mention = tuple[str, str]
"""A kind, and the value of that kind."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Records that have all of the mentions and none of `without`, of these Lima days, both included."""

    mentions: tuple[Mention, ...] = ()
    without: tuple[Mention, ...] = ()
    first_day: date | None = None
    last_day: date | None = None


class Found(NamedTuple):
    """Entries in their order; `more` tells whether there may be others after `last`, the last position looked at."""

    entries: list[Entry]
    last: int | None
    more: bool


class _Span(NamedTuple):
    """The positions from `low` to `high`, both included."""

    low: int
    high: int


async def entries_at(connection: AsyncConnection, positions: Sequence[int]) -> dict[int, Entry]:
    """The accesses recorded at these positions."""
    query = select(leaves.c.position, leaves.c.record).where(leaves.c.position.in_(positions))
    read = [entry(position, record) for position, record in await connection.execute(query)]
    return {each.position: each for each in read if each is not None}


async def page(connection: AsyncConnection, wanted: Wanted, first: int, after: int | None) -> Found:
    """At most `first` entries after that position, oldest first."""
    span = await _span(connection, wanted, -1 if after is None else after)
    if span is None:
        return Found([], None, more=False)
    walked = await _walked(connection, wanted, span)
    stop = await _stop(connection, walked, span)
    looked = _Span(span.low, span.high if stop is None else stop)
    source = _candidates(walked, looked)
    chosen = _narrowed(source, wanted, walked).order_by(source.c.position).limit(first + 1)
    positions: list[int] = [row.position for row in await connection.execute(chosen)]
    kept = positions[:first]
    read = await entries_at(connection, kept)
    full = len(positions) > first
    return Found(
        [read[position] for position in kept if position in read and _on_a_day(read[position], wanted)],
        kept[-1] if full else stop if stop is not None else (kept[-1] if kept else None),
        full or stop is not None,
    )


async def count(connection: AsyncConnection, wanted: Wanted) -> int:
    """How many there are among the first `EXAMINED` positions that the rarest of the filters leaves."""
    span = await _span(connection, wanted, -1)
    if span is None:
        return 0
    walked = await _walked(connection, wanted, span)
    source = _accesses(span) if walked is None else _candidates(walked, span, EXAMINED)
    counted = _narrowed(source, wanted, walked).subquery()
    return int((await connection.execute(select(func.count()).select_from(counted))).scalar_one())


async def newest(
    connection: AsyncConnection, asked: Sequence[tuple[Mention, int | None]], first: int
) -> list[list[Entry]]:
    """For each mention, `first` entries before that position, newest first, and one more if there is one."""
    parts = [
        select(select(literal(place).label("place"), cells.position)
        .where(cells.kind == kind, cells.value == value, cells.position < (_END if before is None else before))
        .order_by(cells.position.desc())
        .limit(first + 1)
        .subquery())
        for place, ((kind, value), before) in enumerate(asked)
        for cells in (mentions.c,)
    ]  # fmt: skip
    chosen = union_all(*parts).cte("chosen")
    query = select(chosen.c.place, leaves.c.position, leaves.c.record).join_from(
        chosen, leaves, leaves.c.position == chosen.c.position
    )
    found: list[list[Entry]] = [[] for _ in asked]
    rows = await connection.execute(query.order_by(chosen.c.place, leaves.c.position.desc()))
    for place, position, record in rows:
        read = entry(position, record)
        if read is not None:
            found[place].append(read)
    return found


async def _span(connection: AsyncConnection, wanted: Wanted, after: int) -> _Span | None:
    """Where the wanted records lie; None if nowhere. The clocks of gateways may jump, so each day is looked up."""
    low, high = after + 1, _END
    if wanted.first_day is not None or wanted.last_day is not None:
        bounds = (await connection.execute(_days(wanted))).all()
        days = [(int(first), int(last)) for first, last in bounds if first is not None]
        if not days:
            return None
        low, high = max(low, min(first for first, _ in days)), max(last for _, last in days)
    return _Span(low, high) if low <= high else None


def _days(wanted: Wanted) -> Select[Any]:
    """The first and the last position of each day there is between the two, by leaps along the index."""
    cells, day = mentions.c, mentions.c.kind == "day"
    earliest = "" if wanted.first_day is None else wanted.first_day.isoformat()
    latest = "9999-12-31" if wanted.last_day is None else wanted.last_day.isoformat()
    days = select(func.min(cells.value).label("day")).where(day, cells.value >= earliest).cte("days", recursive=True)
    later = mentions.alias("later").c
    following = select(func.min(later.value)).where(later.kind == "day", later.value > days.c.day)
    days = days.union_all(select(following.scalar_subquery()).where(days.c.day < latest))
    bounds = [
        select(bound(cells.position)).where(day, cells.value == days.c.day).correlate(days).scalar_subquery()
        for bound in (func.min, func.max)
    ]
    return select(*bounds).where(days.c.day <= latest)


async def _walked(connection: AsyncConnection, wanted: Wanted, span: _Span) -> Mention | None:
    """The rarest of the mentions, as far as a few positions tell; None if all records are wanted."""
    if len(wanted.mentions) < 2:
        return next(iter(wanted.mentions), None)
    probes = [
        select(func.count().label("found")).select_from(_candidates(mention, span, _PROBED))
        for mention in wanted.mentions
    ]
    found = [(await connection.execute(probe)).scalar_one() for probe in probes]
    return wanted.mentions[found.index(min(found))]


async def _stop(connection: AsyncConnection, walked: Mention | None, span: _Span) -> int | None:
    """The last position that a page may look at; None if it may look at all."""
    if walked is None:
        newest_of_all = (await connection.execute(select(func.max(leaves.c.position)))).scalar_one()
        stop = span.low + EXAMINED - 1
        return stop if stop < min(span.high, -1 if newest_of_all is None else newest_of_all) else None
    source = _candidates(walked, span, EXAMINED + 1)
    query = select(func.count(), func.max(source.c.position))
    found, last = (await connection.execute(query)).one()
    return int(last) if found > EXAMINED else None


def _candidates(walked: Mention | None, span: _Span, limit: int | None = None) -> FromClause:
    """The positions of the span that a mention has, or all."""
    cells = leaves.c if walked is None else mentions.c
    query = select(cells.position).where(cells.position.between(span.low, span.high))
    if walked is not None:
        query = query.where(mentions.c.kind == walked[0], mentions.c.value == walked[1])
    return query.order_by(cells.position).limit(limit).subquery()


def _accesses(span: _Span) -> FromClause:
    """The positions of the span at which accesses are recorded, in no order, by the index alone."""
    cells = mentions.c
    of_span = select(cells.position).where(
        cells.kind == "outcome", cells.value.in_(OUTCOMES), cells.position.between(span.low, span.high)
    )
    return of_span.limit(EXAMINED).subquery()


def _narrowed(source: FromClause, wanted: Wanted, walked: Mention | None) -> Select[Any]:
    """Those of the positions at which accesses are recorded that have the other mentions too."""
    query = select(source.c.position)
    for kind, value in wanted.mentions:
        if (kind, value) != walked:
            query = query.where(_has(source, kind, (value,)))
    if all(kind != "outcome" for kind, _ in wanted.mentions):
        query = query.where(_has(source, "outcome", OUTCOMES))
    for kind, value in wanted.without:
        query = query.where(~_has(source, kind, (value,)))
    return query


def _has(source: FromClause, kind: str, values: Sequence[str]) -> ColumnElement[bool]:
    one = mentions.alias().c
    condition = and_(one.kind == kind, one.value.in_(values), one.position == source.c.position)
    return exists(select(literal(1)).where(condition).correlate(source))


def _on_a_day(read: Entry, wanted: Wanted) -> bool:
    earliest, latest = wanted.first_day or date.min, wanted.last_day or date.max
    return earliest <= read.at.date() <= latest
