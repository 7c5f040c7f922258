"""An input of `@requires` is lost on the way: what is computed from it is null, never computed without it."""

from __future__ import annotations

from typing import Any

import pytest
from world_kit import LocalSubgraphs, World

from gateway.federation.answer import Answer

PARCELS = World(
    {
        "shop": """
            type Query { parcels: [Parcel] }
            type Parcel @key(fields: "id") { id: ID! }
        """,
        "scales": """type Parcel @key(fields: "id") { id: ID!  weight: Int  box: Box } type Box { width: Int }""",
        "rates": """type Parcel @key(fields: "id") { id: ID!  rate: Int }""",
        "post": """
            type Parcel @key(fields: "id") {
              id: ID!  office: String
              weight: Int @external  rate: Int @external  box: Box @external
              postage: String @requires(fields: "weight")
              duty: String @requires(fields: "rate")
              size: String @requires(fields: "box { width }")
              total: String @requires(fields: "weight rate")
            }
            type Box { width: Int @external }
        """,
        "bank": """
            type Parcel @key(fields: "id") {
              id: ID!  postage: String @external  fee: String @requires(fields: "postage")
            }
        """,
    },
    {
        "Query": {"parcels": ["p"]},
        "p": {
            "__typename": "Parcel", "id": "1", "office": "Lima", "weight": 3, "rate": 2, "box": {"width": 8},
            "postage": "5", "duty": "6", "size": "7", "total": "8", "fee": "9",
        },
    },
)  # fmt: skip


async def without(broken: str, query: str) -> tuple[Any, Answer, LocalSubgraphs]:
    local = PARCELS.local(broken=[broken])
    answer = await PARCELS.ask(query, subgraphs=local)
    assert answer.data is not None
    [parcel] = answer.data["parcels"]
    return parcel, answer, local


def asked(local: LocalSubgraphs) -> list[str]:
    return [request.subgraph for request in local.sent]


@pytest.mark.parametrize("field", ["postage", "size", "total"])
async def test_a_field_whose_input_is_lost_is_null_and_not_asked_for(field: str) -> None:
    parcel, answer, local = await without("scales", f"{{ parcels {{ {field} }} }}")
    assert parcel == {field: None}
    assert [(error.code, error.extensions["service"]) for error in answer.errors] == [
        ("SUBGRAPH_UNREACHABLE", "scales")
    ]
    assert "post" not in asked(local)


async def test_fields_of_the_same_subgraph_that_need_no_such_input_are_kept() -> None:
    parcel, answer, local = await without("scales", "{ parcels { postage office duty size total } }")
    duty = PARCELS.monolith("{ parcels { duty } }").data["parcels"][0]["duty"]  # type: ignore[index]
    assert parcel == {"postage": None, "office": "Lima", "duty": duty, "size": None, "total": None}
    assert answer.errors[0].extensions["service"] == "scales"
    assert asked(local).count("post") == 1


async def test_what_is_computed_from_a_lost_field_is_lost_too() -> None:
    parcel, answer, local = await without("scales", "{ parcels { id fee } }")
    assert parcel == {"id": "1", "fee": None}
    assert len(answer.errors) == 1
    assert set(asked(local)) == {"shop", "scales"}


async def test_an_input_that_its_subgraph_answers_with_null_is_handed_in_as_null() -> None:
    data = {**PARCELS.data, "p": {**PARCELS.data["p"], "weight": None}}
    answer = await World(PARCELS.sdls, data).check("{ parcels { postage } }")
    assert answer.data == {"parcels": [{"postage": '5 {"weight": null}'}]}


@pytest.mark.parametrize(("lost", "field"), [("weight", "postage"), ("box", "size")])
async def test_an_input_that_failed_is_not_handed_in_as_null_and_others_of_the_list_are(lost: str, field: str) -> None:
    data = {
        **PARCELS.data,
        "Query": {"parcels": ["p", "q"]},
        "q": {**PARCELS.data["p"], "id": "2", lost: {"error": "the scales are stuck"}},
    }
    world = World(PARCELS.sdls, data)
    local = world.local()
    answer = await world.ask(f"{{ parcels {{ id {field} }} }}", subgraphs=local)
    first, second = answer.data["parcels"]  # type: ignore[index]
    assert first[field].startswith("5 " if field == "postage" else "7 ")
    assert second == {"id": "2", field: None}
    assert [error.path for error in answer.errors] == [("parcels", 1)]
    assert [given["id"] for given in local.sent[-1].variables["representations"]] == ["1"]
