"""What was read in the demo is found in the ledger by who audits, and by who asks who looked at the case."""

from __future__ import annotations

import hashlib

import httpx
from demo_kit import Demo

from subgraphs.sample import worked_cases as worked

CASE = worked.G.cases[0]
READ = "query ReadOnce($number: CaseNumber!) { case(number: $number) { number status } }"
WHO = """query ($number: CaseNumber!) { case(number: $number) {
  accesses(first: 5) { nodes { subject institution roles purpose exceptional agreements { number } } } } }"""
LIST = """query ($case: CaseNumber, $after: String) {
  accessRecords(filter: { case: $case }, first: 100, after: $after) {
  nodes { position subject institution purpose operationDigest given outcome entities { type key }
    agreements { number digest clause } leafHash } pageInfo { hasNextPage endCursor } } }"""


def test_a_reading_is_told_of_the_case_and_to_the_auditor(demo: Demo) -> None:
    assert demo.ask(READ, "judge", number=CASE)["data"]["case"]["number"] == CASE
    newest = demo.ask(WHO, "judge", number=CASE)["data"]["case"]["accesses"]["nodes"][0]
    assert (newest["subject"], newest["institution"], newest["purpose"]) == ("jueza.ficticia", "PJ", "case_review")
    assert newest["agreements"]
    records, after = [], None
    while True:
        page = demo.ask(LIST, "auditor", case=CASE, after=after)["data"]["accessRecords"]
        records += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    digest = hashlib.sha256(READ.encode()).hexdigest()
    record = [each for each in records if each["operationDigest"] == digest][-1]
    assert {"Case.number", "Case.status", "Query.case"} == set(record["given"])
    assert record["entities"] == [{"type": "Case", "key": CASE}]
    assert (record["outcome"], record["subject"]) == ("OK", "jueza.ficticia")


def test_the_list_is_for_who_audits_alone(demo: Demo) -> None:
    answer = demo.ask(LIST, "judge", case=CASE)
    assert answer["data"] == {"accessRecords": None}
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"AGREEMENT_REQUIRED"}


def test_who_audits_is_not_given_the_schema_and_who_judges_is(demo: Demo) -> None:
    refused = demo.ask("{ __schema { queryType { name } } }", "auditor")
    assert [error["extensions"]["code"] for error in refused["errors"]] == ["INTROSPECTION_REFUSED"]
    assert "errors" not in demo.ask("{ __schema { queryType { name } } }", "judge")


def test_the_demo_serves_the_guides(demo: Demo) -> None:
    page = httpx.get(f"{demo.url}/docs/auditor")
    assert page.status_code == 200
    assert "Guía de auditoría" in page.text
