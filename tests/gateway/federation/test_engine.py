"""The engine from operation to answer, over real subgraphs in process."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from federation_kit import LocalSubgraphs, engine, library
from graphql import build_client_schema, get_introspection_query

from gateway.federation.answer import Answer
from gateway.federation.composition.compose import compose
from gateway.federation.composition.subgraph import Source
from gateway.federation.engine import OPEN, Engine, Limits, Profile
from gateway.federation.errors import RequestError
from gateway.federation.execution.execute import ExecutionLimits
from gateway.federation.execution.fetcher import SubgraphRequest
from gateway.federation.operation.limits import DocumentLimits
from gateway.federation.policy import Allow, Decision, Refusal
from gateway.federation.supergraph.read import read_supergraph


@pytest.fixture
def subgraphs() -> LocalSubgraphs:
    return LocalSubgraphs()


async def ask(subgraphs: LocalSubgraphs, query: str, variables: dict[str, Any] | None = None, **kwargs: Any) -> Answer:
    served = engine(subgraphs)
    return await served.execute(served.prepare(query, **kwargs), variables or {})


async def test_an_entity_is_completed_from_three_subgraphs(subgraphs: LocalSubgraphs) -> None:
    answer = await ask(subgraphs, '{ book(isbn: "1") { title copies loans { day reader { name } } } }')
    assert answer.errors == ()
    assert answer.data == {
        "book": {
            "title": "Los ríos profundos",
            "copies": 4,
            "loans": [{"day": "martes", "reader": {"name": "Luis"}}, {"day": "jueves", "reader": {"name": "Ana"}}],
        }
    }


async def test_what_a_field_requires_is_handed_in_and_null_stays_null(subgraphs: LocalSubgraphs) -> None:
    answer = await ask(subgraphs, "{ books { postage } }")
    assert answer.data == {"books": [{"postage": 600}, {"postage": None}]}
    handed_in = subgraphs.sent[-1].variables["representations"]
    assert handed_in == [
        {"__typename": "Book", "isbn": "1", "weight": 300},
        {"__typename": "Book", "isbn": "2", "weight": None},
    ]


async def test_aliases_of_one_field_are_fetched_once_and_arguments_keep_them_apart(subgraphs: LocalSubgraphs) -> None:
    query = '{ book(isbn: "1") { a: title b: title one: loans(last: 1) { day } all: loans(last: 9) { day } } }'
    answer = await ask(subgraphs, query)
    assert answer.data is not None
    assert answer.data["book"]["a"] == answer.data["book"]["b"] == "Los ríos profundos"
    assert [loan["day"] for loan in answer.data["book"]["one"]] == ["jueves"]
    assert [loan["day"] for loan in answer.data["book"]["all"]] == ["lunes", "martes", "jueves"]
    assert subgraphs.sent[0].operation.count("title") == 1


@pytest.mark.parametrize("alias", ["__class__", "__dict__", "isbn", "_entities", "id"])
async def test_an_alias_never_shadows_a_key(subgraphs: LocalSubgraphs, alias: str) -> None:
    answer = await ask(subgraphs, f'{{ book(isbn: "1") {{ {alias}: title copies }} }}')
    assert answer.errors == ()
    assert answer.data == {"book": {alias: "Los ríos profundos", "copies": 4}}


async def test_fields_of_an_interface_hop_only_for_the_types_that_have_them(subgraphs: LocalSubgraphs) -> None:
    query = "{ items { __typename title ... on Book { copies } ... on Disc { minutes } } }"
    answer = await ask(subgraphs, query)
    assert answer.data == {
        "items": [
            {"__typename": "Book", "title": "Los ríos profundos", "copies": 4},
            {"__typename": "Book", "title": "Trilce", "copies": 0},
            {"__typename": "Disc", "title": "Huayno", "minutes": 42},
        ]
    }
    assert [given["isbn"] for given in subgraphs.sent[-1].variables["representations"]] == ["1", "2"]


async def test_equal_entities_are_sent_once(subgraphs: LocalSubgraphs) -> None:
    answer = await ask(subgraphs, '{ reader(name: "Ana") { loans { book { title copies } } } }')
    assert answer.data is not None
    assert len(answer.data["reader"]["loans"]) == 2
    assert all(len(request.variables["representations"]) == 1 for request in subgraphs.sent[1:])


async def test_a_skipped_field_costs_no_fetch(subgraphs: LocalSubgraphs) -> None:
    query = "query ($deep: Boolean!) { books { title postage @include(if: $deep) } }"
    shallow = await ask(subgraphs, query, {"deep": False})
    assert shallow.data == {"books": [{"title": "Los ríos profundos"}, {"title": "Trilce"}]}
    assert [request.subgraph for request in subgraphs.sent] == ["catalogue"]
    deep = await ask(subgraphs, query, {"deep": True})
    assert deep.data is not None
    assert deep.data["books"][0] == {"title": "Los ríos profundos", "postage": 600}


async def test_a_condition_on_one_field_does_not_gate_its_sibling(subgraphs: LocalSubgraphs) -> None:
    query = "query ($x: Boolean!) { books { copies @include(if: $x) postage } }"
    answer = await ask(subgraphs, query, {"x": False})
    assert answer.data == {"books": [{"postage": 600}, {"postage": None}]}


async def test_a_subgraph_that_is_down_costs_its_own_fields(subgraphs: LocalSubgraphs) -> None:
    subgraphs.broken.add("loans")
    answer = await ask(subgraphs, '{ book(isbn: "1") { title copies loans { day } } }')
    assert answer.data == {"book": {"title": "Los ríos profundos", "copies": 4, "loans": None}}
    [error] = answer.errors
    assert (error.code, error.path, error.extensions["service"]) == ("SUBGRAPH_UNREACHABLE", ("book",), "loans")


async def test_null_of_a_non_null_field_bubbles_to_its_parent(subgraphs: LocalSubgraphs) -> None:
    subgraphs.broken.add("stock")
    answer = await ask(subgraphs, '{ book(isbn: "1") { title copies } }')
    assert answer.data == {"book": None}
    assert [error.code for error in answer.errors] == ["SUBGRAPH_UNREACHABLE"]


async def test_a_bad_entity_in_a_batch_spoils_only_itself(subgraphs: LocalSubgraphs, monkeypatch: Any) -> None:
    monkeypatch.delitem(__import__("federation_kit").COPIES, "2")
    answer = await ask(subgraphs, "{ a: books { title postage } }")
    assert answer.data == {"a": [{"title": "Los ríos profundos", "postage": 600}, {"title": "Trilce", "postage": None}]}
    [error] = answer.errors
    assert error.path == ("a", 1)
    assert error.message == "no stock of 2"


async def test_an_enum_value_outside_the_api_schema_is_null(subgraphs: LocalSubgraphs) -> None:
    answer = await ask(subgraphs, "{ books { kind } }")
    assert answer.data == {"books": [{"kind": "NOVEL"}, {"kind": None}]}


async def test_mutations_run_one_after_the_other(subgraphs: LocalSubgraphs) -> None:
    query = (
        'mutation { a: lend(isbn: "1") { book { title } } b: addBook(title: "x") { title } c: lend(isbn: "2") { day } }'
    )
    answer = await ask(subgraphs, query)
    assert subgraphs.effects == ["lend 1", "add x", "lend 2"]
    assert answer.data == {
        "a": {"book": {"title": "Los ríos profundos"}},
        "b": {"title": "x"},
        "c": {"day": "hoy"},
    }


async def test_introspection_is_answered_from_the_api_schema_beside_data(subgraphs: LocalSubgraphs) -> None:
    query = '{ t: __type(name: "Kind") { enumValues { name } } books { title } s: __schema { queryType { name } } }'
    answer = await ask(subgraphs, query)
    assert answer.data is not None
    assert list(answer.data) == ["t", "books", "s"]
    assert answer.data["t"] == {"enumValues": [{"name": "NOVEL"}]}


async def test_variables_reach_the_subgraph_that_uses_them_only(subgraphs: LocalSubgraphs) -> None:
    query = "query ($isbn: ID!, $last: Int) { book(isbn: $isbn) { loans(last: $last) { day } } }"
    answer = await ask(subgraphs, query, {"isbn": "1", "last": 1})
    assert answer.data == {"book": {"loans": [{"day": "jueves"}]}}
    assert [sorted(request.variables) for request in subgraphs.sent] == [["isbn"], ["last", "representations"]]


async def test_a_refused_field_is_null_and_never_asked_for(subgraphs: LocalSubgraphs) -> None:
    def policy(subgraph: str, coordinate: str) -> Decision:
        return Refusal("AGREEMENT_REQUIRED", "No.") if coordinate == "Book.weight" else Allow()

    answer = await ask(subgraphs, "{ books { weight postage title } }", profile=Profile("no weight", policy))
    assert answer.data is not None
    assert answer.data["books"][0] == {"weight": None, "postage": None, "title": "Los ríos profundos"}
    assert {error.extensions["coordinate"] for error in answer.errors} == {"Book.weight", "Book.postage"}
    assert all("weight" not in request.operation for request in subgraphs.sent)


SHELF = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@shareable"])
type Query { shelf: Shelf @shareable }
type Shelf { name: String @shareable %s }"""


class Shelves:
    """Two subgraphs that give the shelf, of which one knows its size."""

    sent: list[str]

    async def fetch(self, request: SubgraphRequest, context: object) -> bytes:
        self.sent.append(request.subgraph)
        return b'{"data": {"shelf": {"name": "A", "size": 3}}}'


async def test_what_lies_behind_a_refused_field_is_null_and_the_rest_is_answered() -> None:
    def policy(subgraph: str, coordinate: str) -> Decision:
        refused = (subgraph, coordinate) == ("sizes", "Query.shelf")
        return Refusal("AGREEMENT_REQUIRED", "No.") if refused else Allow()

    sdls = {"names": SHELF % "", "sizes": SHELF % "size: Int"}
    supergraph = read_supergraph(compose(Source(name, sdl, "http://x") for name, sdl in sdls.items()).sdl)
    shelves = Shelves()
    shelves.sent = []
    served = Engine(supergraph, shelves)
    prepared = served.prepare("{ shelf { name size } }", profile=Profile("names", policy))
    answer = await served.execute(prepared, {})
    assert answer.data == {"shelf": {"name": "A", "size": None}}
    [error] = answer.errors
    assert (error.code, error.extensions["coordinate"], error.path) == (
        "FIELD_UNREACHABLE",
        "Shelf.size",
        ("shelf", "size"),
    )
    assert shelves.sent == ["names"]
    assert prepared.plan.refused == (("Shelf.size", "FIELD_UNREACHABLE"),)


async def test_what_nobody_can_reach_is_an_error_of_the_request_whatever_the_policy() -> None:
    sdls = {"names": SHELF % "", "sizes": SHELF % "size: Int"}
    composed = compose(Source(name, sdl, "http://x") for name, sdl in sdls.items()).sdl
    served = Engine(
        read_supergraph(composed.replace("shelf: Shelf", "shelf: Shelf @join__field(graph: NAMES)")), Shelves()
    )
    for profile in (OPEN, Profile("all", lambda subgraph, coordinate: Allow())):
        with pytest.raises(RequestError) as refused:
            served.prepare("{ shelf { name size } }", profile=profile)
        assert [error.code for error in refused.value.errors] == ["FIELD_UNREACHABLE"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ book(", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { books { title } } query B { books { title } }", "OPERATION_RESOLUTION_FAILURE"),
        ("{ _service { sdl } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ _entities(representations: []) { __typename } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ books { kind @include(if: $x) } }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_a_document_that_cannot_run_is_refused_with_a_code(
    subgraphs: LocalSubgraphs, query: str, code: str
) -> None:
    with pytest.raises(RequestError) as refused:
        await ask(subgraphs, query)
    assert {error.code for error in refused.value.errors} == {code}
    assert subgraphs.sent == []


async def test_a_variable_of_the_wrong_type_is_refused(subgraphs: LocalSubgraphs) -> None:
    with pytest.raises(RequestError) as refused:
        await ask(subgraphs, "query ($n: Int!) { books { loans(last: $n) { day } } }", {"n": "many"})
    assert refused.value.errors[0].code == "BAD_USER_INPUT"


async def test_a_known_operation_is_prepared_once(subgraphs: LocalSubgraphs) -> None:
    served = engine(subgraphs)
    query = "{ books { title } }"
    assert served.prepare(query) is served.prepare(query)
    assert served.prepare(query) is not served.prepare(query, profile=Profile("other", lambda _s, _c: Allow()))


def variant(number: int, aliases: int = 400) -> str:
    return f"query V{number} {{ books {{ " + " ".join(f"a{i}: title" for i in range(aliases)) + " } }"


async def test_large_operations_fill_the_plan_cache_by_their_size(subgraphs: LocalSubgraphs) -> None:
    served = Engine(library(), subgraphs, Limits(plan_text=20_000))
    for number in range(12):
        served.prepare(variant(number))
    assert 0 < served.plans.held <= 20_000
    assert len(served.plans) == 20_000 // len(variant(10))
    served.prepare(variant(0))
    assert (served.plans.hits, served.plans.misses) == (0, 13)
    served.prepare(variant(0))
    assert served.plans.hits == 1


async def test_an_operation_larger_than_the_whole_cache_is_served_and_not_kept(subgraphs: LocalSubgraphs) -> None:
    served = Engine(library(), subgraphs, Limits(plan_text=100))
    assert served.prepare(variant(0)).kind == "query"
    assert len(served.plans) == 0


TYPES = "types { fields { type { fields { type { name } } } } }"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (
            "{ " + "__schema { " + "types { fields { type { " * 20 + "name" + " } } }" * 20 + " } }",
            "GRAPHQL_VALIDATION",
        ),
        ("{ " + " ".join(f"a{i}: __schema {{ {TYPES} }}" for i in range(60)) + " }", "QUERY_TOO_COMPLEX"),
        ("{ __schema { " + " ".join(f"a{i}: {TYPES}" for i in range(60)) + " } }", "QUERY_TOO_COMPLEX"),
        ("{ " + " ".join(f"a{i}: __typename" for i in range(501)) + " }", "QUERY_TOO_COMPLEX"),
        ("{ " + " ".join(f"a{i}: __typename" for i in range(101)) + " }", "QUERY_TOO_COMPLEX"),
    ],
    ids=["introspection in itself", "aliased schemas", "aliased lists of types", "aliases", "fields of the root"],
)
async def test_work_that_multiplies_in_the_gateway_itself_is_refused(
    subgraphs: LocalSubgraphs, query: str, code: str
) -> None:
    served = Engine(library(), subgraphs, Limits(execution=ExecutionLimits(introspection=10_000)))
    with pytest.raises(RequestError) as refused:
        await served.execute(served.prepare(query), {})
    assert refused.value.errors[0].code.startswith(code)
    assert subgraphs.sent == []


async def test_the_whole_schema_is_read_within_the_bound(subgraphs: LocalSubgraphs) -> None:
    answer = await ask(subgraphs, get_introspection_query(input_value_deprecation=True))
    assert answer.errors == ()
    assert build_client_schema(answer.data).query_type.fields["books"]


async def test_the_names_of_arguments_and_variables_are_no_aliases(subgraphs: LocalSubgraphs) -> None:
    served = Engine(library(), subgraphs, Limits(document=DocumentLimits(aliases=1)))
    query = (
        'query ($last: Int = 1, $x: Boolean = true) { a: book(isbn: "1") @skip(if: $x) { loans(last: $last) { day } } }'
    )
    assert served.prepare(query).kind == "query"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("{ books { title ... @defer { isbn } } }", "@defer is not served: answers come whole. Send without it."),
        ("{ books @stream(initialCount: 1) { title } }", "@stream is not served: answers come whole. Send without it."),
    ],
)
def test_directives_of_incremental_delivery_are_refused_by_name(
    subgraphs: LocalSubgraphs, query: str, said: str
) -> None:
    with pytest.raises(RequestError) as refused:
        engine(subgraphs).prepare(query)
    assert [(error.code, error.message) for error in refused.value.errors] == [("UNSUPPORTED_DIRECTIVE", said)]


def test_subscriptions_are_refused_with_what_to_do_instead(subgraphs: LocalSubgraphs) -> None:
    sdl = library().sdl.replace("mutation: Mutation", "mutation: Mutation subscription: Mutation")
    with pytest.raises(RequestError) as refused:
        Engine(read_supergraph(sdl), subgraphs).prepare('subscription { addBook(title: "x") { title } }')
    [error] = refused.value.errors
    assert (error.code, error.message) == (
        "UNSUPPORTED_OPERATION",
        "Subscriptions are not served yet. Send a query instead.",
    )


def test_a_bad_variable_is_told_with_the_place_of_its_declaration() -> None:
    served = engine(LocalSubgraphs())
    prepared = served.prepare("query (\n  $isbn: ID!\n) { book(isbn: $isbn) { title } }")
    with pytest.raises(RequestError) as refused:
        asyncio.run(served.execute(prepared, {}))
    [error] = refused.value.errors
    assert (error.code, error.locations) == ("BAD_USER_INPUT", ((2, 3),))
