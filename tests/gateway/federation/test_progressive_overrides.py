"""Fields that move from one subgraph to another, for some requests first."""

from collections.abc import Collection
from pathlib import Path

import pytest
from world_kit import World

from gateway.federation.engine import Engine

FIXTURES = Path(__file__).parents[2] / "fixtures"

WORLD = World(
    {name: (FIXTURES / "subgraphs" / "move" / f"{name}.graphql").read_text() for name in ("old", "new")},
    {
        "Query": {"square": "s", "shapes": ["s", "c"]},
        "s": {"__typename": "Square", "id": "s", "area": 4, "edge": 2},
        "c": {"__typename": "Circle", "id": "c", "area": 3},
    },
    (FIXTURES / "supergraphs" / "move.graphql").read_text(),
)


async def asked(query: str, rolled: float, labels: Collection[str] = ()) -> list[str]:
    """The subgraphs asked, after the answer was found to be right. `rolled`: from 0 to 100."""
    subgraphs = WORLD.local()
    engine = Engine(WORLD.supergraph, subgraphs, roll=lambda: rolled)
    answer = await engine.execute(engine.prepare(query, labels=labels), {})
    assert not subgraphs.complaints
    assert answer.data == WORLD.monolith(query).data
    return [request.subgraph for request in subgraphs.sent]


@pytest.mark.parametrize(("rolled", "subgraphs"), [(25.4, ["old", "new"]), (25.5, ["old"]), (100.0, ["old"])])
async def test_a_percentage_moves_a_field_of_a_type_for_as_many_requests(rolled: float, subgraphs: list[str]) -> None:
    assert await asked("{ square { area } }", rolled) == subgraphs


@pytest.mark.parametrize(("rolled", "subgraphs"), [(0.0, ["old", "new"]), (25.5, ["old"])])
async def test_a_percentage_moves_a_field_asked_of_an_interface(rolled: float, subgraphs: list[str]) -> None:
    assert await asked("{ shapes { area } }", rolled) == subgraphs


async def test_any_other_label_holds_where_the_request_says_so() -> None:
    assert await asked("{ square { edge } }", 0.0) == ["old"]
    assert await asked("{ square { edge } }", 100.0, ["edges"]) == ["old", "new"]
    assert await asked("{ square { edge } }", 100.0, {"doors": True, "edges": True}) == ["new"]
    assert await asked("{ square { edge } }", 100.0, ["doors"]) == ["new", "old"]


async def test_a_percentage_may_be_said_to_hold() -> None:
    assert await asked("{ square { area } }", 100.0, ["percent(25.5)"]) == ["old", "new"]


async def test_a_label_that_no_field_has_changes_nothing() -> None:
    engine = Engine(WORLD.supergraph, WORLD.local(), roll=lambda: 100.0)
    assert engine.prepare("{ square { edge } }", labels=["unheard"]) is engine.prepare("{ square { edge } }")


async def test_each_set_of_labels_has_a_plan_of_its_own() -> None:
    rolls = iter([10.0, 90.0, 10.0, 90.0])
    engine = Engine(WORLD.supergraph, WORLD.local(), roll=lambda: next(rolls))
    plans = [engine.prepare("{ square { area } }") for _ in range(4)]
    assert plans[0] is plans[2]
    assert plans[1] is plans[3]
    assert plans[0] is not plans[1]


async def test_one_roll_decides_for_a_whole_request() -> None:
    rolls = []
    engine = Engine(WORLD.supergraph, WORLD.local(), roll=lambda: rolls.append(1) or 10.0)
    engine.prepare("{ square { area } shapes { area } }")
    assert len(rolls) == 1
