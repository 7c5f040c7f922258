"""Gateways of the field serve our supergraphs, and our engine serves the supergraphs of the field's own composer: all
with the same answers.

Where a gateway of the field answers otherwise than our engine, it does so on the other composer's supergraph too: the
oracle's tests say who is right there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
from composition_kit import LIBRARY
from conformance_kit import needs_npm
from hypothesis.errors import UnsatisfiedAssumption
from world_kit import World

from gateway.federation.composition.errors import CompositionError

from ..gateway.federation.oracle.choices import Choices
from ..gateway.federation.oracle.operations import OperationWriter
from ..gateway.federation.oracle.records import Records
from ..gateway.federation.oracle.schemas import Writer
from .gateways import Answers, Asked, answers_of_others, our_answers, our_supergraphs, supergraphs_of_others
from .random_sets import RandomChoices

pytestmark = needs_npm
GATEWAYS = ("apollo", "hive")
WORLDS, OPERATIONS = 10, 4
"""Random worlds, and operations asked of each."""
LIBRARY_SDLS = {path.stem: path.read_text() for path in sorted(LIBRARY.glob("*.graphql"))}


@pytest.fixture(scope="module")
def worlds() -> dict[str, Asked]:
    library = {f"library {seed}": _asked(LIBRARY_SDLS, RandomChoices(seed)) for seed in range(2)}
    random = {str(seed): _random_world(RandomChoices(seed)) for seed in range(WORLDS)}
    return {name: asked for name, asked in {**library, **random}.items() if asked}


def _random_world(choices: Choices) -> Asked | None:
    """None if it does not compose, or no data can be found for it."""
    try:
        return _asked(Writer(choices).write(), choices)
    except (CompositionError, UnsatisfiedAssumption):
        return None


def _asked(sdls: Mapping[str, str], choices: Choices) -> Asked:
    data: dict[str, object] = {}
    world = World(sdls, data)
    data.update(Records(choices, world).all())
    asked = [OperationWriter(choices, world.supergraph.api_schema).operation("query") for _ in range(OPERATIONS)]
    return Asked(world, [(each.text, each.variables) for each in asked])


@pytest.fixture(scope="module")
def ours(worlds: Mapping[str, Asked]) -> dict[str, str]:
    return our_supergraphs(worlds)


@pytest.fixture(scope="module")
def theirs(worlds: Mapping[str, Asked]) -> dict[str, str]:
    """The supergraphs of the field's own composer."""
    return supergraphs_of_others(worlds)


@pytest.fixture(scope="module")
def answers(worlds: Mapping[str, Asked], ours: Mapping[str, str]) -> dict[str, Answers]:
    """Our engine's, on our supergraphs."""
    return {name: asyncio.run(our_answers(asked, ours[name])) for name, asked in worlds.items()}


@pytest.fixture(scope="module")
def answers_of_gateways(worlds: Mapping[str, Asked], ours: Mapping[str, str]) -> dict[str, dict[str, Answers]]:
    return asyncio.run(answers_of_others(worlds, ours))


@pytest.mark.parametrize("gateway", GATEWAYS)
def test_a_gateway_of_the_field_serves_our_supergraphs(
    gateway: str,
    worlds: Mapping[str, Asked],
    theirs: Mapping[str, str],
    answers: Mapping[str, Answers],
    answers_of_gateways: Mapping[str, Mapping[str, Answers]],
) -> None:
    found = {name: each[gateway] for name, each in answers_of_gateways.items()}
    other = {name: worlds[name] for name in worlds if found[name] != answers[name]}
    again = asyncio.run(answers_of_others(other, theirs))
    assert {name: found[name] for name in other} == {name: again[name][gateway] for name in other}
    pairs = [pair for name in worlds for pair in zip(found[name].given, answers[name].given, strict=True)]
    assert sum(one == another for one, another in pairs) > 0.9 * len(pairs), list(other)


def test_our_engine_serves_the_supergraphs_of_the_fields_composer(
    worlds: Mapping[str, Asked], theirs: Mapping[str, str], answers: Mapping[str, Answers]
) -> None:
    assert {name: asyncio.run(our_answers(asked, theirs[name])) for name, asked in worlds.items()} == answers
