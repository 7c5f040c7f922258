"""Compiled plans: the same answers as the interpreter's, whatever subgraphs say, and from the same requests."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from federation_kit import LocalSubgraphs, library
from world_kit import World

from gateway.federation.answer import Answer
from gateway.federation.engine import Engine, Limits
from gateway.federation.errors import FetchError
from gateway.federation.execution.compiled.places import NotCompiled
from gateway.federation.execution.compiled.program import compile_plan
from gateway.federation.execution.execute import execute_plan
from gateway.federation.execution.fetcher import SubgraphRequest

LEFT_TO_THE_INTERPRETER = "a program leaves its answer to the interpreter"
BOOKS = "{ books { isbn title weight copies postage kind loans { day reader { name } } } }"
Change = Callable[[dict[str, Any]], Any]


@dataclass
class Changed(LocalSubgraphs):
    """Changes the answers of one subgraph."""

    subgraph: str = ""
    change: Callable[[bytes], bytes] = lambda raw: raw
    counts: dict[str, int] = field(default_factory=dict)

    async def fetch(self, request: SubgraphRequest, context: object) -> bytes:
        self.counts[request.subgraph] = self.counts.get(request.subgraph, 0) + 1
        raw = await super().fetch(request, context)
        return self.change(raw) if request.subgraph == self.subgraph else raw


def entity(change: Change) -> Callable[[bytes], bytes]:
    """A change of the first object of an answer."""

    def changed(raw: bytes) -> bytes:
        answer = orjson.loads(raw)
        objects = next(iter(answer["data"].values()))
        new = change(objects[0])
        if new is not None:
            objects[0] = new
        return orjson.dumps(answer)

    return changed


def told(answer: Answer) -> tuple[Any, set[str]]:
    return answer.data, {f"{error.path} {error.code} {error.message}" for error in answer.errors}


async def both(query: str, subgraph: str, change: Callable[[bytes], bytes]) -> tuple[Answer, Changed]:
    """The answer of the compiled plan, which is the interpreter's."""
    compiled, interpreted = Changed(subgraph=subgraph, change=change), Changed(subgraph=subgraph, change=change)
    engine = Engine(library(), compiled, Limits(program_after=0))
    prepared = engine.prepare(query)
    answer = await engine.execute(prepared, {})
    assert told(answer) == told(await execute_plan(prepared.plan, {}, interpreted, None))
    assert compiled.counts == interpreted.counts, "nothing is asked twice"
    return answer, compiled


async def test_an_ordinary_answer_needs_no_interpreter(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    answer, _ = await both(BOOKS, "", lambda raw: raw)
    assert answer.data is not None
    assert answer.data["books"][0]["postage"] == 600
    # The second book's kind is no value of the API schema, which the interpreter answers with null.
    assert LEFT_TO_THE_INTERPRETER in caplog.messages
    caplog.clear()
    await both(BOOKS.replace("kind", ""), "", lambda raw: raw)
    assert LEFT_TO_THE_INTERPRETER not in caplog.messages


@pytest.mark.parametrize(
    ("subgraph", "change"),
    [
        ("catalogue", entity(lambda book: book.pop("title"))),
        ("catalogue", entity(lambda book: book.update(title=None))),
        ("catalogue", entity(lambda book: book.update(title=7))),
        ("catalogue", entity(lambda book: book.update(title={"text": "x"}))),
        ("catalogue", entity(lambda book: book.update(weight=2**31))),
        ("catalogue", entity(lambda book: book.update(weight=300.0))),
        ("catalogue", entity(lambda book: book.update(weight="300"))),
        ("catalogue", entity(lambda book: book.update(isbn=1))),
        ("catalogue", entity(lambda book: book.update(isbn=None))),
        ("catalogue", entity(lambda book: [book])),
        ("catalogue", entity(lambda book: "book")),
        ("stock", entity(lambda book: book.update(copies=None))),
        ("stock", entity(lambda book: book.pop("copies"))),
        ("stock", entity(lambda book: book.update(title="not asked for", copies=9))),
        ("loans", entity(lambda book: book.update(loans=None))),
        ("loans", entity(lambda book: book["loans"].append(None))),
        ("loans", entity(lambda book: book["loans"].append({"day": 1, "reader": None}))),
        ("loans", entity(lambda book: book.update(loans={"day": "lunes"}))),
        ("loans", lambda raw: raw.replace(b'"data":', b'"errors":[{"message":"m"}],"data":')),
        ("loans", lambda raw: raw.replace(b'"data":', b'"errors":[],"data":')),
        ("loans", lambda raw: raw.replace(b'"data":', b'"errors":7,"data":')),
        ("loans", lambda raw: b'{"data":null}'),
        ("loans", lambda raw: b"[]"),
        ("loans", lambda raw: raw[:-1]),
        ("loans", lambda raw: raw.replace(b"martes", b"\xff")),
        ("loans", lambda raw: raw.replace(b"martes", b"\\ud800")),
        ("stock", lambda raw: b'{"data":{"_entities":[]}}'),
        ("stock", lambda raw: b'{"data":{"_entities":[null,null]}}'),
        ("stock", lambda raw: b'{"data":{"_entities":' + b"[" * 5000 + b"]" * 5000 + b"}}"),
        ("stock", lambda raw: raw.replace(b"600", b"1e400")),
    ],
)
async def test_whatever_a_subgraph_says_the_answer_is_the_interpreters(
    subgraph: str, change: Callable[[bytes], bytes]
) -> None:
    await both(BOOKS, subgraph, change)


async def test_fields_that_were_not_asked_for_are_dropped() -> None:
    answer, _ = await both("{ books { title } }", "catalogue", entity(lambda book: book.update(secret=1)))
    assert answer.data == {"books": [{"title": "Los ríos profundos"}, {"title": "Trilce"}]}


@pytest.mark.parametrize("broken", ["catalogue", "loans", "stock"])
async def test_a_subgraph_that_is_down_is_asked_once(broken: str) -> None:
    def down(_: bytes) -> bytes:
        raise FetchError(broken, "down", "SUBGRAPH_UNREACHABLE")

    answer, local = await both(BOOKS, broken, down)
    assert local.counts[broken] == 1
    assert {error.code for error in answer.errors} == {"SUBGRAPH_UNREACHABLE"}


async def test_a_mutation_with_an_odd_answer_is_called_once() -> None:
    local = Changed(subgraph="loans", change=lambda raw: raw.replace(b'"hoy"', b"1"))
    engine = Engine(library(), local, Limits(program_after=0))
    query = 'mutation { lend(isbn: "1") { day } again: lend(isbn: "2") { day } }'
    answer = await engine.execute(engine.prepare(query), {})
    assert answer.data == {"lend": {"day": None}, "again": {"day": None}}
    assert local.effects == ["lend 1", "lend 2"]


async def test_a_plan_is_compiled_for_each_way_its_conditions_may_go() -> None:
    local = LocalSubgraphs()
    engine = Engine(library(), local, Limits(program_after=0))
    query = "query ($a: Boolean!, $b: Boolean!) { books { title @skip(if: $a) copies @include(if: $b) } }"
    prepared = engine.prepare(query)
    for skipped in (True, False):
        for included in (True, False):
            answer = await engine.execute(prepared, {"a": skipped, "b": included})
            assert answer.data is not None
            expected = ([] if skipped else ["title"]) + (["copies"] if included else [])
            assert [list(book) for book in answer.data["books"]] == [expected, expected]


async def test_a_custom_scalar_keeps_what_the_subgraph_wrote() -> None:
    world = World(
        {"a": "scalar Any type Query { thing: Thing } type Thing { value: Any }"},
        {"Query": {"thing": {"value": {"big": 12345678901234567890, "list": [1, {"x": [None, 1.5]}], "class": "ñ"}}}},
    )
    answer = await world.check("{ thing { value } }")
    assert b"12345678901234567890" in answer.encoded


@pytest.mark.parametrize("name", ["class_", "__class__", "_entities", "None", "lambda", "f0", "c1", "import"])
async def test_no_name_of_a_schema_or_a_client_becomes_code(name: str) -> None:
    field_name = name.strip("_") or "x"
    world = World(
        {
            "a": f'type Query {{ thing: Thing }} type Thing @key(fields: "{field_name}") {{ {field_name}: ID! }}',
            "b": f'type Thing @key(fields: "{field_name}") {{ {field_name}: ID! more: String }}',
        },
        {"Query": {"thing": "t"}, "t": {"__typename": "Thing", field_name: '1"; import os #\n\\', "more": "m"}},
    )
    answer = await world.check(f"{{ {name}: thing {{ {field_name} {name}x: more again: more __typename }} }}")
    assert answer.data is not None
    assert answer.data[name][f"{name}x"] == "m"


@pytest.mark.parametrize("levels", [1, 5, 8, 9, 12, 20])
async def test_a_place_may_be_deeper_than_python_nests(levels: int) -> None:
    inner = "copies"
    for _ in range(levels):
        inner = f"loans(last: 1) {{ reader {{ loans(last: 1) {{ book {{ {inner} }} }} }} }}"
    answer, _ = await both(f'{{ book(isbn: "1") {{ {inner} }} }}'.replace("(last: 1)", ""), "", lambda raw: raw)
    assert answer.errors == ()


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("{ __schema { queryType { name } } }", "introspection"),
        ('{ book(isbn: "1") { title } reader(name: "Ana") { loans { book { title } } } }', None),
    ],
)
def test_what_a_program_does_not_do_is_named(query: str, why: str | None) -> None:
    graph = library()
    plan = Engine(graph, LocalSubgraphs()).prepare(query).plan
    if why is None:
        assert compile_plan(plan, graph.schema, {}).steps
        return
    with pytest.raises(NotCompiled, match=why):
        compile_plan(plan, graph.schema, {})


async def test_types_that_multiply_along_a_path_are_left_to_the_interpreter() -> None:
    types = " ".join(f"type T{n} implements Node {{ id: ID!  next: Node }}" for n in range(30))
    world = World(
        {"a": f"type Query {{ start: Node }} interface Node {{ id: ID!  next: Node }} {types}"},
        {"Query": {"start": "n"}, "n": {"__typename": "T3", "id": "1", "next": "n"}},
    )
    query = "{ start " + "{ id next " * 12 + "{ id }" + " }" * 12 + " }"
    await world.check(query)
    with pytest.raises(NotCompiled, match="type by type"):
        compile_plan(world.prepared(query).plan, world.supergraph.schema, {})
