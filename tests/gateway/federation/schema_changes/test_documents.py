"""Operations of clients, out of documents and manifests."""

from __future__ import annotations

import json

from graphql import print_ast

from gateway.federation.schema_changes.documents import Operation, read_operations
from gateway.federation.schema_changes.manifests import read_manifest


def _places(operations: list[Operation]) -> list[tuple[str, str, int]]:
    return [(operation.name, operation.file, operation.line) for operation in operations]


def test_a_document_has_many_operations_each_with_its_line() -> None:
    found = read_operations({"a.graphql": "query A { a }\n\n# of B\nquery B {\n  b }\n{ c }"})
    assert _places(found) == [("A", "a.graphql", 1), ("B", "a.graphql", 4), ("", "a.graphql", 6)]


def test_fragments_are_shared_among_files_and_their_own_come_first() -> None:
    files = {
        "a.graphql": "query A { ...F ...G }\nfragment F on Query { mine }",
        "b.graphql": "query B { ...F }",
        "c.gql": "fragment G on Query { ...H }\nfragment H on Query { h }\nfragment Other on Query { o }",
        "d.gql": "fragment F on Query { mine }",
    }
    a, b = read_operations(files)
    assert a.document is not None
    assert b.document is not None
    assert [print_ast(node).split("{")[0].strip() for node in a.document.definitions] == [
        "query A",
        "fragment F on Query",
        "fragment G on Query",
        "fragment H on Query",
    ]
    assert "mine" in print_ast(b.document)


def test_a_fragment_of_two_minds_is_no_fragment() -> None:
    files = {
        "a.graphql": "query A { ...F }",
        "b.graphql": "fragment F on Query { b }",
        "c.graphql": "fragment F on Query { c }",
    }
    [operation] = read_operations(files)
    assert operation.document is None
    assert [problem.message for problem in operation.problems] == [
        "The fragment F is not one: b.graphql, c.graphql define it differently."
    ]


def test_fragments_that_spread_each_other_come_once() -> None:
    [operation] = read_operations({"a.gql": "{ ...F }\nfragment F on Q { ...G }\nfragment G on Q { ...F }"})
    assert operation.document is not None
    assert len(operation.document.definitions) == 3


def test_a_document_that_is_no_graphql_is_an_operation_that_cannot_be_read() -> None:
    [operation] = read_operations({"a.graphql": "query A {\n  a(\n}"})
    assert (operation.document, operation.line) == (None, 3)
    assert operation.problems[0].message.startswith("Syntax Error")


def test_manifests_of_both_forms_are_read() -> None:
    apollo = {
        "format": "apollo-persisted-query-manifest",
        "version": 1,
        "operations": [
            {"id": "1f", "name": "A", "type": "query", "body": "query A { a }"},
            {"id": "2e", "body": "{ b }"},
        ],
    }
    relay = {"3d": "query C { c }", "4c": "{ d"}
    files = {"a.json": json.dumps(apollo, indent=1), "r.json": json.dumps(relay, indent=1)}
    found = read_operations(files)
    assert _places(found) == [("A", "a.json", 6), ("2e", "a.json", 12), ("3d", "r.json", 2), ("4c", "r.json", 3)]
    assert [operation.document is None for operation in found] == [False, False, False, True]


def test_other_json_is_no_manifest() -> None:
    for text in (
        "",
        "[]",
        '{"hello": "Hola"}',
        '{"operations": [{"body": 1}]}',
        '{"operations": 3}',
        '{"a": {"b": 1}}',
    ):
        assert read_manifest(text) == []
