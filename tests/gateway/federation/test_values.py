"""Values at the edge of what JSON and GraphQL can say, on their way to a subgraph and back.

Each is asked for twice, of the interpreter and of a compiled program: both must say the same.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from world_kit import World

from gateway.federation.engine import Engine, Limits
from gateway.federation.errors import RequestError
from gateway.federation.execution.fetcher import SubgraphRequest
from gateway.federation.supergraph.read import read_supergraph

SUPERGRAPH = World(
    {
        "shop": """
            scalar JSON
            enum Size { SMALL LARGE HUGE @inaccessible }
            input Box { size: Size  any: JSON  width: Float = 1.5  secret: Int @inaccessible }
            type Query {
              any: JSON  float: Float  int: Int  id: ID  string: String  size: Size  sizes: [Size!]
              take(any: JSON, size: Size, box: Box, float: Float, int: Int, id: ID, string: String): String
            }
        """
    },
    {},
).supergraph
PAST_64_BITS = "123456789012345678901234567890"


class Says:
    """A subgraph that says what it is told to, whatever it is asked."""

    def __init__(self, data: str) -> None:
        self.data = data
        self.sent: list[str] = []

    async def fetch(self, request: SubgraphRequest, _context: object) -> bytes:
        self.sent.append(request.body.decode())
        return f'{{"data":{self.data}}}'.encode()


async def answered(field: str, value: str) -> tuple[str, list[str]]:
    """What the client gets of a field, and the codes of the errors."""
    found = []
    for program_after in (0, 100):
        engine = Engine(SUPERGRAPH, Says(f'{{"{field}":{value}}}'), Limits(program_after=program_after))
        answer = await engine.execute(engine.prepare(f"{{ {field} }}"), {})
        shown = answer.encoded.decode().removeprefix(f'{{"{field}":').removesuffix("}")
        found.append((shown, [error.code for error in answer.errors]))
    assert found[0] == found[1]
    return found[0]


async def sent(query: str, variables: str) -> str:
    """The variables that the subgraph gets, as text."""
    found = []
    for program_after in (0, 100):
        shop = Says('{"take":"x"}')
        engine = Engine(SUPERGRAPH, shop, Limits(program_after=program_after))
        await engine.execute(engine.prepare(query), json.loads(variables))
        [body] = shop.sent
        found.append(body.partition(',"variables":')[2].removesuffix("}"))
    assert found[0] == found[1]
    return found[0]


WHOLE = [
    ("any", "9007199254740993"),
    ("any", "18446744073709551615"),
    ("any", "-9223372036854775808"),
    ("any", PAST_64_BITS),
    ("any", f'{{"a":[-{PAST_64_BITS},{{"b":null}}]}}'),
    ("any", "1e30"),
    ("any", "0.1"),
    ("any", "true"),
    ("any", "[]"),
    ("any", r'"\u0000"'),
    ("any", '"😀"'),
    ("any", "null"),
    ("float", "1.5"),
    ("float", "1e308"),
    ("float", "9007199254740993"),
    ("float", PAST_64_BITS),
    ("int", "-2147483648"),
    ("string", r'"a\u0000b"'),
    ("string", '""'),
    ("id", '""'),
    ("size", '"SMALL"'),
    ("size", "null"),
]


@pytest.mark.parametrize(("field", "value"), WHOLE)
async def test_a_value_arrives_as_its_subgraph_wrote_it(field: str, value: str) -> None:
    assert await answered(field, value) == (value, [])


COERCED = [
    ("int", "3.0", "3"),
    ("int", "1e3", "1000"),
    ("id", "7", '"7"'),
    ("id", "9007199254740993", '"9007199254740993"'),
    ("id", PAST_64_BITS, f'"{PAST_64_BITS}"'),
    ("string", r'"\ud83d\ude00"', '"😀"'),
]


@pytest.mark.parametrize(("field", "value", "shown"), COERCED)
async def test_a_value_is_shown_as_its_type_is_written(field: str, value: str, shown: str) -> None:
    assert await answered(field, value) == (shown, [])


NO_VALUE = [
    ("any", "1e400", "SUBGRAPH_BAD_RESPONSE"),
    ("any", "-1e400", "SUBGRAPH_BAD_RESPONSE"),
    ("any", "NaN", "SUBGRAPH_BAD_RESPONSE"),
    ("any", "Infinity", "SUBGRAPH_BAD_RESPONSE"),
    ("any", '{"a":1e400}', "SUBGRAPH_BAD_RESPONSE"),
    ("any", r'"\ud800"', "SUBGRAPH_BAD_RESPONSE"),
    ("any", "9" * 5_000, "SUBGRAPH_BAD_RESPONSE"),
    ("float", "1e400", "SUBGRAPH_BAD_RESPONSE"),
    ("string", r'"\udc00\ud800"', "SUBGRAPH_BAD_RESPONSE"),
    ("float", '"1"', "INVALID_SUBGRAPH_VALUE"),
    ("int", "2147483648", "INVALID_SUBGRAPH_VALUE"),
    ("int", PAST_64_BITS, "INVALID_SUBGRAPH_VALUE"),
    ("id", "1.5", "INVALID_SUBGRAPH_VALUE"),
    ("size", "1", "INVALID_SUBGRAPH_VALUE"),
]


@pytest.mark.parametrize(("field", "value", "code"), NO_VALUE)
async def test_what_is_no_value_of_its_type_is_null_with_an_error(field: str, value: str, code: str) -> None:
    assert await answered(field, value) == ("null", [code])


@pytest.mark.parametrize("value", ['"HUGE"', '"Huge"'])
async def test_an_enum_value_that_the_client_cannot_know_is_null_and_not_named(value: str) -> None:
    assert await answered("size", value) == ("null", [])


async def test_such_a_value_takes_a_list_along_that_may_hold_no_null() -> None:
    assert await answered("sizes", '["SMALL","LARGE"]') == ('["SMALL","LARGE"]', [])
    shown, codes = await answered("sizes", '["SMALL","HUGE"]')
    assert (shown, len(codes)) == ("null", 1)


VARIABLES = [
    ("query ($v: JSON) { take(any: $v) }", PAST_64_BITS),
    ("query ($v: JSON) { take(any: {a: $v}) }", f'{{"b":[{PAST_64_BITS},1e30]}}'),
    ("query ($v: JSON) { take(any: $v) }", r'"\u0000"'),
    ("query ($v: ID) { take(id: $v) }", "9007199254740993"),
    ("query ($v: String) { take(string: $v) }", '"😀"'),
    ("query ($v: Box) { take(box: $v) }", '{"size":null}'),
    ("query ($v: Box) { take(box: $v) }", "{}"),
    ("query ($v: Box = {size: SMALL}) { take(box: $v) }", "null"),
]


@pytest.mark.parametrize(("query", "value"), VARIABLES)
async def test_a_variable_reaches_the_subgraph_as_the_client_wrote_it(query: str, value: str) -> None:
    assert await sent(query, f'{{"v":{value}}}') == f'{{"v":{value}}}'


DEFAULTS = [
    ("JSON", PAST_64_BITS),
    ("JSON", "9" * 5_000),
    ("JSON", "1e400"),
    ("JSON", '{ a: [1, { b: null }], c: "\\u0000" }'),
    ("ID", "9" * 5_000),
    ("Size", "SMALL"),
    ("Box", "{ size: LARGE }"),
    ("String", "null"),
]


@pytest.mark.parametrize(("of", "default"), DEFAULTS)
async def test_a_default_reaches_the_subgraph_in_the_words_of_the_client(of: str, default: str) -> None:
    argument = {"JSON": "any"}.get(of, of.lower())
    query = f"query ($v: {of} = {default}) {{ take({argument}: $v) }}"
    assert await sent(query, "{}") == "", "the operation says it"
    shop = Says('{"take":"x"}')
    engine = Engine(SUPERGRAPH, shop)
    await engine.execute(engine.prepare(query), {})
    assert f"($v: {of} = {default})" in json.loads(shop.sent[0])["query"]


async def test_an_absent_variable_stays_absent() -> None:
    assert await sent("query ($v: String) { take(string: $v) }", "{}") == ""


async def test_a_default_decides_what_is_skipped() -> None:
    query = "query ($v: Boolean! = true, $w: Boolean = false) { take @skip(if: $v) any @include(if: $w) int }"
    for program_after in (0, 100):
        shop = Says('{"int":1}')
        engine = Engine(SUPERGRAPH, shop, Limits(program_after=program_after))
        assert (await engine.execute(engine.prepare(query), {})).data == {"int": 1}
        assert json.loads(shop.sent[0]).get("variables", {}).get("v", True) is True


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("query ($v: Size) { take(size: $v) }", {"v": "HUGE"}, "BAD_USER_INPUT"),
    ("query ($v: Size) { take(size: $v) }", {"v": 1}, "BAD_USER_INPUT"),
    ("query ($v: Box) { take(box: $v) }", {"v": {"size": "HUGE"}}, "BAD_USER_INPUT"),
    ("query ($v: Box) { take(box: $v) }", {"v": {"secret": 1}}, "BAD_USER_INPUT"),
    ("query ($v: Int) { take(int: $v) }", {"v": 2**31}, "BAD_USER_INPUT"),
    ("query ($v: Int) { take(int: $v) }", {"v": True}, "BAD_USER_INPUT"),
    ("query ($v: Int!) { take(int: $v) }", {"v": None}, "BAD_USER_INPUT"),
    ("query ($v: Int!) { take(int: $v) }", {}, "BAD_USER_INPUT"),
    ("query ($v: Size = HUGE) { take(size: $v) }", {}, "GRAPHQL_VALIDATION_FAILED"),
    ("{ take(size: HUGE) }", {}, "GRAPHQL_VALIDATION_FAILED"),
    ("{ take(box: {secret: 1}) }", {}, "GRAPHQL_VALIDATION_FAILED"),
    ("{ take(int: 99999999999) }", {}, "GRAPHQL_VALIDATION_FAILED"),
    ("{ take(int: " + "9" * 5_000 + ") }", {}, "GRAPHQL_VALIDATION_FAILED"),
    (r'{ take(string: "\ud800") }', {}, "GRAPHQL_PARSE_FAILED"),
]


@pytest.mark.parametrize(("query", "variables", "code"), REFUSED)
async def test_what_fits_no_input_of_the_clients_schema_is_refused(
    query: str, variables: dict[str, Any], code: str
) -> None:
    shop = Says('{"take":"x"}')
    engine = Engine(SUPERGRAPH, shop)
    with pytest.raises(RequestError) as refused:
        await engine.execute(engine.prepare(query), variables)
    assert (refused.value.errors[0].code, shop.sent) == (code, [])
    assert "HUGE" not in refused.value.errors[0].message or "HUGE" in query + json.dumps(variables)


_ONE_OF = read_supergraph(SUPERGRAPH.sdl.replace("input Box", "input Box @oneOf").replace("Float = 1.5", "Float"))
"""As other composers may write it: ours refuses `@oneOf`."""
ONE_OF: list[tuple[str, dict[str, Any], str]] = [
    ("{ take(box: {size: SMALL}) }", {}, ""),
    ("query ($v: Box) { take(box: $v) }", {"v": {"width": 1.5}}, ""),
    ("{ take(box: {size: SMALL, width: 1.5}) }", {}, "GRAPHQL_VALIDATION_FAILED"),
    ("{ take(box: {}) }", {}, "GRAPHQL_VALIDATION_FAILED"),
    ("{ take(box: {size: null}) }", {}, "GRAPHQL_VALIDATION_FAILED"),
    ("query ($v: Size) { take(box: {size: $v}) }", {"v": "SMALL"}, "GRAPHQL_VALIDATION_FAILED"),
    ("query ($v: Box) { take(box: $v) }", {"v": {"size": "SMALL", "width": 1.5}}, "BAD_USER_INPUT"),
    ("query ($v: Box) { take(box: $v) }", {"v": {"size": None}}, "BAD_USER_INPUT"),
    ("query ($v: Box) { take(box: $v) }", {"v": {}}, "BAD_USER_INPUT"),
]


@pytest.mark.parametrize(("query", "variables", "code"), ONE_OF)
async def test_an_input_of_one_field_is_held_to_it(query: str, variables: dict[str, Any], code: str) -> None:
    shop = Says('{"take":"x"}')
    engine = Engine(_ONE_OF, shop)
    codes = []
    try:
        await engine.execute(engine.prepare(query), variables)
    except RequestError as refused:
        codes = [error.code for error in refused.errors]
    assert (set(codes), len(shop.sent)) == ({code} if code else set(), 0 if code else 1)
