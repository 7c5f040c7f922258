"""Random federated worlds: the engine's answer is that of one server with the merged schema and all the data.

The ordinary suite runs the same cases each time. To look for new ones, by hand:

    ORACLE_WORLDS=2000 pytest tests/gateway/federation/oracle/test_oracle.py

`ORACLE_WORLDS` is the number of random worlds, each asked several operations; Hypothesis then takes other cases each
time, unless `--hypothesis-seed=N` is given. A failure prints its case, shrunken, as a file for `tests/fixtures/oracle`,
where `test_corpus.py` keeps it.
"""

from __future__ import annotations

import asyncio
import json
import os
from typing import Any

from hypothesis import HealthCheck, given, note, reject, settings
from hypothesis import strategies as st
from world_kit import World

from gateway.federation.composition.errors import CompositionError

from .cases import Case
from .operations import operations
from .records import records
from .schemas import schemas

WORLDS = int(os.environ.get("ORACLE_WORLDS", "0"))
OPERATIONS = 4
"""Operations asked of each world."""


@settings(
    max_examples=WORLDS or 70,
    derandomize=not WORLDS,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
def test_a_federated_world_answers_as_one_server_does(data: st.DataObject) -> None:
    asyncio.run(_check_world(data))


async def _check_world(data: st.DataObject) -> None:
    held: dict[str, Any] = {}
    world = World(data.draw(schemas()), held)
    try:
        schema = world.supergraph.api_schema
    except CompositionError:
        reject()
    held.update(data.draw(records(world)))
    for _ in range(OPERATIONS):
        kind = "mutation" if schema.mutation_type and data.draw(st.integers(0, 4)) == 4 else "query"
        operation = data.draw(operations(schema, kind))
        case = Case(world, operation.text, operation.variables)
        note(str(case))
        await check(case, data.draw(st.sampled_from(sorted(world.sdls))))


async def check(case: Case, down: str) -> None:
    """Right, and with a subgraph down a part of what is right."""
    world = case.world
    answer = await world.check(case.operation, case.variables)
    if case.operation.startswith("mutation"):
        return
    partial = await world.ask(case.operation, case.variables, world.local(broken={down}))
    assert is_part(partial.data, answer.data), f"without {down}: {json.dumps(partial.data)} of {answer.data}"
    assert partial.errors or partial.data == answer.data, f"without {down}: nothing says what is missing"


def is_part(part: Any, whole: Any) -> bool:
    """Is it the whole, or the whole with nulls in it?"""
    if part is None:
        return True
    if isinstance(part, dict):
        return isinstance(whole, dict) and [*part] == [*whole] and all(is_part(part[key], whole[key]) for key in part)
    if isinstance(part, list):
        return isinstance(whole, list) and len(part) == len(whole) and all(map(is_part, part, whole))
    return bool(part == whole)
