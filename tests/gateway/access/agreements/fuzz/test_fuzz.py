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

from gateway.access.agreements.soundness import unsound
from gateway.access.errors import AuthenticationError
from gateway.access.profile import Access, subject_of
from gateway.federation.answer import Answer
from gateway.federation.execution.fetcher import SubgraphRequest

from .....gateway.federation.oracle.choices import Choices
from .....gateway.federation.oracle.operations import Operation, operations
from .....gateway.federation.oracle.test_oracle import is_part
from .institutions import EVERYTHING, IDS, OWNERS, PUBLISHERS, RECORD, WORLD, type_of, values_in
from .oracle import Oracle
from .registers import drawn_agreements, drawn_identity, like

RUNS = int(os.environ.get("AGREEMENTS_FUZZ", "0"))
KEYS = {"Case.number", "ProsecutionFile.number", "Magistrate.code", "Resolution.code", "Ruling.code"}
CODES = {
    "AGREEMENT_REQUIRED",
    "AGREEMENT_EXPIRED",
    "AGREEMENT_SUSPENDED",
    "ROLE_NOT_GRANTED",
    "PURPOSE_REQUIRED",
    "PURPOSE_NOT_GRANTED",
    "WITHHELD",
}
"""All that agreements tell a reader; each is met. A subgraph may complain too, of an input that another withheld."""
_SETTINGS = settings(
    max_examples=RUNS or 150,
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
        drawn = data.draw(operations(WORLD.supergraph.api_schema, "query", IDS))
        provider_decides = choices.chance(50)
        for each in (identity, like(choices, identity)):  # who must not get each other's plan
            for operation in (drawn, Operation(EVERYTHING, {})):
                note(f"{each}\n{agreements}\n{operation}\n{provider_decides=}")
                asyncio.run(_check(Oracle(agreements, each, DAY), operation, provider_decides, met))

    run()
    assert not {*CODES, "values", "given"} - met.keys(), met
    assert met.keys() <= {*CODES, "values", "given", "PURPOSE_INVALID", "SUBGRAPH_ERROR"}, met


async def _check(oracle: Oracle, operation: Operation, provider_decides: bool, met: Counter[str]) -> None:
    made = register(*oracle.agreements)
    assert not unsound(made, WORLD.supergraph)
    agreed = {purpose for one in oracle.agreements for purpose in one.purposes}
    if oracle.identity.purpose not in {None, *agreed}:
        with pytest.raises(AuthenticationError):
            Access(made).profile(oracle.identity, WORLD.supergraph, DAY)
        met["PURPOSE_INVALID"] += 1
        return
    sent = LocalSubgraphs(WORLD, keeps_back=_provider(oracle)) if provider_decides else LocalSubgraphs(WORLD)
    profile = Access(made).profile(oracle.identity, WORLD.supergraph, DAY)
    answer = await WORLD.ask(operation.text, operation.variables, sent, profile, subject=subject_of(oracle.identity))
    met.update({error.code for error in answer.errors})
    _check_answer(answer, oracle, operation, met)
    for request in sent.sent:
        _check_fetched(request, oracle)
        _check_handed_on(request, oracle, provider_decides)


def _provider(oracle: Oracle) -> Callable[[str, Seen, str], bool]:
    """What subgraphs refuse that decide by themselves: all but keys, and what their conditions are on."""

    def keeps_back(subgraph: str, seen: Seen, field: str) -> bool:
        provider, record = OWNERS[subgraph], seen.record[RECORD]
        coordinate = f"{type_of(record)}.{field}"
        moves = coordinate in KEYS or coordinate in oracle.markers(provider)
        return not moves and not oracle.gives(provider, record, field)

    return keeps_back


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
        assert coordinate in KEYS or coordinate in oracle.markers(provider) or oracle.names(provider, coordinate), (
            f"{coordinate} is refused, and fetched: {request}"
        )


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


def _check_handed_on(request: SubgraphRequest, oracle: Oracle, provider_decides: bool) -> None:
    """Institutions learn nothing from each other but keys and what the reader may see. What a condition on the data
    keeps back from the reader is kept from other institutions by the provider, but for what conditions are on."""
    for record, field in values_in(json.dumps(request.variables.get("representations"))):
        coordinate, givers = f"{type_of(record)}.{field}", PUBLISHERS[type_of(record), field]
        if provider_decides and not any(coordinate in oracle.markers(one) for one in givers):
            known = oracle.may_see(record, field)
        else:
            known = any(oracle.names(one, coordinate) for one in givers)
        assert known or coordinate in KEYS, f"{record}.{field} is handed to {request.subgraph}: {request}"
