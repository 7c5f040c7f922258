"""The API schema as text is what the engine introspects, for every supergraph that is composed in the tests."""

from __future__ import annotations

from functools import cache
from itertools import permutations
from pathlib import Path

import pytest
from composition_kit import LIBRARY, case_files, case_name, read_case
from graphql import (
    build_client_schema,
    build_schema,
    get_introspection_query,
    lexicographic_sort_schema,
    print_schema,
)

from gateway.federation.composition.compose import compose
from gateway.federation.composition.subgraph import Source
from gateway.federation.execution.introspection import introspect
from gateway.federation.schema_changes.compare import compare
from gateway.federation.schema_changes.read import read_schema
from gateway.federation.supergraph.api_print import api_introspection, api_sdl
from gateway.federation.supergraph.graphql_rules import schema_errors
from gateway.federation.supergraph.read import read_supergraph

QUERY = get_introspection_query(
    specified_by_url=True,
    directive_is_repeatable=True,
    schema_description=True,
    input_value_deprecation=True,
    one_of=True,
)
COMPOSED = [path for path in case_files() if read_case(path).expected.supergraph]


@cache
def _composed(path: Path) -> str:
    return compose(read_case(path).subgraphs).sdl


@pytest.mark.parametrize("path", COMPOSED, ids=case_name)
def test_the_printed_schema_is_the_one_that_is_introspected(path: Path) -> None:
    graph = read_supergraph(_composed(path))
    schema = read_schema(graph.sdl, path.name)
    printed = api_sdl(schema)
    assert schema_errors(build_schema(printed)) == []
    built = build_schema(printed, assume_valid=True)
    assert api_sdl(built) == printed
    assert compare(schema, built) == []
    told = introspect(graph.api_schema, QUERY, None, {}, bound=1_000_000)
    assert not told.errors
    assert told.data is not None
    assert _sorted(build_client_schema(told.data)) == _sorted(built)
    assert api_introspection(built) == api_introspection(schema)
    assert "join__" not in printed
    assert "@link" not in printed


def _sorted(schema: object) -> str:
    return print_schema(lexicographic_sort_schema(schema))  # type: ignore[arg-type]


def test_equal_schemas_are_printed_alike_in_whatever_order_their_types_stand() -> None:
    sources = [Source(path.stem, path.read_text()) for path in LIBRARY.glob("*.graphql")]
    printed = {api_sdl(read_supergraph(compose(order).sdl).api_schema) for order in permutations(sources)}
    assert len(printed) == 1
    parts = ["type Query { b: B  a: A }", "type A { x: Int }", "enum B { Z Y }", "directive @d on FIELD", "scalar C"]
    assert len({api_sdl(build_schema("\n".join(order))) for order in permutations(parts)}) == 1


def test_all_that_clients_may_be_told_is_printed() -> None:
    sdl = '''"""Of the schema."""
schema {
  query: Start
}

directive @again("""Of the argument.""" n: Int = 3 @deprecated) repeatable on FIELD | QUERY

input By @oneOf {
  a: String
  b: Int @deprecated(reason: "Use a.")
}

scalar Day @specifiedBy(url: "https://day.example")

"""Of the enum."""
enum Kind {
  """Of the value."""
  SECOND
  FIRST @deprecated
}

type Start {
  """Of the field."""
  find(by: By, kinds: [Kind!]! = [FIRST]): Day @deprecated(reason: "Ask elsewhere.")
}
'''
    assert api_sdl(build_schema(sdl)) == sdl.replace(
        '@again("""Of the argument.""" n: Int = 3 @deprecated)',
        '@again(\n  """Of the argument."""\n  n: Int = 3 @deprecated\n)',
    )
