"""One hospital as composers of every age wrote it, from Federation 1 on, each answered as one server would."""

from pathlib import Path

import pytest
from world_kit import World

FIXTURES = Path(__file__).parents[3] / "fixtures"
SUPERGRAPHS = {path.stem: path.read_text() for path in sorted((FIXTURES / "supergraphs" / "hospital").iterdir())}
SDLS = {path.stem: path.read_text() for path in sorted((FIXTURES / "subgraphs" / "hospital").iterdir())}
DATA = {
    "Query": {
        "patients": ["ana", "luis"],
        "beds": ["b1"],
        "found": ["b1"],
        "drugs": ["d1", "d2"],
        "anything": ["d2", {"__typename": "Address", "street": "Grau", "town": "Puno"}],
        "washing": ["b1"],
    },
    "ana": {
        "__typename": "Patient",
        "id": "1",
        "card": "A",
        "name": "Ana",
        "weight": 60,
        "address": {"street": "Sol", "town": "Cusco"},
        "drug": "d1",
        "tablets": 2,
        "gown": "blue",
    },
    "luis": {
        "__typename": "Patient",
        "id": "2",
        "card": "B",
        "name": "Luis",
        "weight": None,
        "address": None,
        "drug": None,
        "tablets": 1,
        "gown": "white",
    },
    "b1": {"__typename": "Bed", "number": 4, "ward": {"floor": 2}, "town": "Cusco", "washed": "today"},
    "d1": {"__typename": "Drug", "code": "x", "name": "ex", "urgency": "LOW"},
    "d2": {"__typename": "Drug", "code": "y", "name": "why", "urgency": "HIGH"},
}
QUERIES = {
    "by_another_key_and_with_a_requirement": "{ patients { name gown tablets } }",
    "keys_of_an_extension_lead_on_and_are_shown": "{ washing { number washed town ward { floor } } }",
    "value_types_are_everywhere": "{ patients { address { town } } anything { ... on Address { street town } } }",
    "interfaces_and_unions": "{ found { town ... on Bed { washed } } anything { __typename ... on Drug { urgency } } }",
    "provided_fields": "{ patients { drug { name code urgency } } drugs { name } }",
}


def renamed(sdl: str) -> str:
    """The supergraph with its specification under another name."""
    return (
        sdl.replace("join__", "j__")
        .replace('/join/v0.3"', '/join/v0.3", as: "j"')
        .replace("@link", "@uses")
        .replace("directive @uses(url", "directive @uses(url")
        .replace('/link/v1.0")', '/link/v1.0", as: "uses")')
        .replace("link__", "uses__")
    )


def imported(sdl: str) -> str:
    """The supergraph with elements of its specification imported under names of their own."""
    names = {"@type": "@at", "@field": "@from", "FieldSet": "Fields", "Graph": "Subgraph"}
    entries = ", ".join(f'{{name: "{theirs}", as: "{ours}"}}' for theirs, ours in names.items())
    sdl = sdl.replace('/join/v0.3"', f'/join/v0.3", import: [{entries}]')
    for theirs, ours in names.items():
        mark, name = ("@", theirs[1:]) if theirs.startswith("@") else ("", theirs)
        sdl = sdl.replace(f"{mark}join__{name}", ours)
    return sdl


CASES = {
    **SUPERGRAPHS,
    "renamed": renamed(SUPERGRAPHS["join_v0.3"]),
    "imported": imported(SUPERGRAPHS["join_v0.3"]),
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
@pytest.mark.parametrize("name", CASES)
async def test_a_supergraph_of_any_age_answers_as_one_server(name: str, query: str) -> None:
    world = World(SDLS, DATA, CASES[name])
    answer = await world.check(query)
    assert not answer.errors


@pytest.mark.parametrize("name", CASES)
def test_clients_see_the_schema_alone(name: str) -> None:
    schema = World(SDLS, DATA, CASES[name]).supergraph.api_schema
    own = {type_name for type_name in schema.type_map if not type_name.startswith("__")}
    assert own == {"Address", "Bed", "Drug", "Found", "Patient", "Query", "Thing", "Urgency", "Ward"} | {
        "Boolean",
        "ID",
        "Int",
        "String",
    }
    assert {directive.name for directive in schema.directives} == {
        "skip",
        "include",
        "deprecated",
        "specifiedBy",
        "oneOf",
    }
