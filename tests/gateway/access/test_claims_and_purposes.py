"""What is read out of a verified token, and how the purpose that is stated fits it."""

from __future__ import annotations

from typing import Any

import pytest
from identity_kit import claims
from starlette.datastructures import Headers

from gateway.access.claims import ClaimNames, Subject, subject_told
from gateway.access.errors import AuthenticationError
from gateway.access.purposes import Stated, stated

KEYCLOAK = ClaimNames(
    subject="preferred_username",
    roles="realm_access.roles",
    client="azp",
    attributes={"court": "https://pj.example/court", "magistrate": "person.code"},
    role_names={"JUEZ": "judge", "ESPECIALISTA": "court_officer"},
)


def told(**changes: Any) -> Subject:
    return subject_told(claims(**changes), ClaimNames())


def test_claims_are_found_by_the_issuers_names_and_roles_translated() -> None:
    token = {
        "sub": "7f3c",
        "preferred_username": "jueza.uno",
        "azp": "escritorio",
        "realm_access": {"roles": ["JUEZ", "offline_access"]},
        "https://pj.example/court": "1801-JR-DC-04",
        "person": {"code": "M99002"},
        "institution": "MP",
        "scope": "b a b",
    }
    subject = subject_told(token, KEYCLOAK, "PJ")
    assert (subject.subject, subject.institution, subject.roles) == ("jueza.uno", "PJ", ("judge",))
    assert (subject.client, subject.scopes) == ("escritorio", ("a", "b"))
    assert subject.attributes == (("court", "1801-JR-DC-04"), ("magistrate", "M99002"))


def test_an_attribute_that_the_token_lacks_is_none_and_a_whole_name_wins_over_a_path() -> None:
    names = ClaimNames(attributes={"court": "a.b", "magistrate": "a.c"})
    subject = subject_told(claims(**{"a.b": "whole", "a": {"b": "path"}}), names)
    assert subject.attributes == (("court", "whole"),)


def test_who_has_no_role_here_is_forbidden_and_not_unknown() -> None:
    with pytest.raises(AuthenticationError) as refused:
        subject_told(claims(preferred_username="x", realm_access={"roles": ["judge"]}), KEYCLOAK, "PJ")
    assert (refused.value.code, refused.value.status) == ("NO_ROLE", 403)


@pytest.mark.parametrize(
    "changes",
    [
        {"sub": ""},
        {"sub": "x" * 300},
        {"sub": ["x"]},
        {"institution": 3},
        {"roles": ["a", 1]},
        {"roles": None},
        {"client_id": {}},
        {"scope": 5},
        {"claims": ["court"]},
        {"claims": {"court": 5}},
        {"claims": {"Court!": "x"}},
        {"claims": {f"c{'x' * i}": "x" for i in range(21)}},
        {"purpose": [1]},
    ],
    ids=str,
)
def test_a_claim_of_another_kind_makes_the_token_invalid(changes: dict[str, Any]) -> None:
    with pytest.raises(AuthenticationError) as refused:
        told(**changes)
    assert refused.value.code == "TOKEN_INVALID"


REFERENCE = "99006-2022-0-1801-JR-DC-04"


def state(subject: Subject, *headers: tuple[str, str]) -> Stated:
    return stated(Headers(raw=[(name.lower().encode(), value.encode()) for name, value in headers]), subject)


@pytest.mark.parametrize(
    ("claimed", "header", "purpose"),
    [
        ({}, [], None),
        ({}, [("Quipu-Purpose", "audit")], "audit"),
        ({"purpose": "audit"}, [], "audit"),
        ({"purpose": "audit"}, [("Quipu-Purpose", "audit")], "audit"),
        ({"purpose": ["audit", "case_review"]}, [], None),
        ({"purpose": ["audit", "case_review"]}, [("Quipu-Purpose", "case_review")], "case_review"),
    ],
)
def test_the_purpose_is_what_is_stated_within_what_the_token_allows(
    claimed: dict[str, Any], header: list[tuple[str, str]], purpose: str | None
) -> None:
    assert state(told(**claimed), *header).purpose == purpose


@pytest.mark.parametrize(
    ("claimed", "headers"),
    [
        ({"purpose": "audit"}, [("Quipu-Purpose", "case_review")]),
        ({"purpose": ["audit", "prosecution"]}, [("Quipu-Purpose", "case_review")]),
        ({"purpose": []}, [("Quipu-Purpose", "case_review")]),
        ({"purpose": "Not a purpose"}, []),
        ({}, [("Quipu-Purpose", "audit"), ("Quipu-Purpose", "audit")]),
        ({}, [("Quipu-Purpose", "audit"), ("quipu-purpose", "case_review")]),
        ({}, [("Quipu-Purpose", "")]),
        ({}, [("Quipu-Purpose-Reference", "a\tb")]),
        ({"purpose_reference": REFERENCE}, [("Quipu-Purpose-Reference", "99007-2022-0-1801-JR-DC-04")]),
        ({"purpose_reference": "<b>"}, []),
        ({}, [("Quipu-Exceptional-Reason", "a"), ("Quipu-Exceptional-Reason", "b")]),
    ],
)
def test_a_purpose_stated_twice_or_against_the_token_is_refused_and_never_passed_over(
    claimed: dict[str, Any], headers: list[tuple[str, str]]
) -> None:
    with pytest.raises(AuthenticationError) as refused:
        state(told(**claimed), *headers)
    assert (refused.value.code, refused.value.status) == ("PURPOSE_INVALID", 400)


def test_a_reference_in_the_token_stands_without_a_header() -> None:
    assert state(told(purpose_reference=REFERENCE)).reference == REFERENCE
