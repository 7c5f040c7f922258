"""What holds of all changes: random schemas, randomly edited, and random operations over them.

The ordinary suite tries the same cases each time. To look for new ones, by hand:

    SCHEMA_EDITS=5000 pytest tests/gateway/federation/schema_changes/test_properties.py
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from graphql import GraphQLSchema, lexicographic_sort_schema, parse, print_schema
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from gateway.federation.schema_changes.change import Change, Severity
from gateway.federation.schema_changes.check import Status, Verdict, check
from gateway.federation.schema_changes.compare import compare
from gateway.federation.schema_changes.documents import Operation

from ..oracle.choices import Choices
from ..oracle.operations import operations
from .edits import Draft, draft, edited

EDITS = int(os.environ.get("SCHEMA_EDITS", "0"))
OPERATIONS = 4
SHOP = draft("""
directive @log(level: Int = 1, tag: String) on FIELD | INLINE_FRAGMENT
directive @again(n: Int!) repeatable on FIELD | FRAGMENT_SPREAD
type Query {
  node(id: ID!): Node  item(by: By, colour: Colour = RED): Item  items(first: Int! = 2, where: Filter): [Item!]!
  shop: Shop!  named(like: [String!]): [Named]  codes: [Code!]
}
type Mutation { add(title: String!, where: Filter): Book  drop(id: ID!): Boolean }
interface Node { id: ID! }
interface Named implements Node { id: ID!  name(short: Boolean = true): String }
type Book implements Node & Named {
  id: ID!  name(short: Boolean = true): String  colour: Colour  pages: Int  shop: Shop
}
type Disc implements Node & Named { id: ID!  name(short: Boolean = true): String  minutes: Int!  pages: Int }
type Card implements Node { id: ID!  scale(unit: Unit! = CM): Float  name: String }
type Shop { items(where: Filter): [Item]  colour: Colour!  open: Boolean }
union Item = Book | Disc | Card
enum Colour { RED BLUE GREEN }
enum Unit { CM KM }
enum Code { ONE TWO }
input Filter { colour: Colour = BLUE  least: Int! = 1  like: [String]  inner: Filter  by: By }
input By @oneOf { id: ID  name: String }
""")
explored = settings(
    max_examples=EDITS or 50,
    derandomize=not EDITS,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def _pair(data: st.DataObject) -> tuple[GraphQLSchema, GraphQLSchema]:
    choices = Choices(data.draw)
    before = edited(choices, SHOP, choices.count(0, 4))
    return _schema(before, "old"), _schema(edited(choices, before, choices.count(1, 4)), "new")


def _schema(of: Draft, name: str) -> GraphQLSchema:
    schema = of.schema()
    assert schema is not None
    note(f"--- {name}\n{of}")
    return schema


@explored
@given(st.data())
def test_every_change_is_told_and_nothing_else(data: st.DataObject) -> None:
    old, new = _pair(data)
    assert compare(old, old) == []
    assert bool(compare(old, new)) == (_sorted(old) != _sorted(new))


def _sorted(schema: GraphQLSchema) -> str:
    return print_schema(lexicographic_sort_schema(schema))


@explored
@given(st.data())
def test_every_change_has_its_mirror(data: st.DataObject) -> None:
    old, new = _pair(data)
    assert _coordinates(compare(old, new)) == _coordinates(compare(new, old))


def _coordinates(changes: Sequence[Change]) -> set[str]:
    return {change.coordinate for change in changes}


@explored
@given(st.data())
def test_what_breaks_an_operation_is_told_as_breaking_and_touches_it(data: st.DataObject) -> None:
    """So, without breaking changes, operations stay valid; see `compare.py` for the one exception."""
    old, new = _pair(data)
    for _ in range(OPERATIONS):
        kind = "mutation" if old.mutation_type and data.draw(st.integers(0, 4)) == 4 else "query"
        text = data.draw(operations(old, kind)).text
        note(text)
        report = check(old, new, [Operation("", "a.graphql", 1, parse(text))])
        [verdict] = report.verdicts
        assert verdict.status is not Status.INVALID, verdict.problems
        if verdict.status is Status.BROKEN:
            note(str(verdict))
            assert _explained(verdict)


def _explained(verdict: Verdict) -> bool:
    if any(change.severity is Severity.BREAKING for change in verdict.changes):
        return True
    retyped = [change for change in verdict.changes if change.code == "FIELD_TYPE_CHANGED"]
    told = any(change.severity is Severity.DANGEROUS for change in retyped)
    conflicts = all(problem.message.startswith("Fields ") for problem in verdict.problems)
    return bool(retyped) and conflicts and (told or _is_aliased(verdict))


def _is_aliased(verdict: Verdict) -> bool:
    assert verdict.operation.document is not None
    aliased: list[Any] = []

    def walk(node: Any) -> None:
        for inside in node.selection_set.selections if node.selection_set else ():
            if getattr(inside, "alias", None):
                aliased.append(inside)
            if hasattr(inside, "selection_set"):
                walk(inside)

    for definition in verdict.operation.document.definitions:
        walk(definition)
    return bool(aliased)
