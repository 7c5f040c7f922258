"""Which kinds of user share plans, and what the supergraph's own rules refuse to whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from agreements_kit import DAY, agreement, register
from federation_kit import FIXTURES

from gateway.access.errors import AuthenticationError
from gateway.access.identity import Identity
from gateway.access.profile import Access, subject_of
from gateway.federation.policy import Refusal
from gateway.federation.supergraph.read import read_supergraph

SHOP = read_supergraph((FIXTURES / "supergraphs" / "shop.graphql").read_text())
JUDGE = Identity("jueza.uno", "PJ", ("judge",), "case_review", None, None)
HELD = Access(register(agreement(purposes=("case_review", "tutelage"))))


def name(identity: Identity | None, access: Access = HELD, day: date = DAY) -> str:
    return access.profile(identity, SHOP, day).name


@pytest.mark.parametrize(
    "change",
    [
        {"institution": "MP"},
        {"roles": ("judge", "auditor")},
        {"purpose": None},
        {"purpose": "tutelage"},
        {"scopes": ("a",)},
        {"institution": "PJ|judge", "roles": ("",)},
    ],
    ids=str,
)
def test_whatever_could_change_a_decision_makes_another_profile(change: dict[str, Any]) -> None:
    assert name(replace(JUDGE, **change)) != name(JUDGE)


def test_people_of_one_kind_share_a_profile() -> None:
    other = replace(JUDGE, subject="juez.dos", client="desk", claims=(("court", "x"),), purpose_reference="99006")
    assert name(other) == name(JUDGE)


def test_roles_cannot_be_written_so_that_they_read_as_others() -> None:
    assert name(replace(JUDGE, roles=("a,b",))) != name(replace(JUDGE, roles=("a", "b")))


def test_a_day_on_which_an_agreement_ends_makes_another_profile() -> None:
    last = agreement().in_force_until
    assert name(JUDGE, day=last) == name(JUDGE, day=last - timedelta(days=1))
    assert name(JUDGE, day=last) != name(JUDGE, day=last + timedelta(days=1))


def test_a_purpose_that_nobody_agreed_on_is_refused_with_those_that_are() -> None:
    with pytest.raises(AuthenticationError, match="State one of: case_review") as refused:
        name(replace(JUDGE, purpose="curiosity"))
    assert (refused.value.code, refused.value.status) == ("PURPOSE_INVALID", 400)


@pytest.mark.parametrize(
    ("roles", "identity", "may"),
    [
        (None, None, True),
        ({"*"}, JUDGE, True),
        ({"judge"}, JUDGE, True),
        ({"clerk"}, JUDGE, False),
        ({"*"}, None, False),
    ],
)
def test_the_schema_is_told_to_the_roles_that_are_given_it(
    roles: set[str] | None, identity: Identity | None, may: bool
) -> None:
    access = Access(introspection=None if roles is None else frozenset(roles))
    assert access.profile(identity, SHOP, DAY).introspection is may


def test_who_may_introspect_shares_no_plan_with_who_may_not() -> None:
    assert name(JUDGE, Access(introspection=frozenset())) != name(JUDGE, Access(introspection=frozenset({"*"})))


def test_another_register_makes_another_profile() -> None:
    assert name(JUDGE, Access(register(agreement(version=2)))) != name(JUDGE)


def test_conditions_may_compare_with_claims_and_with_who_it_is() -> None:
    told = subject_of(replace(JUDGE, claims=(("court", "1801-JR-DC-04"), ("subject", "forged"))))
    assert told == {"court": "1801-JR-DC-04", "institution": "PJ", "subject": "jueza.uno"}


@pytest.mark.parametrize(
    ("identity", "coordinate", "code"),
    [
        (None, "Item.name", "UNAUTHENTICATED"),
        (JUDGE, "Item.name", None),
        (JUDGE, "Item.note", "INSUFFICIENT_SCOPE"),
        (replace(JUDGE, scopes=("a",)), "Item.note", "INSUFFICIENT_SCOPE"),
        (replace(JUDGE, scopes=("a", "b")), "Item.note", None),
        (replace(JUDGE, scopes=("c",)), "Item.note", None),
        (JUDGE, "Item.owner", "POLICY_NOT_FULFILLED"),
        (replace(JUDGE, roles=("owner",)), "Item.owner", None),
    ],
)
def test_the_supergraphs_rules_hold_without_agreements(
    identity: Identity | None, coordinate: str, code: str | None
) -> None:
    access = Access(policies={"p": frozenset({"owner"}), "q": frozenset({"owner"})})
    decided = access.profile(identity, SHOP, DAY).policy("items", coordinate)
    assert (decided.code if isinstance(decided, Refusal) else None) == code
