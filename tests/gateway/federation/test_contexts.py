"""Arguments filled from contexts, over two subgraphs that say in each value what they were handed in."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from world_kit import LocalSubgraphs, World

from gateway.federation.answer import Answer
from gateway.federation.engine import Engine, Limits, Profile
from gateway.federation.errors import FetchError, RequestError
from gateway.federation.execution.contexts import MAX_DIVISIONS
from gateway.federation.execution.execute import ExecutionLimits
from gateway.federation.execution.fetcher import SubgraphRequest
from gateway.federation.planning.plan_json import plan_as_json
from gateway.federation.planning.printer import print_plan
from gateway.federation.policy import ALLOW, Decision, Refusal

FIXTURES = Path(__file__).parents[2] / "fixtures"

WORLD = World(
    {name: (FIXTURES / "subgraphs" / "tours" / f"{name}.graphql").read_text() for name in ("prices", "accounts")},
    {
        "Query": {
            "region": "Cusco",
            "tours": ["t1", "t2"],
            "offers": ["t1", "r1", "r2"],
            "bookings": ["t1", "r1"],
            "season": {"name": "dry", "bands": [{"level": 3}, {"level": None}], "tariff": "dear"},
        },
        "t1": {
            "__typename": "Tour",
            "id": "t1",
            "currency": "PEN",
            "locale": "es",
            "price": "p1",
            "prices": ["p1", "p2"],
            "next": "t2",
        },
        "t2": {
            "__typename": "Tour",
            "id": "t2",
            "currency": "BOB",
            "locale": "qu",
            "price": "p1",
            "prices": ["p1"],
            "next": None,
        },
        "r1": {
            "__typename": "Rental",
            "id": "r1",
            "contract": {"money": "USD"},
            "locale": "en",
            "price": "p1",
            "prices": ["p2"],
        },
        "r2": {
            "__typename": "Rental",
            "id": "r2",
            "contract": None,
            "locale": None,
            "price": None,
            "prices": ["p2"],
        },
        "p1": {
            "__typename": "Price",
            "id": "p1",
            "shown": "one",
            "worded": "uno",
            "taxed": "uno con IGV",
            "carried": "uno puesto",
            "weight": 7,
            "offered": "uno de",
            "quote": "q1",
            "fees": ["f1"],
        },
        "p2": {"__typename": "Price", "id": "p2", "shown": "two", "worded": "dos", "weight": 9, "fees": ["f1"]},
        "f1": {"__typename": "Fee", "id": "f1", "owed": "fee"},
        "q1": {"__typename": "Quote", "id": "q1", "total": "all", "region": "in"},
        "dear": {"__typename": "Tariff", "id": "dear", "rate": "high", "levels": "some", "both": "two"},
    },
    (FIXTURES / "supergraphs" / "tours.graphql").read_text(),
)


def told(word: str, **handed: Any) -> str:
    """A value that says what it was handed in."""
    return f"{word} {json.dumps(handed, sort_keys=True)}"


def sent_to(subgraphs: LocalSubgraphs, subgraph: str) -> list[Mapping[str, Any]]:
    """The variables of the entity fetches that a subgraph got."""
    return [dict(request.variables) for request in subgraphs.sent if request.subgraph == subgraph and request.variables]


async def answered(query: str, subgraphs: LocalSubgraphs) -> Answer:
    """The answer over subgraphs that are not honest."""
    engine = Engine(WORLD.supergraph, subgraphs)
    return await engine.execute(engine.prepare(query), {})


async def test_values_of_ancestors_are_fetched_first_and_handed_in() -> None:
    answer = await WORLD.ask("{ tours { prices { shown } } }")
    assert answer.data == {
        "tours": [
            {"prices": [{"shown": told("one", currency="PEN")}, {"shown": told("two", currency="PEN")}]},
            {"prices": [{"shown": told("one", currency="BOB")}]},
        ]
    }
    assert not answer.errors


async def test_one_entity_below_ancestors_that_differ_is_asked_for_once_for_each_value_in_one_request() -> None:
    subgraphs = WORLD.local()
    await WORLD.ask("{ tours { price { shown } } }", subgraphs=subgraphs)
    price = [{"__typename": "Price", "id": "p1"}]
    assert sent_to(subgraphs, "prices") == [
        {"context_0_0": "PEN", "representations_0": price, "context_0_1": "BOB", "representations_1": price}
    ]


async def test_entities_below_equal_ancestors_are_asked_for_once() -> None:
    subgraphs = WORLD.local()
    await WORLD.ask("{ tours { next { price { shown } } } again: tours { next { price { shown } } } }", None, subgraphs)
    assert sent_to(subgraphs, "prices") == [
        {"context_0": "BOB", "representations": [{"__typename": "Price", "id": "p1"}]}
    ]


async def test_what_one_answer_says_of_an_entity_is_each_ancestors_own_below() -> None:
    answer = await WORLD.ask("{ tours { price { fees { owed } } } }")
    assert answer.data == {
        "tours": [
            {"price": {"fees": [{"owed": told("fee", currency="PEN")}]}},
            {"price": {"fees": [{"owed": told("fee", currency="BOB")}]}},
        ]
    }


async def test_types_of_one_context_hand_in_what_is_selected_of_each_and_null_is_handed_in_as_null() -> None:
    answer = await WORLD.ask(
        "{ offers { ... on Tour { prices { shown } } ... on Rental { prices { shown(digits: 2) } } } }"
    )
    assert answer.data == {
        "offers": [
            {"prices": [{"shown": told("one", currency="PEN")}, {"shown": told("two", currency="PEN")}]},
            {"prices": [{"shown": told("two", currency="USD", digits=2)}]},
            {"prices": [{"shown": told("two", currency=None, digits=2)}]},
        ]
    }


async def test_the_nearest_ancestor_with_the_context_counts() -> None:
    answer = await WORLD.ask("{ tours { next { price { shown } } } }")
    assert answer.data == {"tours": [{"next": {"price": {"shown": told("one", currency="BOB")}}}, {"next": None}]}


async def test_a_context_of_an_interface_is_set_by_all_its_types() -> None:
    answer = await WORLD.ask("{ bookings { price { worded } } offers { ... on Rental { price { worded } } } }")
    assert answer.data == {
        "bookings": [{"price": {"worded": told("uno", locale="es")}}, {"price": {"worded": told("uno", locale="en")}}],
        "offers": [{}, {"price": {"worded": told("uno", locale="en")}}, {"price": None}],
    }


async def test_a_context_of_a_union_is_set_by_all_its_members() -> None:
    answer = await WORLD.ask("{ tours { price { offered } } offers { ... on Rental { price { offered } } } }")
    assert answer.data == {
        "tours": [{"price": {"offered": told("uno de", **{"from": of})}} for of in ("es", "qu")],
        "offers": [{}, {"price": {"offered": told("uno de", **{"from": "en"})}}, {"price": None}],
    }


async def test_below_a_field_with_a_context_the_same_value_needs_no_further_request() -> None:
    subgraphs = WORLD.local()
    answer = await WORLD.ask("{ offers { ... on Rental { price { quote { total } } } } }", None, subgraphs)
    assert answer.data == {
        "offers": [{}, {"price": {"quote": {"total": told("all", currency="USD")}}}, {"price": None}]
    }
    assert len(subgraphs.sent) == 2


async def test_below_a_field_with_a_context_another_value_is_handed_in_by_one_more_request() -> None:
    answer = await WORLD.ask("{ tours { price { quote { total region } } } }")
    quotes = [{"total": told("all", currency=of), "region": told("in", of="Cusco")} for of in ("PEN", "BOB")]
    assert answer.data == {"tours": [{"price": {"quote": quote}} for quote in quotes]}


async def test_contexts_of_the_root_and_of_several_ancestors_go_in_one_request() -> None:
    subgraphs = WORLD.local()
    answer = await WORLD.ask("{ season { tariff { rate levels both } } }", None, subgraphs)
    assert answer.data == {
        "season": {
            "tariff": {
                "rate": told("high", season="dry"),
                "levels": told("some", of=[3, None]),
                "both": told("two", region="Cusco", season="dry"),
            }
        }
    }
    assert len(sent_to(subgraphs, "prices")) == 1


async def test_what_a_field_requires_is_handed_in_beside_its_context() -> None:
    answer = await WORLD.ask("{ bookings { ... on Rental { price { carried } } } }")
    assert answer.data == {"bookings": [{}, {"price": {"carried": told("uno puesto", locale="en") + '{"weight": 7}'}}]}


async def test_a_skipped_field_fetches_nothing_for_its_context() -> None:
    subgraphs = WORLD.local()
    query = "query ($no: Boolean!) { tours { price { id shown @include(if: $no) } } }"
    answer = await WORLD.ask(query, {"no": False}, subgraphs)
    assert answer.data == {"tours": [{"price": {"id": "p1"}}, {"price": {"id": "p1"}}]}
    assert [request.subgraph for request in subgraphs.sent] == ["prices"]


async def test_variables_of_the_client_keep_their_names_beside_those_of_contexts() -> None:
    query = """query ($context_0: Int, $context_0__0: Int, $representations_1: Int) {
      tours { price { shown(digits: $context_0) b: shown(digits: $context_0__0) c: shown(digits: $representations_1) } }
    }"""
    answer = await WORLD.ask(query, {"context_0": 1, "context_0__0": 2, "representations_1": 3})
    currencies = ("PEN", "BOB")
    assert answer.data == {
        "tours": [
            {
                "price": {
                    key: told("one", currency=currency, digits=digits)
                    for key, digits in (("shown", 1), ("b", 2), ("c", 3))
                }
            }
            for currency in currencies
        ]
    }


async def test_more_values_than_one_request_takes_go_in_several() -> None:
    tours = {f"x{i}": {**WORLD.data["t1"], "id": f"x{i}", "currency": f"C{i}"} for i in range(MAX_DIVISIONS + 2)}
    data = {**WORLD.data, **tours, "Query": {"tours": [*tours]}}
    world = World(WORLD.sdls, data, WORLD.supergraph_sdl)
    subgraphs = world.local()
    answer = await world.ask("{ tours { price { shown } } }", None, subgraphs)
    assert answer.data == {
        "tours": [{"price": {"shown": told("one", currency=tour["currency"])}} for tour in tours.values()]
    }
    assert sorted(len(variables) // 2 for variables in sent_to(subgraphs, "prices")) == [2, MAX_DIVISIONS]


async def test_where_a_value_could_not_be_fetched_the_field_is_not_asked_for() -> None:
    subgraphs = WORLD.local(broken={"accounts"})
    query = "{ offers { ... on Tour { prices { id shown } } ... on Rental { prices { shown } } } }"
    answer = await WORLD.ask(query, None, subgraphs)
    assert answer.data == {
        "offers": [
            {"prices": [{"id": "p1", "shown": None}, {"id": "p2", "shown": None}]},
            {"prices": [{"shown": told("two", currency="USD")}]},
            {"prices": [{"shown": told("two", currency=None)}]},
        ]
    }
    assert [(error.code, error.path) for error in answer.errors] == [("SUBGRAPH_UNREACHABLE", ("offers", 0))]


async def test_what_a_field_requires_and_lacks_costs_that_field_alone() -> None:
    subgraphs = WORLD.local(broken={"accounts"})
    answer = await WORLD.ask("{ bookings { ... on Rental { price { carried worded } } } }", None, subgraphs)
    assert answer.data == {"bookings": [{}, {"price": {"carried": None, "worded": told("uno", locale="en")}}]}
    assert [error.code for error in answer.errors] == ["SUBGRAPH_UNREACHABLE"]
    assert not any("carried" in request.operation for request in subgraphs.sent)


async def test_a_null_for_an_argument_that_takes_none_is_not_sent() -> None:
    data = {**WORLD.data, "Query": {"season": {"name": {"error": "unknown"}, "tariff": "dear"}}}
    prices = WORLD.sdls["prices"].replace("name: String!", "name: String").replace("season: String", "season: String!")
    supergraph = WORLD.supergraph_sdl.replace('name: "season", type: "String"', 'name: "season", type: "String!"')
    world = World({**WORLD.sdls, "prices": prices}, data, supergraph)
    subgraphs = world.local()
    answer = await world.ask("{ season { tariff { id rate } } }", None, subgraphs)
    assert answer.data == {"season": {"tariff": {"id": "dear", "rate": None}}}
    assert [error.code for error in answer.errors] == ["SUBGRAPH_ERROR"]
    assert not sent_to(subgraphs, "prices")


class _Failing(LocalSubgraphs):
    """Prices fails for the second value, and says something of the whole request."""

    async def fetch(self, request: SubgraphRequest, context: object) -> bytes:
        raw = await super().fetch(request, context)
        if "_0:" not in request.operation:
            return raw
        errors = [
            {"message": "no rate", "path": ["_1", 0, "shown"], "extensions": {"code": "NO_RATE"}},
            {"message": "slow today", "extensions": {"code": "SLOW"}},
        ]
        data = {**json.loads(raw)["data"], "_1": [{"shown": None}]}
        return json.dumps({"data": data, "errors": errors}).encode()


async def test_errors_lead_to_the_places_of_their_own_value() -> None:
    answer = await answered("{ tours { it: price { cost: shown } } }", _Failing(WORLD))
    assert answer.data == {
        "tours": [{"it": {"cost": told("one", currency="PEN")}}, {"it": {"cost": None}}],
    }
    assert {(error.code, error.path) for error in answer.errors} == {
        ("NO_RATE", ("tours", 1, "it", "cost")),
        ("SLOW", ("tours", 0, "it")),
        ("SLOW", ("tours", 1, "it")),
    }


class _Silent(LocalSubgraphs):
    """Prices cannot be reached for values."""

    async def fetch(self, request: SubgraphRequest, context: object) -> bytes:
        if "_0:" in request.operation:
            raise FetchError(request.subgraph, "prices is gone.", "SUBGRAPH_UNREACHABLE")
        return await super().fetch(request, context)


async def test_a_request_that_fails_is_told_once_for_each_value_that_it_was_for() -> None:
    answer = await answered("{ tours { price { shown } } }", _Silent(WORLD))
    assert answer.data == {"tours": [{"price": {"shown": None}}, {"price": {"shown": None}}]}
    assert [error.path for error in answer.errors] == [("tours", 0, "price"), ("tours", 1, "price")]


async def test_entities_of_all_values_together_are_bounded() -> None:
    limits = Limits(execution=ExecutionLimits(representations=2))
    engine = Engine(WORLD.supergraph, WORLD.local(), limits)
    answer = await engine.execute(engine.prepare("{ tours { prices { shown } } }"), {})
    assert [(error.code, error.path) for error in answer.errors] == [
        ("TOO_MANY_ENTITIES", ("tours", index, "prices", 0)) for index in (0, 1)
    ]


@pytest.mark.parametrize("hidden", ["Tour.currency", "Contract.money"])
async def test_a_field_is_refused_where_a_value_that_contexts_hand_in_is(hidden: str) -> None:
    def policy(subgraph: str, coordinate: str) -> Decision:
        return Refusal("NO_AGREEMENT", "no") if coordinate == hidden else ALLOW

    subgraphs = WORLD.local()
    engine = Engine(WORLD.supergraph, subgraphs)
    prepared = engine.prepare("{ tours { price { id shown worded } } }", profile=Profile("narrow", policy))
    answer = await engine.execute(prepared, {})
    price = {"id": "p1", "shown": None}
    assert answer.data == {
        "tours": [
            {"price": {**price, "worded": told("uno", locale="es")}},
            {"price": {**price, "worded": told("uno", locale="qu")}},
        ]
    }
    assert [(error.code, error.extensions["coordinate"]) for error in answer.errors] == [
        ("NO_AGREEMENT", "Price.shown")
    ]
    assert not any("currency" in request.operation for request in subgraphs.sent)


async def test_a_context_field_with_no_such_ancestor_cannot_be_reached() -> None:
    moved = '@context(name: "prices__booking")'
    sdl = WORLD.supergraph_sdl.replace(moved, "").replace("type Band", f"type Band {moved}")
    with pytest.raises(RequestError, match=r"Price\.worded cannot be fetched here"):
        await World(WORLD.sdls, WORLD.data, sdl).ask("{ bookings { price { worded } } }")


def test_the_printed_plan_says_what_is_handed_in() -> None:
    plan = Engine(WORLD.supergraph, WORLD.local()).prepare("{ tours { price { shown taxed } } }").plan
    expected = (FIXTURES / "plans" / "contexts.txt").read_text()
    assert print_plan(plan, reasons=True) + "\n" == expected
    assert [
        [(each["variable"], each["type"], each["above"]) for each in place["contexts"]]
        for step in plan_as_json(plan)["steps"]
        for entities in step["entities"]
        for place in entities["places"]
        if place["contexts"]
    ] == [
        [("context_0", "String", 0)],
        [("context_1", "String", 1)],
    ]
