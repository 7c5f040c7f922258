"""Citations of other institutions led to the case: how each fits, who answers it, what contradicts it, who is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from subgraphs.sample import worked_cases as worked

Ask = Callable[..., Awaitable[Any]]
G_CASE, G_INCIDENT, G_FILE, G_PROCEEDING = (
    worked.G.cases[0], worked.G.incidents[0], worked.G.prosecution_files[0], worked.G.proceedings[0],
)  # fmt: skip
LINKS = """query ($these: [_Any!]!) { _entities(representations: $these) {
  ... on ProsecutionFile { case { number } caseLink { match reciprocal conflicts } }
  ... on ConstitutionalProceeding { originCase { number } originLink { match reciprocal conflicts } } } }"""


def file(number: str, written: str | None) -> dict[str, Any]:
    return {"__typename": "ProsecutionFile", "number": number, "caseReference": _reference(written)}


def proceeding(number: str, written: str | None) -> dict[str, Any]:
    return {"__typename": "ConstitutionalProceeding", "number": number, "caseReference": _reference(written)}


def _reference(written: str | None) -> dict[str, Any] | None:
    return written and {"asWritten": written, "normalised": None}


def link(match: str, reciprocal: bool | None, *conflicts: str) -> dict[str, Any]:
    return {"match": match, "reciprocal": reciprocal, "conflicts": list(conflicts)}


async def judged(ask: Ask, these: dict[str, Any], role: str = "judge") -> tuple[str | None, dict[str, Any] | None]:
    """The number of the case that the citation leads to, and the link."""
    answer = await ask(LINKS, role, these=[these])
    assert answer.errors is None
    case, found = answer.data["_entities"][0].values()
    return case and case["number"], found


@pytest.mark.parametrize(
    ("written", "match", "conflicts"),
    [
        (G_CASE, "EXACT", []),
        ("99006-2022-1801-JR-DC-04", "NORMALISED", []),
        ("99006-2022-0-1801-jr-dc-4", "NORMALISED", []),
        (G_INCIDENT, "NORMALISED", []),
        ("99006-2022-7-1801-JR-DC-04", "NORMALISED", ["INCIDENT_UNKNOWN"]),
    ],
)
async def test_both_institutions_are_led_to_the_main_file(
    ask: Ask, written: str, match: str, conflicts: list[str]
) -> None:
    for citing in (file(G_FILE, written), proceeding(G_PROCEEDING, written)):
        assert await judged(ask, citing) == (G_CASE, link(match, True, *conflicts))


@pytest.mark.parametrize("written", ["99098-2021-0-1801-JR-DC-01", "99006-2021-0-1801-JR-DC-04", "EXP. 991", " "])
async def test_what_leads_nowhere_is_a_broken_link_and_no_case(ask: Ask, written: str) -> None:
    assert await judged(ask, proceeding("99029-2022-PA/TC", written)) == (None, link("BROKEN", None))


async def test_who_cites_nothing_has_no_case_and_no_link_even_if_the_case_cites_it(ask: Ask) -> None:
    """F10: the silence is the prosecutors'; the case still says what it cites."""
    assert await judged(ask, file("999014502-2022-99030-0", None)) == (None, None)
    answer = await ask('{ case(number: "99030-2022-0-1801-JR-FC-01") { prosecutionFileReference } }')
    assert answer.data["case"]["prosecutionFileReference"] == "999014502-2022-99030-0"


async def test_a_cuaderno_cited_as_the_main_file_is_suspected(ask: Ask) -> None:
    """F2: incident 3 was meant, 0 was typed."""
    main = "99022-2022-0-1801-JR-PE-02"
    assert await judged(ask, proceeding("99022-2022-PHC/TC", main)) == (main, link("EXACT", False, "INCIDENT_LOST"))


async def test_a_cuaderno_that_cites_back_answers_for_its_case(altered: Callable[..., Ask]) -> None:
    ask = altered("UPDATE TB_EXPEDIENTE SET X_EXP_TC = '99022-2022-HC' WHERE EXP_NRO = '99022' AND N_INCIDENTE = 3")
    citing = proceeding("99022-2022-PHC/TC", "99022-2022-3-1801-JR-PE-02")
    assert await judged(ask, citing) == ("99022-2022-0-1801-JR-PE-02", link("NORMALISED", True))
    lost = proceeding("99022-2022-PHC/TC", "99022-2022-0-1801-JR-PE-02")
    assert (await judged(ask, lost))[1] == link("EXACT", True, "INCIDENT_LOST")


async def test_a_cuaderno_moved_to_another_court_leads_to_the_main_file(altered: Callable[..., Ask]) -> None:
    ask = altered("UPDATE TB_EXPEDIENTE SET EXP_ORG = 'SP', EXP_JUZ = '01' WHERE N_UNICO = 6 AND N_INCIDENTE = 1")
    written = "99006-2022-1-1801-SP-DC-01"
    assert await judged(ask, file(G_FILE, written)) == (G_CASE, link("NORMALISED", True))


@pytest.mark.parametrize(
    ("cited_back", "reciprocal", "conflicts"),
    [
        ("0999014502-2021-99006-0", True, []),
        ("999014502-2021-99006", True, []),
        ("999014502-2020-99006-0", False, ["CASE_CITES_ANOTHER"]),
        ("CARPETA 99006", False, ["CASE_CITATION_UNREADABLE"]),
    ],
)
async def test_the_case_answers_in_any_readable_spelling(
    altered: Callable[..., Ask], cited_back: str, reciprocal: bool, conflicts: list[str]
) -> None:
    ask = altered(f"UPDATE TB_EXPEDIENTE SET X_CARPETA = '{cited_back}' WHERE N_UNICO = 6 AND N_INCIDENTE = 0")  # noqa: S608
    assert (await judged(ask, file(G_FILE, G_CASE)))[1] == link("EXACT", reciprocal, *conflicts)


async def test_a_queja_is_not_contradicted_by_the_proceeding_that_it_opened(ask: Ask) -> None:
    case, (opened, queja) = worked.E.cases[0], worked.E.proceedings
    assert await judged(ask, proceeding(opened, case)) == (case, link("EXACT", True))
    assert await judged(ask, proceeding(queja, case)) == (case, link("EXACT", False))


async def test_stages_that_contradict_each_other_are_no_fault_of_the_link(ask: Ask) -> None:
    """F12: shelved by the prosecutors, open here; the Judiciary does not know their stage."""
    case = "99033-2022-0-1801-JR-PE-03"
    assert await judged(ask, file("999014501-2022-99033-0", case)) == (case, link("EXACT", True))


@pytest.mark.parametrize("role", ["auditor", "citizen_desk"])
async def test_a_link_tells_no_more_of_what_the_case_cites_than_the_case_does(ask: Ask, role: str) -> None:
    for written, conflicts in ((G_CASE, []), ("99006-2022-7-1801-JR-DC-04", ["INCIDENT_UNKNOWN"])):
        for own in (G_FILE, "999014502-2021-99999-0"):
            found = (await judged(ask, file(own, written), role))[1]
            assert found is not None
            assert (found["reciprocal"], found["conflicts"]) == (None, conflicts)
    assert (await judged(ask, proceeding(G_PROCEEDING, G_CASE), role))[1] == link("EXACT", True)


@pytest.mark.parametrize("role", ["auditor", "citizen_desk"])
async def test_a_reserved_case_tells_nothing_of_its_proceeding_in_a_link(
    altered: Callable[..., Ask], role: str
) -> None:
    ask = altered("UPDATE TB_EXPEDIENTE SET L_RESERVA = 'S' WHERE N_UNICO = 6 AND N_INCIDENTE = 0")
    assert await judged(ask, proceeding(G_PROCEEDING, G_CASE), role) == (G_CASE, link("EXACT", None))
    answer = await ask(f'{{ case(number: "{G_CASE}") {{ constitutionalProceedingReference }} }}', role)
    assert answer.data["case"]["constitutionalProceedingReference"] is None


@pytest.mark.parametrize("sent", ["99006", ["x"], {}, {"asWritten": None}, {"asWritten": 5, "normalised": G_CASE}])
async def test_an_input_that_is_not_as_required_is_its_own_error(ask: Ask, sent: object) -> None:
    these = [
        {"__typename": "ProsecutionFile", "number": G_FILE, "caseReference": sent},
        {"__typename": "ProsecutionFile", "number": G_FILE},
        file(G_FILE, G_CASE),
    ]
    answer = await ask(LINKS, these=these)
    assert [entity["case"] for entity in answer.data["_entities"]] == [None, None, {"number": G_CASE}]
    assert {error.extensions["code"] for error in answer.errors} == {"BAD_REPRESENTATION"}
    assert [error.path[1] for error in answer.errors] == [0, 0, 1, 1]
