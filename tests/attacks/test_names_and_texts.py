"""Names and texts of a client that look like the gateway's own, like Python, or like the end of a literal.

`World` asks by the interpreter and by the program that is made of a plan, and compares both with one server that has
all the data.
"""

from __future__ import annotations

import keyword

import pytest
from world_kit import World

PYTHON = sorted({*keyword.kwlist, *keyword.softkwlist} - {"_"})
DUNDER = ["__class__", "__dict__", "__init__", "__builtins__", "__import__", "__globals__", "__proto__", "constructor"]
MACHINERY = [
    "_entities",
    "_service",
    "representations",
    "_0",
    "data",
    "errors",
    "self",
    "id",
    "__quipu",
    "key",
    "None_",
]

WORLD = World(
    {
        "a": """
        type Query { thing: Thing  things: [Node!]  said(text: String, id: ID, in: In, list: [String!]): String }
        input In { text: String  more: [In!] }
        interface Node { id: ID! name: String }
        type Thing implements Node @key(fields: "id") { id: ID! name: String }
        type Other implements Node @key(fields: "id") { id: ID! name: String }
        """,
        "b": """
        type Thing @key(fields: "id") { id: ID! more: String  told(text: String): String }
        type Other @key(fields: "id") { id: ID! less: String }
        """,
    },
    {
        "Query": {"thing": "t", "things": ["t", "o"], "said": "s"},
        "t": {"__typename": "Thing", "id": "1", "name": "n", "more": "m", "told": "t"},
        "o": {"__typename": "Other", "id": "2", "name": "Thing", "less": "l"},
    },
)


@pytest.mark.parametrize("name", [*DUNDER, *MACHINERY, *PYTHON])
async def test_any_name_may_be_an_alias_and_reaches_nothing(name: str) -> None:
    query = f"{{ {name}: things {{ {name}: name ... on Thing {{ {name}_: more }} ... on Other {{ {name}_: less }} }} }}"
    answer = await WORLD.check(query)
    assert answer.data == {name: [{name: "n", f"{name}_": "m"}, {name: "Thing", f"{name}_": "l"}]}
    assert answer.errors == ()


@pytest.mark.parametrize(
    "query",
    [
        "{ things { __typename: name ... on Thing { more } ... on Other { less } } }",
        "{ things { __typename: id t: __typename ... on Thing { more } ... on Other { less } } }",
        "{ things { id: name name: id ... on Thing { more } ... on Other { less } } }",
        "{ things { id: __typename __typename: name ... on Thing { more } ... on Other { less } } }",
        "{ __typename: thing { __typename: more id: name } }",
    ],
)
async def test_an_alias_of_the_names_that_the_gateway_fetches_by_misleads_no_fetch(query: str) -> None:
    answer = await WORLD.check(query)
    assert answer.errors == ()
    assert answer.data is not None


HOSTILE = [
    '"',
    "'",
    '"""',
    "\\",
    '\\"',
    "\\u0022",
    "\n",
    "\r\n",
    "\t\b\f",
    "\u2028\u2029",
    "\x00",
    "\x1b[2J",
    '") { __typename } } #',
    '"; import os; os._exit(1) #',
    "{0} {__class__} %s %(a)s ${x} `x`",
    "'''\n\"\"\"\nraise SystemExit\n",
    "\U0001f600\ufeff",
]
VARIABLES = """query ($text: String, $id: ID, $in: In, $list: [String!]) {
  said(text: $text, id: $id, in: $in, list: $list) thing { told(text: $text) } }"""


@pytest.mark.parametrize("text", HOSTILE, ids=repr)
async def test_a_text_in_a_variable_arrives_as_it_was_and_reaches_nothing_generated(text: str) -> None:
    nested = {"text": text, "more": [{"text": text}]}
    answer = await WORLD.check(VARIABLES, {"text": text, "id": text, "in": nested, "list": [text, ""]})
    assert answer.errors == ()
    assert not any(text in step.operation for step in WORLD.prepared(VARIABLES).plan.steps if len(text) > 3)


@pytest.mark.parametrize("text", HOSTILE, ids=repr)
async def test_a_text_in_a_document_arrives_as_it_was(text: str) -> None:
    written = '"' + "".join(f"\\u{unit:04x}" for unit in _units(text)) + '"'
    answer = await WORLD.check(
        f"{{ said(text: {written}, in: {{ text: {written} }}) thing {{ told(text: {written}) }} }}"
    )
    assert answer.errors == ()


def _units(text: str) -> list[int]:
    """UTF-16, as the escapes of GraphQL's strings have it."""
    raw = text.encode("utf-16-be")
    return [int.from_bytes(raw[place : place + 2], "big") for place in range(0, len(raw), 2)]
