"""Entity fetches of one subgraph share requests, and nothing waits longer for it."""

from __future__ import annotations

from federation_kit import LocalSubgraphs, engine, library

from gateway.federation.engine import Engine
from gateway.federation.planning.query_plan import FetchStep


def steps_of(query: str) -> tuple[FetchStep, ...]:
    return Engine(library(), LocalSubgraphs()).prepare(query).plan.steps


def test_places_where_the_same_is_selected_share_one_list_of_representations() -> None:
    first, second = steps_of("{ books { copies } items { ... on Book { copies } } }")
    assert (first.subgraph, second.subgraph) == ("catalogue", "stock")
    [each] = second.entities
    assert {place.path[0].key for place in each.places} == {"books", "items"}
    assert second.operation.count("copies") == 1


def test_places_where_other_fields_are_selected_share_a_request_side_by_side() -> None:
    _, second = steps_of('{ books { copies } book(isbn: "1") { postage } }')
    assert second.operation.count("_entities(") == 2
    assert sorted(each.key for each in second.entities) == ["_0", "_1"]


def test_a_fetch_that_nothing_waits_for_joins_a_later_one_of_its_place() -> None:
    query = '{ reader(name: "Ana") { loans { book { copies postage } } } }'
    assert [step.subgraph for step in steps_of(query)] == ["loans", "catalogue", "stock"]


def test_fetches_that_are_not_equally_deep_stay_apart() -> None:
    steps = steps_of("{ books { copies loans { book { copies } } } }")
    assert sorted(step.subgraph for step in steps) == ["catalogue", "loans", "stock", "stock"]


async def test_an_entity_met_at_several_places_is_asked_for_once() -> None:
    subgraphs = LocalSubgraphs()
    served = engine(subgraphs)
    answer = await served.execute(served.prepare('{ books { copies } book(isbn: "1") { copies } }'), {})
    assert answer.data == {"books": [{"copies": 4}, {"copies": 0}], "book": {"copies": 4}}
    assert [given["isbn"] for given in subgraphs.sent[-1].variables["representations"]] == ["1", "2"]


async def test_an_error_reaches_every_place_of_a_shared_request_and_its_neighbours_are_whole() -> None:
    subgraphs = LocalSubgraphs()
    subgraphs.broken.add("stock")
    served = engine(subgraphs)
    query = '{ books { postage } book(isbn: "1") { title postage copies } }'
    answer = await served.execute(served.prepare(query), {})
    assert answer.data == {"books": [{"postage": None}, {"postage": None}], "book": None}
    assert {error.path for error in answer.errors} == {("books", 0), ("book",)}


async def test_a_place_that_the_client_skipped_is_not_asked_for_beside_one_that_is_wanted() -> None:
    subgraphs = LocalSubgraphs()
    served = engine(subgraphs)
    query = 'query ($all: Boolean!) { books { copies @include(if: $all) } book(isbn: "2") { copies } }'
    answer = await served.execute(served.prepare(query), {"all": False})
    assert answer.data == {"books": [{}, {}], "book": {"copies": 0}}
    assert [given["isbn"] for given in subgraphs.sent[-1].variables["representations"]] == ["2"]


async def test_a_variable_of_the_client_may_have_the_name_of_ours() -> None:
    subgraphs = LocalSubgraphs()
    served = engine(subgraphs)
    query = "query ($representations: Int) { books { copies loans(last: $representations) { day } } }"
    answer = await served.execute(served.prepare(query), {"representations": 1})
    assert answer.errors == ()
    assert answer.data is not None
    assert answer.data["books"][0] == {"copies": 4, "loans": [{"day": "jueves"}]}
