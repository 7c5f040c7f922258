"""What was read is in the ledger before the answer leaves; what cannot be recorded does not leave."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from agreements_kit import agreement, register
from federation_kit import LocalSubgraphs, library
from identity_kit import token, verifier_of
from ledger_kit import sqlite_ledger

from gateway.access.agreements.document import Condition, Grant
from gateway.access.agreements.parties import Institution
from gateway.access.agreements.register import Register, today
from gateway.access.profile import Access
from gateway.federation.engine import Engine, Limits
from gateway.transport.app import create_app
from gateway.transport.recording import Recording
from gateway.upstream.client import SubgraphClient

PARTIES = {
    "LIB": Institution("Biblioteca", ("unused",), ("catalogue",)),
    "LOANS": Institution("Préstamos", ("unused",), ("loans",)),
    "STOCK": Institution("Almacén", ("unused",), ("stock",)),
}
BOOK = '{ book(isbn: "1") { title kind loans { day reader { name } } copies } }'


def grant(*fields: str, clause: str = "1", **changes: Any) -> Grant:
    return Grant(clause=clause, roles=("judge",), fields=fields, **changes)


def agreements(*grants: Grant) -> Register:
    """By which the Judiciary's judges read the library for a review of cases, or its loans, all of them, also for an
    audit; of the stock nothing."""
    dates = {"in_force_from": today(), "in_force_until": today()}
    books = agreement("LIB-1", provider="LIB", grants=grants or (grant("Query.*", "Book.*"),), **dates)
    loans = agreement("LOANS-1", provider="LOANS", grants=(grant("*.*"),), purposes=("case_review", "audit"), **dates)
    return register(books, loans, parties=PARTIES)


@asynccontextmanager
async def gateway(folder: Path, held: Register | None = None, **limits: Any) -> AsyncIterator[tuple[Any, Recording]]:
    recording = Recording(sqlite_ledger(folder), "gw-1")
    engine = Engine(library(), LocalSubgraphs(), Limits(**limits), recorded=True)
    access = Access(agreements() if held is None else held)
    app = create_app(engine, SubgraphClient({}), verifier=verifier_of(), access=access, recording=recording)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as http,
    ):
        yield http, recording


async def ask(http: httpx.AsyncClient, query: str = BOOK, purpose: str | None = "case_review", **who: Any) -> Any:
    headers = {"Authorization": f"Bearer {token(**who)}"} | ({"Quipu-Purpose": purpose} if purpose else {})
    return await http.post("/graphql", json={"query": query}, headers=headers)


def records(folder: Path, kind: str = "access") -> list[dict[str, Any]]:
    with closing(sqlite3.connect(f"file:{folder / 'ledger.db'}?mode=ro", uri=True)) as ledger:
        found = [json.loads(record) for (record,) in ledger.execute("SELECT record FROM leaf ORDER BY position")]
    return [record for record in found if record["kind"] == kind]


@pytest.mark.parametrize("program_after", [0, 99], ids=["compiled", "interpreted"])
async def test_a_reading_is_recorded_with_all_that_was_given_and_refused(tmp_path: Path, program_after: int) -> None:
    async with gateway(tmp_path, program_after=program_after) as (http, _):
        response = await ask(http)
        [record] = records(tmp_path)
    # What the stock tells is refused, and may not be null: the specification lets the null rise to the book.
    assert response.json()["data"] == {"book": None}
    assert record["request"] == response.headers["X-Request-Id"]
    assert (record["outcome"], record["refused"]) == ("PARTIAL", [["Book.copies", "AGREEMENT_REQUIRED"]])
    assert record["entities"] == [["Book", "1"], ["Reader", "Luis"], ["Reader", "Ana"]]


async def test_what_is_refused_is_null_with_its_reason_and_the_rest_still_comes(tmp_path: Path) -> None:
    async with gateway(tmp_path) as (http, _):
        response = await ask(http, '{ book(isbn: "1") { title weight postage loans { day } } }')
        [record] = records(tmp_path)
    book = response.json()["data"]["book"]
    assert (book["title"], book["postage"], len(book["loans"])) == ("Los ríos profundos", None, 2)
    [error] = response.json()["errors"]
    assert error["extensions"]["code"] == "AGREEMENT_REQUIRED"
    assert error["extensions"]["coordinate"] == "Book.postage"
    assert error["extensions"]["provider"] == "STOCK"
    assert error["path"] == ["book", "postage"]
    assert record["subject"] == "jueza.uno"
    assert record["institution"] == "PJ"
    assert record["purpose"] == "case_review"
    assert record["outcome"] == "PARTIAL"
    assert record["gateway"] == "gw-1"
    assert record["entities"] == [["Book", "1"]]
    assert record["given"] == ["Book.loans", "Book.title", "Book.weight", "Loan.day", "Query.book"]
    assert record["refused"] == [["Book.postage", "AGREEMENT_REQUIRED"]]
    assert {cited.partition("@")[0] for cited in record["agreements"]} == {"LIB-1", "LOANS-1"}
    assert "profundos" not in json.dumps(record, ensure_ascii=False)


@pytest.mark.parametrize(
    ("who", "purpose", "code"),
    [
        ({"institution": "MP"}, "case_review", "AGREEMENT_REQUIRED"),
        ({"roles": ["clerk"]}, "case_review", "ROLE_NOT_GRANTED"),
        ({}, None, "PURPOSE_REQUIRED"),
        ({}, "audit", "PURPOSE_NOT_GRANTED"),
    ],
)
async def test_a_refused_attempt_is_recorded(
    tmp_path: Path, who: dict[str, Any], purpose: str | None, code: str
) -> None:
    async with gateway(tmp_path) as (http, _):
        response = await ask(http, '{ book(isbn: "1") { title } }', purpose, **who)
        [record] = records(tmp_path)
    assert response.json()["data"] == {"book": None}
    assert [error["extensions"]["code"] for error in response.json()["errors"]] == [code]
    assert (record["outcome"], record["refused"]) == ("REFUSED", [["Query.book", code]])
    assert record["entities"] == []


async def test_a_condition_that_fails_withholds_the_field_of_that_object_alone(tmp_path: Path) -> None:
    open_ = grant("Query.*", "Book.isbn", "Book.title")
    novels = grant("Book.weight", clause="2", conditions=(Condition(field="Book.kind", equals="NOVEL"),))
    async with gateway(tmp_path, agreements(open_, novels)) as (http, _):
        response = await ask(http, "{ books { isbn title weight } }")
        [record] = records(tmp_path)
    assert [book["weight"] for book in response.json()["data"]["books"]] == [300, None]
    [error] = response.json()["errors"]
    assert (error["extensions"]["code"], error["path"]) == ("WITHHELD", ["books", 1, "weight"])
    assert record["refused"] == [["Book.weight", "WITHHELD"]]
    assert record["entities"] == [["Book", "1"], ["Book", "2"]]


async def test_equal_requests_that_share_an_answer_have_a_record_each(tmp_path: Path) -> None:
    async with gateway(tmp_path) as (http, _):
        responses = await asyncio.gather(*(ask(http) for _ in range(5)))
        found = records(tmp_path)
    assert sorted(record["request"] for record in found) == sorted(each.headers["X-Request-Id"] for each in responses)


async def test_what_cannot_be_recorded_does_not_leave(tmp_path: Path) -> None:
    async with gateway(tmp_path) as (http, recording):
        open_ledger, recording.ledger = recording.ledger, None
        response = await ask(http)
        recording.ledger = open_ledger
        assert response.status_code == 503
        assert "data" not in response.json()
        assert response.json()["errors"][0]["extensions"]["code"] == "LEDGER_UNAVAILABLE"
        assert records(tmp_path) == []
        assert (await ask(http)).status_code == 200


async def test_a_question_to_the_schema_alone_leaves_no_record(tmp_path: Path) -> None:
    async with gateway(tmp_path) as (http, _):
        assert (await ask(http, "{ __typename }")).json() == {"data": {"__typename": "Query"}}
        assert records(tmp_path) == []


async def test_starting_and_the_agreements_in_force_are_recorded(tmp_path: Path) -> None:
    held = agreements()
    async with gateway(tmp_path, held):
        [loaded] = records(tmp_path, "agreements")
        assert len(records(tmp_path, "start")) == 1
    assert loaded["register"] == held.digest
    digests = [one.digest for one in held.agreements]
    assert loaded["agreements"] == [["LIB-1", "1", digests[0], "IN_FORCE"], ["LOANS-1", "1", digests[1], "IN_FORCE"]]
