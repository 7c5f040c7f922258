"""Errors that a subgraph sends: where they arrive, and which of its words do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from faults_kit import Gateway, answers, codes, http, says, writes

pytestmark = pytest.mark.asyncio(loop_scope="module")

CODE = {"code": "ON_HOLD"}
ALIASED = """{ reader(name: "Ana") {
    mine: loans { day it: book { cost: postage } }
    also: loans { day it: book { postage } }
} }"""
ITS = [["reader", alias, index, "it"] for alias in ("mine", "also") for index in (0, 1)]
ITS_FIELD = [[*place, "cost" if place[1] == "mine" else "postage"] for place in ITS]
FIRST = [ITS[0], ITS[2]]


def failing(*errors: object, data: object = None) -> Any:
    return says({"data": data, "errors": errors})


PATHS: dict[str, tuple[object, list[list[Any]]]] = {
    "an entity": (["_entities", 0], ITS),
    "a field of an entity": (
        ["_entities", 0, "postage"],
        ITS_FIELD,
    ),
    "a field that was not asked for": (["_entities", 0, "owner", "dni"], ITS),
    "no path": (None, FIRST),
    "an empty path": ([], FIRST),
    "no list": ("_entities.0", FIRST),
    "an index too far": (["_entities", 1], FIRST),
    "an index below": (["_entities", -1], FIRST),
    "true for an index": (["_entities", True], FIRST),
    "a word for an index": (["_entities", "0"], FIRST),
    "an object for an index": (["_entities", {"a": 1}], FIRST),
    "an index past 64 bits": (["_entities", 10**30], FIRST),
    "another root": (["books", 0], FIRST),
    "objects on the way": (["_entities", 0, {"a": []}], ITS),
    "10,000 steps": (
        ["_entities", 0, *["postage"] * 10_000],
        ITS_FIELD,
    ),
}


@pytest.mark.parametrize(("path", "places"), PATHS.values(), ids=PATHS)
async def test_an_entitys_error_arrives_at_each_of_the_clients_places(
    patient: Gateway, path: object, places: list[list[Any]]
) -> None:
    error = {"message": "On hold.", "path": path, "extensions": CODE}
    answer = await patient.ask_while("stock", failing(error, data={"_entities": [{"postage": None}]}), ALIASED)
    assert sorted(codes(answer), key=str) == sorted((("ON_HOLD", "stock", place) for place in places), key=str)
    loans = answer["data"]["reader"]
    assert [loan["day"] for loan in loans["mine"]] == ["lunes", "jueves"], "the rest is intact"
    assert [loan["it"]["cost"] for loan in loans["mine"]] == [None, None]


ROOT_PATHS: dict[str, tuple[object, list[list[Any]]]] = {
    "an item's field": (["books", 1, "title"], [["a", 1, "t"], ["b", 1, "title"]]),
    "an item": (["books", 1], [["a", 1], ["b", 1]]),
    "no path": (None, [["a"], ["b"]]),
    "an item that is not there": (["books", 7, "title"], [["a"], ["b"]]),
    "true for an index": (["books", True, "title"], [["a"], ["b"]]),
    "an index below": (["books", -1, "title"], [["a"], ["b"]]),
    "a field in a list": (["books", "title"], [["a", "t"], ["b", "title"]]),
    "a field hidden from the client": (["books", 0, "isbn"], [["a", 0], ["b", 0]]),
    "another field": (["nothing", 0], [[]]),
    "entities": (["_entities", 0], [[]]),
}


@pytest.mark.parametrize(("path", "places"), ROOT_PATHS.values(), ids=ROOT_PATHS)
async def test_a_root_fetchs_error_arrives_under_the_clients_aliases(
    patient: Gateway, path: object, places: list[list[Any]]
) -> None:
    error = {"message": "On hold.", "path": path, "extensions": CODE}
    fault = answers(lambda exchange: {**exchange.answer, "errors": [error]})
    answer = await patient.ask_while("catalogue", fault, "{ a: books { t: title copies } b: books { title } }")
    assert codes(answer) == [("ON_HOLD", "catalogue", place) for place in places]
    assert answer["data"]["a"] == [{"t": "Los ríos profundos", "copies": 4}, {"t": "Trilce", "copies": 0}]


async def test_a_field_that_is_skipped_gets_no_error(patient: Gateway) -> None:
    query = "query ($no: Boolean = false) { books { title } items @include(if: $no) { title } }"
    answer = await patient.ask_while("catalogue", writes(b""), query)
    assert codes(answer) == [("SUBGRAPH_UNREACHABLE", "catalogue", ["books"])]


SHAPES: list[object] = [
    {},
    {"message": None},
    {"message": 7, "path": 7, "extensions": 7},
    {"message": ["On hold."], "extensions": CODE},
    {"message": "", "extensions": CODE},
    {"message": "x", "extensions": {"code": 500}},
    {"message": "x", "extensions": {"code": ["ON_HOLD"]}},
    {"message": "x", "extensions": [], "locations": "everywhere"},
    None,
    "On hold.",
    7,
    ["On hold."],
]


@pytest.mark.parametrize("shape", SHAPES, ids=json.dumps)
async def test_an_error_of_the_wrong_shape_is_an_error_all_the_same(patient: Gateway, shape: object) -> None:
    answer = await patient.ask_while(
        "catalogue", failing(shape, data={"b": None, "book": None}), '{ book(isbn: "1") { title } }'
    )
    assert answer == {
        "data": {"book": None},
        "errors": [
            {
                "message": "catalogue failed to answer this.",
                "path": ["book"],
                "extensions": {"code": "SUBGRAPH_ERROR", "service": "catalogue"},
            }
        ],
    }


INNARDS = [
    "SELECT dni FROM personas WHERE id = 7",
    "insert into accesos values (7)",
    "ORA-00942: table or view does not exist",
    'psycopg.OperationalError: connection to server at "10.20.0.7", port 5432 failed',
    "could not translate host name db1.pj.internal",
    'Traceback (most recent call last):\n  File "/srv/app.py", line 3',
    "java.lang.NullPointerException at pe.gob.Juez.leer(Juez.java:7)",
    "Cannot connect to postgresql://lector:clave@base/expedientes",
    "login failed, password=hunter2",
    "Authorization: Bearer eyJhbGciOi",
]


@pytest.mark.parametrize("code", [None, "ON_HOLD", "INTERNAL_SERVER_ERROR"])
@pytest.mark.parametrize("message", INNARDS)
async def test_what_a_machine_says_of_itself_never_reaches_the_client(
    patient: Gateway, message: str, code: str | None
) -> None:
    told = {"exception": {"stacktrace": [message]}, "debug": message, **({"code": code} if code else {})}
    fault = failing({"message": message, "extensions": told, "path": ["_entities", 0, message], message: message})
    answer = await patient.ask_while("loans", fault, '{ book(isbn: "1") { title loans { day } } }')
    assert answer == {
        "data": {"book": {"title": "Los ríos profundos", "loans": None}},
        "errors": [
            {
                "message": "loans failed to answer this.",
                "path": ["book"],
                "extensions": {"code": "SUBGRAPH_ERROR", "service": "loans"},
            }
        ],
    }


@pytest.mark.parametrize(
    "code",
    [
        None,
        "INTERNAL_SERVER_ERROR",
        "INTERNAL",
        "SQL_ERROR",
        "GRAPHQL_VALIDATION_FAILED",
        "on hold",
        "SELECT 1",
        "X" * 65,
    ],
)
async def test_a_message_without_a_code_of_its_own_is_not_meant_for_clients(patient: Gateway, code: str | None) -> None:
    fault = failing({"message": "Innocent words.", "extensions": {"code": code}})
    answer = await patient.ask_while("loans", fault, '{ book(isbn: "1") { title loans { day } } }')
    assert "Innocent" not in json.dumps(answer)
    assert codes(answer) == [("SUBGRAPH_ERROR", "loans", ["book"])]


@pytest.mark.parametrize(
    "message",
    [
        "A case number reads 00123-2023-0-1801-JR-CI-01.",
        "El expediente está en reserva; pida acceso al órgano que lo tramita.",
        "At most 1000 representations a request.",
    ],
)
async def test_a_message_with_a_code_of_its_own_is_passed_with_it(patient: Gateway, message: str) -> None:
    fault = failing({"message": message, "extensions": {**CODE, "table": "personas"}})
    answer = await patient.ask_while("loans", fault, '{ book(isbn: "1") { title loans { day } } }')
    [error] = answer["errors"]
    assert error == {"message": message, "path": ["book"], "extensions": {**CODE, "service": "loans"}}


async def test_top_level_extensions_of_a_subgraph_stay_with_the_gateway(patient: Gateway) -> None:
    fault = answers(lambda exchange: {**exchange.answer, "extensions": {"tracing": "SELECT 1"}})
    answer = await patient.ask_while("loans", fault, '{ book(isbn: "1") { loans(last: 1) { day } } }')
    assert answer == {"data": {"book": {"loans": [{"day": "jueves"}]}}}


async def test_a_flood_of_errors_is_bounded_in_the_answer(patient: Gateway) -> None:
    errors = b",".join([b'{"path":["_entities",0]}'] * 30_000)
    flood = writes(http(b'{"data":{"_entities":null},"errors":[' + errors + b"]}"))
    answer = await patient.ask_while("loans", flood, "{ books { title loans { day } } }")
    assert answer["data"] == {"books": [{"title": title, "loans": None} for title in ("Los ríos profundos", "Trilce")]}
    assert len(answer["errors"]) == 501
    assert answer["errors"][-1]["extensions"]["code"] == "TOO_MANY_ERRORS"
