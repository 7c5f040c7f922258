"""Random agreements, identities and operations: no value ever crosses that no agreement gives, and what is given comes.

By hand, for new cases: `AGREEMENTS_FUZZ=5000 pytest tests/gateway/access/agreements/fuzz`.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from agreements_kit import DAY, register
from graphql import FieldNode, TypeInfo, TypeInfoVisitor, Visitor, is_abstract_type, parse, visit
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from world_subgraphs import LocalSubgraphs, Seen

from gateway.access.agreements.document import Agreement
from gateway.access.agreements.soundness import unsound
from gateway.access.errors import AuthenticationError
from gateway.access.identity import Identity
from gateway.access.profile import Access, subject_of
from gateway.federation.answer import Answer
from gateway.federation.execution.fetcher import SubgraphRequest

from .....gateway.federation.oracle.choices import Choices
from .....gateway.federation.oracle.operations import Operation, operations
from .....gateway.federation.oracle.test_oracle import is_part
from .institutions import IDS, OWNERS, RECORD, WORLD, type_of, values_in
from .oracle import Oracle
from .registers import drawn_agreements, drawn_identity

RUNS = int(os.environ.get("AGREEMENTS_FUZZ", "0"))
KEYS = {"Case.number", "ProsecutionFile.number", "Magistrate.code", "Resolution.code", "Ruling.code"}
_SETTINGS = settings(
    max_examples=RUNS or 300,
    derandomize=not RUNS,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)


def test_no_value_crosses_and_what_is_given_comes() -> None:
    met: Counter[str] = Counter()

    @_SETTINGS
    @given(st.data())
    def run(data: st.DataObject) -> None:
        choices = Choices(data.draw)
        identity = drawn_identity(choices)
        agreements = drawn_agreements(choices, identity)
        for _ in range(2):
            operation = data.draw(operations(WORLD.supergraph.api_schema, "query", IDS))
            note(f"{identity}\n{agreements}\n{operation}")
            asyncio.run(_check(identity, agreements, operation, met))

    run()
    print(met)
    assert met["given"]


async def _check(identity: Identity, agreements: list[Agreement], operation: Operation, met: Counter[str]) -> None:
    made = register(*agreements)
    assert not unsound(made, WORLD.supergraph)
    access = Access(made)
    if identity.purpose not in {None, *(purpose for one in agreements for purpose in one.purposes)}:
        with pytest.raises(AuthenticationError):
            access.profile(identity, WORLD.supergraph, DAY)
        met["PURPOSE_INVALID"] += 1
        return
    oracle = Oracle(agreements, identity, DAY)
    sent = LocalSubgraphs(WORLD)
    answer = await WORLD.ask(
        operation.text,
        operation.variables,
        sent,
        access.profile(identity, WORLD.supergraph, DAY),
        subject=subject_of(identity),
    )
    _check_answer(answer, oracle, operation, met)
    for request in sent.sent:
        _check_fetched(request, oracle)
        _check_handed_on(request, oracle)
    met.update({error.code for error in answer.errors})


def _check_answer(answer: Answer, oracle: Oracle, operation: Operation, met: Counter[str]) -> None:
    text = json.dumps([answer.data, [error.as_json() for error in answer.errors]])
    for record, field in values_in(text):
        assert oracle.may_see(record, field), f"{record}.{field} crossed"
        met["values"] += 1
    most, least = (_one_server(operation, rule) for rule in (oracle.may_see, oracle.must_get))
    assert is_part(answer.data, most), f"{json.dumps(answer.data)}\nis more than\n{json.dumps(most)}"
    assert is_part(least, answer.data), f"{json.dumps(answer.data)}\nis less than\n{json.dumps(least)}"
    met["given"] += any(True for _ in values_in(json.dumps(least)))


def _one_server(operation: Operation, rule: Callable[[str, str], bool]) -> Any:
    """The data of one server with everything, which shows what the rule does."""

    def shows(seen: Seen, _type: str, field: str) -> bool:
        return rule(seen.record[RECORD], field)

    return WORLD.monolith(operation.text, operation.variables, shows=shows).data


def _check_fetched(request: SubgraphRequest, oracle: Oracle) -> None:
    """What is refused is not asked for, but as a key or because a condition is on it."""
    provider = OWNERS[request.subgraph]
    for coordinate in _asked(request):
        assert (
            coordinate in KEYS or coordinate in oracle.markers(provider) or oracle.names(provider, coordinate)
        ), f"{coordinate} is refused, and fetched: {request}"


def _asked(request: SubgraphRequest) -> set[str]:
    """The coordinates in an operation, of each type that the object may have in the subgraph."""
    schema = WORLD.subgraphs[request.subgraph].schema
    info = TypeInfo(schema)
    found: set[str] = set()

    class Fields(Visitor):
        def enter_field(self, node: FieldNode, *_: Any) -> None:
            name, owner = node.name.value, info.get_parent_type()
            if name not in ("__typename", "_entities"):
                possible = schema.get_possible_types(owner) if is_abstract_type(owner) else [owner]
                found.update(f"{each.name}.{name}" for each in possible)

    visit(parse(request.operation), TypeInfoVisitor(info, Fields()))
    return found


def _check_handed_on(request: SubgraphRequest, oracle: Oracle) -> None:
    """Institutions learn nothing from each other but keys and what the reader may see."""
    for record, field in values_in(json.dumps(request.variables.get("representations"))):
        known = f"{type_of(record)}.{field}" in KEYS or oracle.may_see(record, field)
        assert known, f"{record}.{field} is handed to {request.subgraph}: {request}"
