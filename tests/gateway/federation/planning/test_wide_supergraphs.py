"""Planning over wide supergraphs made from a seed: every operation is planned or refused within a bound of steps."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from bench.wide_operations import HOSTILE, realistic
from bench.wide_supergraph import Shape, wide_subgraphs, wide_supergraph
from world_kit import World

from gateway.federation.composition.compose import compose
from gateway.federation.composition.subgraph import Source
from gateway.federation.errors import RequestError
from gateway.federation.operation.parse import parse_operation
from gateway.federation.planning.plan import DEFAULT_BUDGET, PlanLimits, planned
from gateway.federation.planning.query_plan import QueryPlan
from gateway.federation.planning.space import Space
from gateway.federation.policy import allow_everything

TESTS = Path(__file__).parents[3]
WIDE = Shape(subgraphs=25, types=300, seed=1)
SMALL = Shape(subgraphs=8, types=60, seed=2)

DEFAULT = PlanLimits()
REFUSED = frozenset({"condition_bomb"})
"""The families that no bound may let through."""


@cache
def world(shape: Shape) -> World:
    return World(wide_subgraphs(shape), {}, wide_supergraph(shape))


def space(shape: Shape) -> Space:
    return Space(world(shape).supergraph, allow_everything, frozenset())


def planned_in(known: Space, operation: str, limits: PlanLimits = DEFAULT) -> tuple[QueryPlan, int]:
    return planned(parse_operation(operation, None, known.supergraph.api_schema), known, limits)


def test_a_made_federation_composes_and_every_query_of_it_can_be_answered() -> None:
    sdls = wide_subgraphs(SMALL)
    assert compose(Source(name, sdl) for name, sdl in sdls.items()).sdl == wide_supergraph(SMALL)


@pytest.mark.parametrize("seed", range(12))
def test_realistic_operations_take_less_than_a_tenth_of_the_budget_and_each_fetch_is_valid(seed: int) -> None:
    known = space(WIDE)
    plan, steps = planned_in(known, realistic(known.supergraph.api_schema, seed))
    assert steps < DEFAULT_BUDGET / 10
    world(WIDE).check_plan(plan)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("family", HOSTILE)
def test_hostile_operations_are_planned_or_refused_within_the_budget(family: str, seed: int) -> None:
    known = space(WIDE)
    operation = HOSTILE[family](known.supergraph.api_schema, seed)
    if family in REFUSED:
        with pytest.raises(RequestError) as refused:
            planned_in(known, operation)
        assert [error.code for error in refused.value.errors] == ["QUERY_TOO_COMPLEX"]
    else:
        plan, steps = planned_in(known, operation)
        assert steps <= DEFAULT_BUDGET
        world(WIDE).check_plan(plan)


def test_an_operation_past_the_budget_is_refused_with_what_to_do() -> None:
    known = space(WIDE)
    operation = realistic(known.supergraph.api_schema, 0)
    needed = planned_in(known, operation)[1]
    assert planned_in(known, operation, PlanLimits(work=needed))[1] == needed
    with pytest.raises(RequestError, match=r"too complex.* Ask for fewer fields, or in several operations") as refused:
        planned_in(known, operation, PlanLimits(work=needed - 1))
    assert [error.code for error in refused.value.errors] == ["QUERY_TOO_COMPLEX"]


def test_what_a_plan_costs_does_not_depend_on_what_was_planned_before() -> None:
    warm = space(WIDE)
    operations = [realistic(warm.supergraph.api_schema, seed) for seed in range(8)]
    alone = [planned_in(space(WIDE), operation) for operation in operations]
    assert [planned_in(warm, operation) for operation in operations] == alone
    assert [planned_in(warm, operation) for operation in operations] == alone


def plans_digest(shape: Shape) -> str:
    """Of the supergraph and of its plans, in all that shows."""
    known = space(shape)
    parts = [known.supergraph.sdl]
    for seed in range(6):
        plan, steps = planned_in(known, realistic(known.supergraph.api_schema, seed))
        parts += [str(steps), *(f"{step.subgraph} {step.depends_on} {step.operation}" for step in plan.steps)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def test_plans_are_the_same_in_every_process() -> None:
    told = "import test_wide_supergraphs as t; print(t.plans_digest(t.SMALL))"
    paths = [str(TESTS), str(TESTS.parent), str(Path(__file__).parent)]
    digests = {
        subprocess.run(
            [sys.executable, "-c", told],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(paths)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("0", "1", "77")
    }
    assert digests == {plans_digest(SMALL)}


@pytest.mark.parametrize("stride", [1, 7, 11])
def test_shared_fields_behind_circles_of_keys_are_planned_within_the_budget(stride: int) -> None:
    """A field that all holders share, and keys that lead in circles: nothing is visited twice."""
    size = 30
    shared = "near: Item @shareable name: String @shareable"
    sdls = {
        f"s{i}": f"""type Query {{ item{i}: Item }}
            type Item @key(fields: "k{i}") {{ k{i}: ID! @shareable k{(i + stride) % size}: ID! @shareable
              own{i}: Int {shared} }}"""
        for i in range(size)
    }
    circle = World(sdls, {})
    known = Space(circle.supergraph, allow_everything, frozenset())
    nested = f"own{size - 1} name"
    for i in range(10):
        nested = f"own{i} name near {{ {nested} }}"
    plan, steps = planned_in(known, f"{{ item0 {{ {nested} }} }}")
    circle.check_plan(plan)
    assert steps < DEFAULT_BUDGET
