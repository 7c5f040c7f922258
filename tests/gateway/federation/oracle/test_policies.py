"""Random worlds under random policies: nothing that a policy keeps back is shown, and what is read is recorded.

By hand, for new cases: `ORACLE_WORLDS=2000 pytest tests/gateway/federation/oracle/test_policies.py`.
"""

from __future__ import annotations

import asyncio
import json
import os
from typing import Any

from hypothesis import HealthCheck, Phase, given, note, reject, settings
from hypothesis import strategies as st
from world_kit import World
from world_subgraphs import Seen

from gateway.federation.composition.errors import CompositionError
from gateway.federation.engine import Profile
from gateway.federation.errors import RequestError
from gateway.federation.supergraph.field_set import FieldSet, SetField, SetFragment

from .cases import Case
from .operations import operations
from .policies import DrawnPolicy
from .records import records
from .schemas import schemas
from .test_oracle import is_part

WORLDS = int(os.environ.get("ORACLE_WORLDS", "0"))
_SETTINGS = settings(
    max_examples=WORLDS or 60,
    derandomize=not WORLDS,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)


def drawn(data: st.DataObject) -> tuple[World, Case]:
    held: dict[str, Any] = {}
    world = World(data.draw(schemas()), held)
    try:
        schema = world.supergraph.api_schema
    except CompositionError:
        reject()
    held.update(data.draw(records(world)))
    operation = data.draw(operations(schema, "query"))
    case = Case(world, operation.text, operation.variables)
    note(str(case))
    return world, case


@_SETTINGS
@given(st.data())
def test_what_a_policy_keeps_back_is_never_shown(data: st.DataObject) -> None:
    asyncio.run(_check_policy(data))


async def _check_policy(data: st.DataObject) -> None:
    world, case = drawn(data)
    for _ in range(3):
        lots = data.draw(st.tuples(st.integers(0, 999), st.integers(0, 3), st.integers(0, 4)))
        note(repr(lots))
        policy = DrawnPolicy(world, *lots)
        profile = Profile(repr(lots), policy)
        try:
            answer = await world.ask(case.operation, case.variables, profile=profile)
        except RequestError as error:  # what the policy gives may lie behind what it refuses
            assert error.errors[0].code == "FIELD_UNREACHABLE"  # noqa: PT017
            continue
        allowed = world.monolith(case.operation, case.variables, shows=policy.shows)
        assert is_part(answer.data, allowed.data), f"{json.dumps(answer.data)} of {json.dumps(allowed.data)}"
        codes = {error.code for error in answer.errors}
        assert codes & {"REFUSED", "WITHHELD", "FIELD_UNREACHABLE"} or json.dumps(answer.data) == json.dumps(
            allowed.data
        )
        plan = world.prepared(case.operation, profile).plan
        assert not set(plan.given) & {coordinate for coordinate, _ in plan.refused}
        assert {coordinate for coordinate, _ in answer.withheld} <= set(plan.given)


@_SETTINGS
@given(st.data())
def test_every_entity_that_is_read_is_recorded(data: st.DataObject) -> None:
    asyncio.run(_check_record(data))


async def _check_record(data: st.DataObject) -> None:
    world, case = drawn(data)
    types = world.supergraph.types
    met: dict[int, Seen] = {}

    def meet(seen: Seen, type_name: str, name: str) -> bool:
        if all(known.keys for known in types[type_name].subgraphs.values()):
            met[id(seen.record)] = seen
        return True

    answer = await world.ask(case.operation, case.variables, recorded=True)
    plain = await world.ask(case.operation, case.variables)
    assert (answer.encoded, answer.errors) == (plain.encoded, plain.errors)
    if answer.errors:
        return  # what a null took with it may have been met or not
    whole = world.monolith(case.operation, case.variables, shows=meet)
    assert not whole.errors
    recorded = {(touched.type, touched.key) for touched in answer.touched}
    for seen in met.values():
        keys = [key for known in types[seen.typename].subgraphs.values() for key in known.keys[:1]]
        told = {_texts(seen, key.fields) for key in keys}
        assert any((seen.typename, key) in recorded for key in told) or any(None in key for key in told), (
            seen,
            recorded,
        )


def _texts(seen: Seen, key: FieldSet) -> tuple[str | None, ...]:
    """Of a plain key its values as recorded; None for one that is null, and for what nests."""
    return tuple(_text(seen, part) for part in key)


def _text(seen: Seen, part: SetField | SetFragment) -> str | None:
    value = seen.record.get(part.name) if isinstance(part, SetField) and not part.selections else None
    return str(value) if isinstance(value, str | int | float) else None
