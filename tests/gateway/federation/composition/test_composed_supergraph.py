"""A composed supergraph is planned and executed like one that was written by hand."""

from __future__ import annotations

import pytest
from composition_kit import CASES, composed_fixture, composed_library, read_case
from conformance_kit import canonical
from federation_kit import FIXTURES, LocalSubgraphs, library
from graphql import print_schema

from gateway.federation.composition.compose import compose
from gateway.federation.engine import Engine
from gateway.federation.supergraph.model import AccessRule, ListSize, Supergraph
from gateway.federation.supergraph.read import read_supergraph

QUERIES = [
    '{ book(isbn: "1") { title copies loans { day reader { name } } } }',
    "{ books { postage kind } }",
    "{ items { __typename title ... on Book { copies } ... on Disc { minutes } } }",
    '{ reader(name: "Ana") { loans { book { title copies postage } } } }',
    'mutation { lend(isbn: "1") { day book { title } } addBook(title: "x") { copies } }',
    '{ __type(name: "Kind") { enumValues { name } } }',
]


@pytest.fixture(scope="module")
def composed() -> Supergraph:
    return read_supergraph(composed_library())


@pytest.mark.parametrize("query", QUERIES)
async def test_the_composed_library_answers_as_the_written_one(composed: Supergraph, query: str) -> None:
    answers = []
    for graph in (composed, library()):
        subgraphs = LocalSubgraphs()
        engine = Engine(graph, subgraphs)
        answers.append((await engine.execute(engine.prepare(query), {}), [sent.operation for sent in subgraphs.sent]))
    assert answers[0] == answers[1]
    assert answers[0][0].data is not None


@pytest.mark.parametrize("name", ["move", "tours"])
def test_supergraphs_with_labels_and_contexts_compose_to_what_the_engine_is_tested_with(name: str) -> None:
    written = (FIXTURES / "supergraphs" / f"{name}.graphql").read_text()
    assert canonical(composed_fixture(name)) == canonical(written)


def read(case: str) -> Supergraph:
    """The supergraph of a composition case, as the engine has it."""
    return read_supergraph(compose(read_case(CASES / f"{case}.graphql").subgraphs).sdl)


def test_who_may_see_what_is_read_back_under_the_names_that_the_subgraphs_give() -> None:
    assert read("access/names_are_the_same_other_ones_everywhere").access_rules == {
        "Query.a": AccessRule(scopes=(("s",),)),
        "Query.b": AccessRule(authenticated=True),
        "Query.c": AccessRule(policies=(("p",),)),
        "Query.d": AccessRule(authenticated=True),
    }
    assert read("access/interface_demands_what_its_implementers_do").access_rules["I"] == AccessRule(
        authenticated=True, policies=(("p", "q"),)
    )
    assert read("access/interface_object_fields_demand_the_same_of_implementers").access_rules == {
        f"{name}.{field}": rule
        for name in ("A", "B", "I")
        for field, rule in {"x": AccessRule(authenticated=True), "y": AccessRule(scopes=(("s",),))}.items()
    }


def test_costs_and_list_sizes_are_read_back_under_the_names_that_the_subgraphs_give() -> None:
    for case in ("names_under_which_they_are_linked", "linked_as_a_specification_under_another_name"):
        graph = read(f"costs/{case}")
        assert set(graph.costs) == set(graph.list_sizes) == {"Query.a"}
        assert graph.list_sizes["Query.a"] == ListSize(3, (), (), True)
    graph = read("costs/greatest_cost_is_kept")
    assert graph.costs == {"Query.a(x:)": 5, "Query.a": 2, "E": 1, "O": -4, "S": 0, "In.a": 9}


def test_what_is_passed_on_is_not_for_clients() -> None:
    for case in ("tags/cache_tags_are_passed_on", "connectors/are_passed_on_with_the_link_of_their_subgraph"):
        shown = print_schema(read(case).api_schema)
        assert "@" not in shown
        assert "__" not in shown


def test_subgraphs_with_connectors_are_told() -> None:
    assert read("connectors/are_passed_on_with_the_link_of_their_subgraph").connectors == {"a", "b"}
    assert read("tags/cache_tags_are_passed_on").connectors == frozenset()
