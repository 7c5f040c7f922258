"""The ledger's read side: what each filter finds, pages, who looked at a case, and how little is read for it."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from access_records_kit import (
    BETWEEN,
    CASES,
    PEOPLE,
    START,
    Leaf,
    access,
    append,
    many,
    open_writer,
    start,
    write_postgres,
    write_sqlite,
)
from postgres_kit import PASSWORD, READER, PostgresServer
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from subgraphs.common.agreements.gate import acting_with
from subgraphs.common.agreements.rights import Given, Rights
from subgraphs.common.agreements.text import Condition, Grant
from subgraphs.common.database import counted, open_read_only
from subgraphs.common.identity import Caller
from subgraphs.common.postgresql import DatabaseUrl
from subgraphs.common.server import check_database
from subgraphs.ledger import records
from subgraphs.ledger.schema import context, schema
from subgraphs.ledger.types import AccessOutcome

Ask = Callable[..., Awaitable[Any]]
AUDITOR = Caller("auditora", "CGR", ("auditor",), "audit")
LEAVES = many(3_000)
LIST = """query ($filter: AccessFilter, $first: Int! = 100, $after: String) {
  accessRecords(filter: $filter, first: $first, after: $after) {
    totalCount nodes { position } pageInfo { hasNextPage endCursor } } }"""
EVERYTHING = """query ($position: ID!) { accessRecord(position: $position) {
  position at gateway request subject institution roles client purpose reference exceptionalReason operationName
  operationDigest entities { type key } given refused { coordinate code } agreements { number digest clause } outcome
  leafHash } }"""
ACCESSES = """query ($these: [_Any!]!, $first: Int! = 20, $after: String) { _entities(representations: $these) {
  ... on Case { accesses(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
    nodes { at subject institution roles purpose exceptional agreements { number } } } } } }"""


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ledger") / "ledger.db"
    write_sqlite(path, LEAVES)
    return path


@pytest.fixture(scope="module")
def _on_the_server(postgres: PostgresServer) -> None:
    asyncio.run(_load(postgres))


async def _load(postgres: PostgresServer) -> None:
    await postgres.run("postgres", "CREATE DATABASE ledger_read")
    exists = f"SELECT FROM pg_roles WHERE rolname = '{READER}'"
    create = f"CREATE ROLE {READER} LOGIN PASSWORD '{PASSWORD}'"
    await postgres.run("postgres", f"DO $$ BEGIN IF NOT EXISTS ({exists}) THEN {create}; END IF; END $$")
    await write_postgres(postgres.text("ledger_read"), LEAVES, READER)


@pytest.fixture(params=["sqlite", "postgresql"])
def source(request: pytest.FixtureRequest) -> Path | DatabaseUrl:
    if request.param == "sqlite":
        return request.getfixturevalue("ledger")  # type: ignore[no-any-return]
    request.getfixturevalue("_on_the_server")
    return request.getfixturevalue("postgres").url("ledger_read", READER, PASSWORD)  # type: ignore[no-any-return]


@pytest.fixture
async def engine(source: Path | DatabaseUrl) -> AsyncIterator[AsyncEngine]:
    engine = open_read_only(source)
    yield engine
    await engine.dispose()


def asking(engine: AsyncEngine) -> Ask:
    async def ask(query: str, **variables: Any) -> Any:
        return await schema.execute(query, variable_values=variables, context_value=context(engine, AUDITOR))

    return ask


@pytest.fixture
def ask(engine: AsyncEngine) -> Ask:
    return asking(engine)


async def positions(ask: Ask, first: int = 100, **filter: Any) -> list[int]:
    """The positions of a whole list, page after page."""
    found: list[int] = []
    after = None
    while True:
        answer = await ask(LIST, filter=filter, first=first, after=after)
        assert answer.errors is None
        page = answer.data["accessRecords"]
        found += [int(node["position"]) for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            assert page["totalCount"] == len(found)
            return found
        after = page["pageInfo"]["endCursor"]


def where(holds: Callable[[dict[str, Any]], bool]) -> list[int]:
    """The positions that a list must find, read from the records one by one."""
    read = enumerate(leaf.document for leaf in LEAVES)
    return [position for position, record in read if record["kind"] == "access" and holds(record)]


async def test_the_list_is_of_accesses_alone_oldest_first_without_gap_or_repetition(ask: Ask) -> None:
    assert await positions(ask) == where(lambda _: True)


@pytest.mark.parametrize(
    ("filter", "holds"),
    [
        ({"institution": "MP"}, lambda r: r["institution"] == "MP"),
        ({"institution": "PJ", "subject": "jueza.ficticia"}, lambda r: r["subject"] == "jueza.ficticia"),
        ({"institution": "MP", "subject": "jueza.ficticia"}, lambda r: False),
        ({"purpose": "prosecution"}, lambda r: r["purpose"] == "prosecution"),
        ({"agreement": "CONVENIO-FICTICIO-1"}, lambda r: r["agreements"][0].startswith("CONVENIO-FICTICIO-1@")),
        ({"outcome": "REFUSED"}, lambda r: r["outcome"] == "REFUSED"),
        ({"case": "3-2022-1801-jr-ci-1"}, lambda r: ["Case", CASES[2]] in r["entities"]),
        ({"request": "r-17"}, lambda r: r["request"] == "r-17"),
        ({"exceptional": True}, lambda r: r["exceptional"] is not None),
        ({"exceptional": False, "outcome": "ERROR"}, lambda r: r["exceptional"] is None and r["outcome"] == "ERROR"),
        ({"from": "2026-11-05", "to": "2026-11-06"}, lambda r: "2026-11-05T05" <= r["at"] < "2026-11-07T05"),
        ({"from": "2026-11-14"}, lambda r: r["at"] >= "2026-11-14T05"),
        ({"to": "2026-11-01"}, lambda r: r["at"] < "2026-11-02T05"),
        ({"from": "2027-01-01"}, lambda r: False),
        ({"from": "2026-11-03", "to": "2026-11-02"}, lambda r: False),
        (
            {"institution": "TC", "outcome": "OK", "case": CASES[4], "from": "2026-11-02"},
            lambda r: (
                (r["institution"], r["outcome"]) == ("TC", "OK")
                and ["Case", CASES[4]] in r["entities"]
                and r["at"] >= "2026-11-02T05"
            ),
        ),
    ],
    ids=lambda given: str(given) if isinstance(given, dict) else "",
)
async def test_each_filter_finds_what_reading_every_record_would(
    ask: Ask, filter: dict[str, Any], holds: Callable[[dict[str, Any]], bool]
) -> None:
    assert await positions(ask, **filter) == where(holds)


async def test_a_page_looks_at_a_bounded_number_of_records_and_says_where_to_go_on(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "EXAMINED", 64)
    asked = {"institution": "MP", "outcome": "ERROR"}
    found, after, short = [], None, 0
    while True:
        page = (await ask(LIST, filter=asked, first=50, after=after)).data["accessRecords"]
        found += [int(node["position"]) for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        short += len(page["nodes"]) < 50
        after = page["pageInfo"]["endCursor"]
    assert short > 3
    assert page["totalCount"] <= 64
    assert found == where(lambda r: (r["institution"], r["outcome"]) == ("MP", "ERROR"))


async def test_a_record_is_given_whole_with_the_hash_of_its_leaf(ask: Ask) -> None:
    place = next(place for place in where(lambda r: r["exceptional"] is not None))
    leaf, record = LEAVES[place], LEAVES[place].document
    shown = (await ask(EVERYTHING, position=str(place))).data["accessRecord"]
    assert shown["at"] == (START + place * BETWEEN - timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M:%S-05:00")
    assert shown["leafHash"] == hashlib.sha256(b"\x00" + leaf.record).hexdigest()
    assert shown["entities"] == [{"type": name, "key": key} for name, key in record["entities"]]
    assert shown["refused"] == [{"coordinate": "ProsecutionFile.summary", "code": "AGREEMENT_REQUIRED"}]
    number = record["agreements"][0].partition("@")[0]
    assert shown["agreements"] == [{"number": number, "digest": "abc", "clause": "3.1"}]
    assert (shown["exceptionalReason"], shown["operationName"]) == ("turno de emergencia", "CaseByNumber")
    same = ("gateway", "request", "subject", "institution", "roles", "client", "purpose", "reference", "given")
    assert {name: shown[name] for name in same} == {name: record[name] for name in same}


@pytest.mark.parametrize("position", ["0", "3000", "-1", "x", "9" * 30, "²"])
async def test_no_access_is_found_at_a_position_that_has_none(ask: Ask, position: str) -> None:
    answer = await ask(EVERYTHING, position=position)
    assert (answer.data, answer.errors) == ({"accessRecord": None}, None)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"filter": {"subject": "jueza.ficticia"}}, "BAD_FILTER"),
        ({"filter": {"case": "what"}}, "BAD_CASE_NUMBER"),
        ({"first": 101}, "BAD_PAGE_SIZE"),
        ({"after": "nonsense"}, "BAD_CURSOR"),
    ],
)
async def test_what_cannot_be_asked_is_refused_with_its_code(ask: Ask, arguments: dict[str, Any], code: str) -> None:
    (error,) = (await ask(LIST, **arguments)).errors
    assert (error.extensions or error.original_error.extensions)["code"] == code


def of_case(number: str) -> dict[str, str]:
    return {"__typename": "Case", "number": number}


async def test_a_case_says_who_looked_at_it_newest_first_in_pages(ask: Ask) -> None:
    expected = [LEAVES[place].document for place in where(lambda r: ["Case", CASES[0]] in r["entities"])][::-1]
    found: list[dict[str, Any]] = []
    after = None
    while after is not None or not found:
        answer = await ask(ACCESSES, these=[of_case(CASES[0])], first=40, after=after)
        page = answer.data["_entities"][0]["accesses"]
        found += page["nodes"]
        after = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else None
    assert page["totalCount"] == len(found) == len(expected)
    assert [(each["subject"], each["exceptional"]) for each in found] == [
        (record["subject"], record["exceptional"] is not None) for record in expected
    ]


async def test_who_looked_tells_nothing_of_what_else_was_looked_at(ask: Ask) -> None:
    """Neither the other entities, nor a reference or a reason, which may name a file whose existence is secret."""
    fields = schema._schema.type_map["CaseAccess"].fields  # type: ignore[union-attr]
    assert set(fields) == {"at", "subject", "institution", "roles", "purpose", "exceptional", "agreements"}


async def test_the_accesses_of_many_cases_take_one_statement_together(engine: AsyncEngine) -> None:
    query = ACCESSES.replace("totalCount", "")
    for many_cases in (5, 40):
        with counted(engine) as count:
            answer = await asking(engine)(query, these=[of_case(case) for case in CASES[:many_cases]])
        assert answer.errors is None
        assert count.statements == 1


async def test_no_statement_reads_a_table_from_end_to_end(engine: AsyncEngine) -> None:
    asked: list[tuple[str, Any]] = []
    event.listen(engine.sync_engine, "before_cursor_execute", lambda *a: asked.append((a[2], a[3])))
    ask = asking(engine)
    institution, subject = PEOPLE[0]
    filters = [
        {},
        {"institution": institution, "subject": subject, "exceptional": False},
        {"case": CASES[0], "purpose": "prosecution", "from": "2026-11-02", "to": "2026-11-08"},
        {"from": "2026-11-02"},
    ]
    for filter in filters:
        assert (await ask(LIST, filter=filter)).errors is None
    assert (await ask(ACCESSES, these=[of_case(case) for case in CASES])).errors is None
    statements = [(statement, given) for statement, given in asked if statement.lstrip().startswith(("SELECT", "WITH"))]
    assert len(statements) > 10
    async with engine.connect() as connection:
        for statement, given in statements:
            whole = await read_whole(connection, statement, given)
            assert not whole, (statement, whole)


async def read_whole(connection: AsyncConnection, statement: str, given: Any) -> list[str]:
    """The steps of the statement's plan that read a table, or an index, from its beginning."""
    if connection.dialect.name == "sqlite":
        rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
        return [row[3] for row in rows if re.match(r"SCAN (leaf|mention|later)", row[3])]
    # The sample is small beside a ledger: without this reading a table whole would be the better choice.
    for way in ("seqscan", "hashjoin", "mergejoin"):
        await connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
    rows = await connection.exec_driver_sql(f"EXPLAIN {statement}", given)
    return [row[0] for row in rows if "Seq Scan" in row[0]]


async def test_records_are_read_while_a_gateway_writes(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    writer = open_writer(path)
    append(writer, [start(0), access(1)])
    engine = open_read_only(path)
    ask = asking(engine)
    assert await positions(ask) == [1]
    writer.execute("BEGIN IMMEDIATE")
    assert await positions(ask) == [1]
    writer.rollback()
    append(writer, [access(2)], first=2)
    assert await positions(ask) == [1, 2]
    writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    append(writer, [access(3)], first=3)
    assert await positions(ask) == [1, 2, 3]
    writer.close()
    assert await positions(ask) == [1, 2, 3]
    await engine.dispose()


async def test_a_ledger_that_nobody_has_open_is_read_too_and_a_new_writer_after_it(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    write_sqlite(path, [access(0)])
    assert not path.with_name("ledger.db-wal").exists()
    await check_database("ledger", path)
    engine = open_read_only(path)
    ask = asking(engine)
    assert await positions(ask) == [0]
    with closing(open_writer(path)) as writer:
        append(writer, [access(1)], first=1)
        assert await positions(ask) == [0, 1]
    await engine.dispose()


async def test_a_clock_that_jumped_neither_hides_a_record_nor_shows_it_on_another_day(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    leaves: list[Leaf] = [access(place) for place in range(1_000)]
    leaves[500] = access(500, at=START - timedelta(days=300))
    leaves[700] = access(700, at=START + timedelta(hours=3))
    write_sqlite(path, leaves)
    engine = open_read_only(path)
    ask = asking(engine)
    found = []
    for day in ({"from": "2026-11-01", "to": "2026-11-01"}, {"to": "2026-10-31"}):
        page = (await ask(LIST, filter=day, first=100)).data["accessRecords"]
        while True:
            found += [int(node["position"]) for node in page["nodes"]]
            if not page["pageInfo"]["hasNextPage"]:
                break
            page = (await ask(LIST, filter=day, after=page["pageInfo"]["endCursor"])).data["accessRecords"]
    first_day = timedelta(days=1) // BETWEEN + 1
    assert found == [*range(first_day), 700, 500]
    await engine.dispose()


def test_every_outcome_is_known_as_that_of_an_access() -> None:
    assert {outcome.value for outcome in AccessOutcome} == set(records.OUTCOMES)


async def test_records_given_under_conditions_are_given_one_by_one_and_not_in_lists(ask: Ask) -> None:
    condition = Condition(field="AccessRecord.institution", equals="MP")
    given = Grant(clause="1", roles=("auditor",), fields=("*.*",), conditions=(condition,))
    mine, other = (where(lambda r, code=code: r["institution"] == code)[0] for code in ("MP", "PJ"))
    with acting_with(Rights((Given(given, "A-1@abc#1"),)), AUDITOR):
        listed = await ask(LIST)
        shown, hidden = [(await ask(EVERYTHING, position=str(place))).data["accessRecord"] for place in (mine, other)]
    assert [error.extensions["code"] for error in listed.errors] == ["LIST_NOT_GRANTED"]
    assert (shown["institution"], hidden) == ("MP", None)


async def test_a_page_has_no_more_than_the_agreement_allows(ask: Ask) -> None:
    given = Grant(clause="1", roles=("auditor",), fields=("*.*",))
    with acting_with(Rights((Given(given, "A-1@abc#1"),), page_limit=7), AUDITOR):
        page = (await ask(LIST, first=50)).data["accessRecords"]
        accesses = (await ask(ACCESSES, these=[of_case(CASES[0])], first=50)).data["_entities"][0]["accesses"]
    assert len(page["nodes"]) == len(accesses["nodes"]) == 7
    assert page["pageInfo"]["hasNextPage"]
    assert accesses["pageInfo"]["hasNextPage"]
