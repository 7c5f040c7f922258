"""The planner's plan costs what the cheapest of all plans does, for worlds so small that all of them can be made.

A plan is cheaper than another if it has fewer sequential requests; if those are equal, fewer requests; then fewer
fields. All plans are made by choosing for every unit each of its ways in turn, those that the planner passes over too.
To look further than the ordinary suite does, by hand:

    CHEAPEST_WORLDS=3000 pytest tests/gateway/federation/oracle/test_cheapest.py -n 0 --hypothesis-seed=random
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from graphql import FieldNode, Visitor, parse, visit
from hypothesis import HealthCheck, given, note, reject, settings
from hypothesis import strategies as st
from world_kit import World

from gateway.federation.composition.errors import CompositionError
from gateway.federation.errors import RequestError
from gateway.federation.operation.parse import ParsedOperation, parse_operation
from gateway.federation.planning.choose import Builder
from gateway.federation.planning.plan import PlanLimits, Planner, plan
from gateway.federation.planning.printer import print_plan
from gateway.federation.planning.query_plan import QueryPlan
from gateway.federation.planning.space import Space
from gateway.federation.planning.tails import Tail, Unit
from gateway.federation.policy import allow_everything

from .operations import operations
from .schemas import schemas

WORLDS = int(os.environ.get("CHEAPEST_WORLDS", "0"))
OPERATIONS = 4
MOST_PLANS = 300
"""Operations with more plans than this are left alone."""

FIELDS_MORE = 2
"""Fields that a plan may ask for beyond the cheapest: they are estimated before requests of equal text are joined."""

Cost = tuple[int, int, int]
"""Sequential requests, requests, fields."""


@dataclass(eq=False)
class Scripted(Builder):
    """Chooses as it is told, then the first way; `open` is how many ways there were at each choice."""

    script: Sequence[int] = ()
    open: list[int] = field(default_factory=list)

    def choose(self, units: Sequence[Unit], deepest: int, awaited: bool) -> list[Tail]:
        chosen = []
        for unit in units:
            place = len(self.open)
            self.open.append(len(unit.alternatives))
            chosen.append(unit.alternatives[self.script[place] if place < len(self.script) else 0])
        return chosen


def all_plans(parsed: ParsedOperation, space: Space) -> Iterator[QueryPlan]:
    """Every plan there is, each once."""
    script: list[int] | None = []
    while script is not None:
        planner = Planner(parsed, space, PlanLimits())
        known = planner.builder
        planner.builder = builder = Scripted(
            known.search, known.requirements, known.groups, known.chooser, script=script
        )
        yield planner.plan()
        script = following([*script, *[0] * (len(builder.open) - len(script))], builder.open)


def following(script: list[int], ways: Sequence[int]) -> list[int] | None:
    """The next script, counting up from the end; None after the last."""
    for place in range(len(script) - 1, -1, -1):
        if script[place] + 1 < ways[place]:
            return [*script[:place], script[place] + 1]
    return None


def cost(made: QueryPlan) -> Cost:
    depths: dict[int, int] = {}
    for step in made.steps:
        depths[step.id] = 1 + max((depths[other] for other in step.depends_on), default=0)
    return max(depths.values(), default=0), len(made.steps), sum(fields_of(step.operation) for step in made.steps)


def fields_of(operation: str) -> int:
    """The fields that an operation asks for, `__typename` and `_entities` apart."""
    counter = _FieldCounter()
    visit(parse(operation), counter)
    return counter.found


class _FieldCounter(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found = 0

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self.found += node.name.value not in ("__typename", "_entities")


@settings(
    max_examples=WORLDS or 60,
    derandomize=not WORLDS,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
def test_no_other_plan_is_cheaper(data: st.DataObject) -> None:
    world = World(data.draw(schemas()), {})
    try:
        schema = world.supergraph.api_schema
    except CompositionError:
        reject()
    space = Space(world.supergraph, allow_everything, frozenset())
    for _ in range(OPERATIONS):
        check_cheapest(world, space, data.draw(operations(schema, "query")).text)


def check_cheapest(world: World, space: Space, operation: str) -> None:
    parsed = parse_operation(operation, None, world.supergraph.api_schema)
    try:
        made = plan(parsed, space)
    except RequestError:
        return  # said by the oracle's other tests
    others = list(islice(all_plans(parsed, space), MOST_PLANS + 1))
    if len(others) > MOST_PLANS:
        return
    cheapest = min(others, key=cost)
    note(f"{world.sdls}\n{operation}\n{print_plan(made)}\n{print_plan(cheapest)}")
    (*requests, asked), (*fewest, needed) = cost(made), cost(cheapest)
    assert requests <= fewest
    assert requests < fewest or asked <= needed + FIELDS_MORE


def test_a_request_is_shared_with_what_must_be_asked_anyway() -> None:
    """By order of names or of fields `a` would be taken for the first field, and `b` for the second."""
    shared = 'type Item @key(fields: "id") { id: ID! %s }'
    world = World(
        {
            "start": "type Query { item: Item } " + shared % "",
            "a": shared % "first: Int @shareable",
            "b": shared % "first: Int @shareable second: Int @shareable third: Int",
            "c": shared % "second: Int @shareable",
        },
        {},
    )
    space = Space(world.supergraph, allow_everything, frozenset())
    parsed = parse_operation("{ item { first second third } }", None, world.supergraph.api_schema)
    assert [step.subgraph for step in plan(parsed, space).steps] == ["start", "b"]


def test_two_requests_cover_what_many_subgraphs_have_in_parts() -> None:
    """The subgraph that has most of them is in no cheapest plan."""
    shared = 'type Item @key(fields: "id") { id: ID! %s }'
    parts = {"a": "pqr", "b": "stu", "c": "pqst", "d": "r", "e": "p", "f": "u"}
    fields_at = {name: " ".join(f"{letter}: Int @shareable" for letter in held) for name, held in parts.items()}
    sdls = {name: shared % held for name, held in fields_at.items()}
    world = World({"start": "type Query { item: Item } " + shared % "", **sdls}, {})
    space = Space(world.supergraph, allow_everything, frozenset())
    parsed = parse_operation("{ item { p q r s t u } }", None, world.supergraph.api_schema)
    assert cost(plan(parsed, space))[:2] == (2, 3)


def test_a_deeper_request_serves_where_the_plan_is_as_deep_anyway() -> None:
    world = World(
        {
            "a": 'type Query { item: Item } type Item @key(fields: "id") { id: ID! }',
            "b": 'type Item @key(fields: "id") { id: ID! code: ID! @shareable name: Int @shareable }',
            "c": 'type Item @key(fields: "code") { code: ID! @shareable size: Int color: Int @shareable }',
            "d": 'type Item @key(fields: "id") { id: ID! color: Int @shareable }',
        },
        {},
    )
    space = Space(world.supergraph, allow_everything, frozenset())
    parsed = parse_operation("{ item { name size color } }", None, world.supergraph.api_schema)
    assert [step.subgraph for step in plan(parsed, space).steps] == ["a", "b", "c"]
