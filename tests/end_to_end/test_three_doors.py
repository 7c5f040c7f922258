"""One case across four institutions in one request, whichever institution's number one holds."""

from __future__ import annotations

import pytest
from demo_kit import Demo

from gateway.cli.full_case import document, door_of
from subgraphs.sample import worked_cases as worked

G = worked.G
SPELLINGS = [
    G.cases[0],
    "99006-2022-1801-JR-DC-04",
    "99006-2022-0-1801-jr-dc-4",
    G.prosecution_files[0],
    f"0{G.prosecution_files[0]}",
    G.proceedings[0],
    "99005-2023-AA/TC",
]


def full_case(demo: Demo, number: str, role: str = "judge") -> dict[str, object]:
    door = door_of(number)
    assert door is not None
    operation = f"query {door.operation}"
    answer = demo.ask(only(operation), role, number=number)
    kept_back = {error["extensions"]["code"] for error in answer.get("errors", ())}
    assert kept_back <= ({"AGREEMENT_REQUIRED", "ROLE_NOT_GRANTED"} if role != "judge" else set()), answer["errors"]
    found = answer["data"]
    for step in door.path:
        found = found[step]
    return dict(found)


def only(operation: str) -> str:
    """The document with one of its operations, as a front end would keep it."""
    parts = document().split("\n\n")
    return "\n\n".join(part for part in parts if part.startswith((operation, "fragment")))


@pytest.mark.parametrize("number", SPELLINGS[1:])
def test_every_door_and_spelling_leads_to_the_same_case(demo: Demo, number: str) -> None:
    assert full_case(demo, number) == full_case(demo, SPELLINGS[0])


def test_the_case_comes_with_what_each_institution_knows(demo: Demo) -> None:
    case = demo.ask(only("query CaseByNumber"), number=G.cases[0])["data"]["case"]
    [file], [proceeding], [incident] = case["prosecutionFiles"], case["constitutionalProceedings"], case["incidents"]
    linked = {"match": "EXACT", "reciprocal": True, "conflicts": []}
    assert (file["number"], file["stage"], file["caseLink"]) == (G.prosecution_files[0], "SHELVED", linked)
    assert [node["opinion"] for node in file["opinions"]["nodes"]] == ["Opina que se confirme la sentencia apelada."]
    assert (proceeding["number"], proceeding["originLink"]) == (G.proceedings[0], linked)
    assert proceeding["decision"] == {"number": "905/2023", "ruling": "UPHELD_IN_PART", "decidedOn": "2023-10-03"}
    assert (incident["number"], incident["acts"]["totalCount"]) == (G.incidents[0], 1)
    assert case["judge"]["judge"]["name"]
    assert case["judge"]["trainings"]["totalCount"] > 0


@pytest.mark.parametrize("role", ["judge", "prosecutor", "court_adviser", "auditor", "citizen_desk"])
def test_the_child_is_named_to_nobody_by_any_institution(demo: Demo, role: str) -> None:
    answer = str(full_case(demo, G.cases[0], role)).upper()
    shown = {"judge": "N. P. W.", "prosecutor": "PARTE RESERVADA", "court_adviser": "PARTE RESERVADA"}
    assert shown.get(role, "'PARTIES': NONE") in answer
    assert worked.G_CHILD_NAME[2] not in answer
    assert worked.G_CHILD_DOCUMENT not in answer
