"""An answer that is GraphQL but not what was asked for: what fits is kept, what does not is null with an error."""

from __future__ import annotations

from typing import Any

import pytest
from faults_kit import Gateway, answers, codes, http, says, writes

pytestmark = pytest.mark.asyncio(loop_scope="module")

WRONG, BAD = "INVALID_SUBGRAPH_VALUE", "SUBGRAPH_BAD_RESPONSE"
BOOK = '{ b: book(isbn: "1") { isbn title weight kind } }'
BOOKS = "{ books { title copies } }"
SHARED = '{ reader(name: "Ana") { loans { day book { title weight } } } }'
WHOLE = {"isbn": "1", "title": "t", "weight": 3, "kind": "NOVEL"}

VALUES: dict[str, tuple[str, dict[str, Any], list[tuple[str, list[Any]]]]] = {
    "a list for an object": ("[3]", {"b": None}, [(WRONG, ["b"])]),
    "a string for an object": ('"x"', {"b": None}, [(WRONG, ["b"])]),
    "nothing of a non-null": ('{"isbn": "1", "weight": 3, "kind": "NOVEL"}', {"b": None}, [(BAD, ["b", "title"])]),
    "nothing of nullable fields": (
        '{"isbn": "1", "title": "t"}',
        {"b": {**WHOLE, "weight": None, "kind": None}},
        [(BAD, ["b", "kind"]), (BAD, ["b", "weight"])],
    ),
    "a number for a string": ("@title:7", {"b": None}, [(WRONG, ["b", "title"])]),
    "an object for a string": ('@title:{"a": 1}', {"b": None}, [(WRONG, ["b", "title"])]),
    "a string for an Int": ('@weight:"3"', {"b": {**WHOLE, "weight": None}}, [(WRONG, ["b", "weight"])]),
    "an Int past 31 bits": ("@weight:2147483648", {"b": {**WHOLE, "weight": None}}, [(WRONG, ["b", "weight"])]),
    "an Int past 53 bits": ("@weight:9007199254740993", {"b": {**WHOLE, "weight": None}}, [(WRONG, ["b", "weight"])]),
    "an Int past 64 bits": ("@weight:" + "9" * 30, {"b": {**WHOLE, "weight": None}}, [(WRONG, ["b", "weight"])]),
    "a fraction for an Int": ("@weight:0.5", {"b": {**WHOLE, "weight": None}}, [(WRONG, ["b", "weight"])]),
    "a whole float for an Int": ("@weight:3.0", {"b": WHOLE}, []),
    "true for an Int": ("@weight:true", {"b": {**WHOLE, "weight": None}}, [(WRONG, ["b", "weight"])]),
    "a list for an enum": ("@kind:[]", {"b": {**WHOLE, "kind": None}}, [(WRONG, ["b", "kind"])]),
    "a number for an ID": ("@isbn:1", {"b": WHOLE}, []),
    "a fraction for an ID": ("@isbn:1.5", {"b": None}, [(WRONG, ["b", "isbn"])]),
    "a NUL in a string": ('@title:"\\u0000"', {"b": {**WHOLE, "title": "\0"}}, []),
    "an escaped pair": ('@title:"\\ud83d\\ude00"', {"b": {**WHOLE, "title": "😀"}}, []),
}


def value(text: str) -> bytes:
    """An answer whose book is the text, or the whole book with one field of it changed."""
    fields = {"isbn": '"1"', "title": '"t"', "weight": "3", "kind": '"NOVEL"'}
    if text.startswith("@"):
        name, _, changed = text[1:].partition(":")
        text = "{" + ",".join(f'"{key}":{known}' for key, known in {**fields, name: changed}.items()) + "}"
    return http(b'{"data": {"book": ' + text.encode() + b"}}")


@pytest.mark.parametrize(("text", "data", "errors"), VALUES.values(), ids=VALUES)
async def test_a_value_of_the_wrong_shape_is_null_with_an_error_naming_its_subgraph(
    patient: Gateway, text: str, data: dict[str, Any], errors: list[tuple[str, list[Any]]]
) -> None:
    answer = await patient.ask_while("catalogue", writes(value(text)), BOOK)
    assert answer["data"] == data
    assert codes(answer) == [(code, "catalogue", path) for code, path in errors]


@pytest.mark.parametrize("name", [3, [], {"a": {}}, None, "", "Nonsense", "Query", "Book!"])
async def test_a_typename_that_is_none_costs_its_own_object_alone(patient: Gateway, name: object) -> None:
    items = [{"__typename": name, "title": "x"}, {"__typename": "Disc", "title": "y", "minutes": 3}]
    query = '{ items { title ... on Disc { minutes } } reader(name: "Ana") { name } }'
    answer = await patient.ask_while("catalogue", says({"data": {"items": items}}), query)
    assert answer["data"] is None, "an item that may not be null costs the list, and the list the root"
    assert codes(answer) == [(WRONG, "catalogue", ["items", 0])]


@pytest.mark.parametrize("name", [3, [], {"a": {}}])
async def test_a_typename_that_is_no_name_stops_no_hop(patient: Gateway, name: object) -> None:
    query = '{ items { ... on Book { copies } } reader(name: "Ana") { name } }'
    answer = await patient.ask_while("catalogue", says({"data": {"items": [{"__typename": name, "isbn": "1"}]}}), query)
    assert codes(answer) == [(WRONG, "catalogue", ["items", 0])]


@pytest.mark.parametrize("depth", [190, 250, 900])
async def test_lists_nested_without_end_are_an_error_of_their_own_fields(patient: Gateway, depth: int) -> None:
    nested = writes(http(b'{"data": {"_entities": [{"loans": ' + b"[" * depth + b"]" * depth + b"}]}}"))
    answer = await patient.ask_while("loans", nested, '{ book(isbn: "1") { title loans { day book { copies } } } }')
    assert answer["data"] == {"book": {"title": "Los ríos profundos", "loans": None}}
    assert len(answer["errors"]) == 1


ENTITIES: dict[str, tuple[Any, list[tuple[str, list[Any]]]]] = {
    "no list": ({"0": {"weight": 3}}, [(BAD, ["reader", "loans", 0, "book"])]),
    "a string": ("x", [(BAD, ["reader", "loans", 0, "book"])]),
    "too few": ([], [(BAD, ["reader", "loans", 0, "book"])]),
    "too many": ([{"title": "t", "weight": 3}] * 3, [(BAD, ["reader", "loans", 0, "book"])]),
    "null for the list": (None, [(BAD, ["reader", "loans", 0, "book"])]),
    "an item that is no object": (["x"], [(BAD, ["reader", "loans", i, "book"]) for i in (0, 1)]),
    "an item that is a list": (
        [[{"title": "t", "weight": 3}]],
        [(BAD, ["reader", "loans", i, "book"]) for i in (0, 1)],
    ),
    "an item without its fields": (
        [{}],
        [(BAD, ["reader", "loans", i, "book", name]) for name in ("title", "weight") for i in (0, 1)],
    ),
}


@pytest.mark.parametrize(("entities", "errors"), ENTITIES.values(), ids=ENTITIES)
async def test_entities_that_are_not_those_asked_for_are_an_error_at_the_clients_places(
    patient: Gateway, entities: Any, errors: list[tuple[str, list[Any]]]
) -> None:
    answer = await patient.ask_while("catalogue", says({"data": {"_entities": entities}}), SHARED)
    assert answer["data"] == {"reader": {"loans": None}}, "the title may not be null"
    assert codes(answer) == [(code, "catalogue", path) for code, path in errors]


async def test_null_entities_are_null_and_their_neighbours_are_kept(patient: Gateway) -> None:
    entities = [None, {"loans": [{"day": "hoy"}]}]
    answer = await patient.ask_while("loans", says({"data": {"_entities": entities}}), "{ books { loans { day } } }")
    assert answer == {"data": {"books": [{"loans": None}, {"loans": [{"day": "hoy"}]}]}}


def forged(value: Any) -> Any:
    """The answer with fields of other subgraphs in each of its objects."""
    if isinstance(value, list):
        return [forged(item) for item in value]
    if not isinstance(value, dict):
        return value
    foreign = {"title": "forged", "weight": 1, "copies": 99, "isbn": "2", "__typename": "Disc"}
    return {**foreign, **{key: forged(below) for key, below in value.items()}}


@pytest.mark.parametrize("name", ["catalogue", "loans", "stock"])
async def test_fields_that_nobody_asked_for_overwrite_nothing(patient: Gateway, name: str) -> None:
    query = (
        '{ book(isbn: "2") { title weight copies loans { day } } reader(name: "Luis") { loans { book { weight } } } }'
    )
    answer = await patient.ask_while(name, answers(lambda exchange: forged(exchange.answer)), query)
    assert answer == {
        "data": {
            "book": {"title": "Trilce", "weight": None, "copies": 0, "loans": []},
            "reader": {"loans": [{"book": {"weight": 300}}]},
        }
    }


async def test_a_field_left_out_is_an_error_and_not_a_null(patient: Gateway) -> None:
    answer = await patient.ask_while("catalogue", says({"data": {}}), '{ b: book(isbn: "1") { title } }')
    assert answer["data"] == {"b": None}
    assert codes(answer) == [(BAD, "catalogue", ["b"])]


async def test_a_nullable_field_left_out_far_below_is_an_error_at_its_own_place(patient: Gateway) -> None:
    loans = [{"reader": {"name": "Ana"}}, {"day": None, "reader": {"name": "Luis"}}]
    fault = says({"data": {"_entities": [{"loans": loans}]}})
    answer = await patient.ask_while("loans", fault, '{ b: book(isbn: "1") { loans { d: day reader { name } } } }')
    assert answer["data"]["b"]["loans"][0] == {"d": None, "reader": {"name": "Ana"}}
    assert codes(answer) == [(BAD, "loans", ["b", "loans", 0, "d"])]


async def test_what_conditions_and_other_types_leave_out_is_not_missed(patient: Gateway) -> None:
    query = """query ($no: Boolean = false) {
        items { ... on Book { weight kind @include(if: $no) } ... on Disc { minutes } title @include(if: $no) }
    }"""
    items = [{"__typename": "Book", "weight": 3}, {"__typename": "Disc", "minutes": 42}]
    answer = await patient.ask_while("catalogue", says({"data": {"items": items}}), query)
    assert answer == {"data": {"items": [{"weight": 3}, {"minutes": 42}]}}
