"""A composed supergraph is planned and executed like one that was written by hand."""

from __future__ import annotations

import pytest
from composition_kit import composed_fixture, composed_library
from conformance_kit import canonical
from federation_kit import FIXTURES, LocalSubgraphs, library

from gateway.federation.engine import Engine
from gateway.federation.supergraph.model import Supergraph
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
