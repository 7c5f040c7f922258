"""What agreements give to whom, and why the rest is refused."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from agreements_kit import DAY, agreement, register
from hypothesis import given
from hypothesis import strategies as st

from gateway.access.agreements.decide import Reader, policy_of
from gateway.access.agreements.document import Agreement, Condition, Grant, Suspension
from gateway.access.agreements.register import Register
from gateway.federation.policy import Allow, Decision, Refusal

JUDGE = Reader("PJ", frozenset({"judge"}), "case_review")


def decision(
    made: Register, reader: Reader = JUDGE, coordinate: str = "Case.prosecutionFiles", day: date = DAY
) -> Decision:
    return policy_of(made, reader, day)("prosecution", coordinate)


def code(decided: Decision) -> str:
    return decided.code if isinstance(decided, Refusal) else "ALLOWED"


def test_a_field_is_given_on_the_ground_of_the_clauses_that_name_it() -> None:
    made = register(agreement())
    decided = decision(made)
    assert isinstance(decided, Allow)
    assert decided.condition is None
    assert decided.grounds == (f"A-1@{made.agreements[0].digest}#1",)


@pytest.mark.parametrize(
    ("changes", "reader", "coordinate", "expected"),
    [
        ({}, JUDGE, "Person.documentNumber", "AGREEMENT_REQUIRED"),
        ({"consumer": "TC"}, JUDGE, "Case.number", "AGREEMENT_REQUIRED"),
        ({"provider": "TC"}, JUDGE, "Case.number", "AGREEMENT_REQUIRED"),
        ({"in_force_from": date(2026, 6, 16)}, JUDGE, "Case.number", "AGREEMENT_REQUIRED"),
        ({"in_force_until": date(2026, 6, 14)}, JUDGE, "Case.number", "AGREEMENT_EXPIRED"),
        ({"suspension": Suspension(from_=DAY, reason="x")}, JUDGE, "Case.number", "AGREEMENT_SUSPENDED"),
        ({}, Reader("PJ", frozenset({"clerk"}), "case_review"), "Case.number", "ROLE_NOT_GRANTED"),
        ({}, Reader("PJ", frozenset({"judge"}), None), "Case.number", "PURPOSE_REQUIRED"),
        ({}, Reader("PJ", frozenset({"judge"}), "curiosity"), "Case.number", "PURPOSE_NOT_GRANTED"),
    ],
)
def test_a_refusal_names_what_stands_in_the_way(
    changes: dict[str, Any], reader: Reader, coordinate: str, expected: str
) -> None:
    decided = decision(register(agreement(**changes)), reader, coordinate)
    assert isinstance(decided, Refusal)
    assert decided.code == expected
    assert decided.extensions["provider"] == "MP"
    assert coordinate in decided.message
    assert coordinate in decided.extensions["messageEs"]


@pytest.mark.parametrize(("day", "expected"), [(31, "ALLOWED"), (30, "ALLOWED")])
def test_the_last_day_counts(day: int, expected: str) -> None:
    made = register(agreement(in_force_until=date(2026, 12, 31)))
    assert code(decision(made, day=date(2026, 12, day))) == expected
    assert code(decision(made, day=date(2027, 1, 1))) == "AGREEMENT_EXPIRED"


def test_one_more_agreement_can_only_give_more() -> None:
    expired, current = agreement("A-1", in_force_until=date(2026, 3, 1)), agreement("A-2")
    assert code(decision(register(expired, current))) == "ALLOWED"


def test_an_internal_directive_asks_for_no_purpose_and_lacks_none() -> None:
    directive = agreement(consumer="MP", grants=(Grant(clause="1", roles=("prosecutor",), fields=("*.*",)),))
    made = register(directive)
    assert code(decision(made, Reader("MP", frozenset({"prosecutor"}), None))) == "ALLOWED"
    assert code(decision(register(), Reader("MP", frozenset({"prosecutor"}), None))) == "AGREEMENT_REQUIRED"


def test_a_subgraph_of_nobody_is_refused() -> None:
    decided = policy_of(register(agreement()), JUDGE, DAY)("unknown", "Case.number")
    assert code(decided) == "AGREEMENT_REQUIRED"


def test_a_grants_own_purposes_narrow_the_agreements() -> None:
    grant = Grant(clause="1", roles=("judge",), fields=("Case.*",), purposes=("audit",))
    made = register(agreement(purposes=("case_review", "audit"), grants=(grant,)))
    assert code(decision(made)) == "PURPOSE_NOT_GRANTED"
    assert code(decision(made, Reader("PJ", frozenset({"judge"}), "audit"))) == "ALLOWED"


def conditional(*conditions: Condition, fields: tuple[str, ...] = ("ProsecutionFile.*",), clause: str = "1") -> Grant:
    return Grant(clause=clause, roles=("judge",), fields=fields, conditions=conditions)


def shown(made: Register, values: dict[str, Any], subject: dict[str, str] | None = None) -> bool:
    decided = decision(made, coordinate="ProsecutionFile.summary")
    assert isinstance(decided, Allow)
    assert decided.condition is not None
    assert decided.condition.refusal.code == "WITHHELD"
    return decided.condition.holds(values, subject or {})


def test_all_conditions_of_a_grant_hold_or_those_of_another() -> None:
    open_ = Condition(field="ProsecutionFile.reserved", equals=False)
    family = Condition(field="ProsecutionFile.kind", one_of=("FAMILY",))
    here = Condition(field="ProsecutionFile.office.district", equals_claim="district")
    made = register(agreement(grants=(conditional(open_, family), conditional(here, clause="2"))))
    decided = decision(made, coordinate="ProsecutionFile.summary")
    assert isinstance(decided, Allow)
    assert decided.condition is not None
    assert decided.condition.needs == "kind office { district } reserved"
    lima = {"office": {"district": "LIMA"}}
    assert shown(made, {"reserved": False, "kind": "FAMILY", **lima})
    assert not shown(made, {"reserved": True, "kind": "FAMILY", **lima})
    assert not shown(made, {"reserved": False, "kind": None, **lima})
    assert shown(made, {"reserved": True, "kind": None, **lima}, {"district": "LIMA"})
    assert not shown(made, {"reserved": True, "kind": None, "office": None}, {"district": "LIMA"})


def test_a_claim_that_is_missing_equals_nothing() -> None:
    here = Condition(field="ProsecutionFile.office.district", equals_claim="district")
    made = register(agreement(grants=(conditional(here),)))
    assert not shown(made, {"office": {"district": None}})
    assert not shown(made, {})


def test_true_is_not_one() -> None:
    made = register(agreement(grants=(conditional(Condition(field="ProsecutionFile.reserved", equals=1)),)))
    assert not shown(made, {"reserved": True})


def test_a_condition_on_another_type_leaves_the_field_free() -> None:
    other = Condition(field="Case.reserved", equals=False)
    decided = decision(register(agreement(grants=(conditional(other),))), coordinate="ProsecutionFile.summary")
    assert isinstance(decided, Allow)
    assert decided.condition is None


def test_a_grant_without_conditions_makes_the_others_idle() -> None:
    strict = conditional(Condition(field="ProsecutionFile.reserved", equals=False))
    free = Grant(clause="2", roles=("judge",), fields=("ProsecutionFile.summary",))
    decided = decision(register(agreement(grants=(strict, free))), coordinate="ProsecutionFile.summary")
    assert isinstance(decided, Allow)
    assert decided.condition is None


_INSTITUTIONS = st.sampled_from(["PJ", "MP", "TC"])
_ROLES = st.sampled_from(["judge", "prosecutor", "clerk"])
_PURPOSES = st.sampled_from(["case_review", "audit", "prosecution"])
_FIELDS = st.sampled_from(["Case.number", "Case.*", "*.number", "Party.name", "Par*.n*", "*.*", "Case.numbers"])
_SUBGRAPHS = {"judiciary": "PJ", "prosecution": "MP", "constitutional_court": "TC"}


@st.composite
def agreements(draw: st.DrawFn) -> Agreement:
    purposes = tuple(draw(st.sets(_PURPOSES, min_size=1)))
    grants = draw(
        st.lists(
            st.builds(
                lambda roles, fields, chosen: Grant(
                    clause="1", roles=tuple(roles), fields=tuple(fields), purposes=chosen
                ),
                st.sets(_ROLES, min_size=1),
                st.sets(_FIELDS, min_size=1),
                st.sets(st.sampled_from(sorted(purposes))).map(tuple),
            ),
            min_size=1,
            max_size=3,
        )
    )
    first, last = sorted(draw(st.tuples(st.integers(1, 28), st.integers(1, 28))))
    return agreement(
        f"A-{draw(st.integers(1, 99))}",
        consumer=draw(_INSTITUTIONS),
        provider=draw(_INSTITUTIONS),
        in_force_from=date(2026, 6, first),
        in_force_until=date(2026, 6, last),
        purposes=purposes,
        grants=tuple(grants),
    )


def obviously_given(made: list[Agreement], reader: Reader, day: date, provider: str, coordinate: str) -> bool:
    """The rule in the plainest words, apart from the code under test."""
    for one in made:
        if one.consumer != reader.institution or one.provider != provider:
            continue
        if not one.in_force_from <= day <= one.in_force_until:
            continue
        for grant in one.grants:
            named = any(
                re.fullmatch(field.replace(".", r"\.").replace("*", r"\w*"), coordinate) for field in grant.fields
            )
            purposes = grant.purposes if grant.purposes else one.purposes
            stated = one.consumer == one.provider or reader.purpose in purposes
            if named and stated and any(role in grant.roles for role in reader.roles):
                return True
    return False


@given(
    st.lists(agreements(), max_size=5),
    st.builds(Reader, _INSTITUTIONS, st.frozensets(_ROLES), st.none() | _PURPOSES),
    st.integers(1, 28),
    st.sampled_from(["Case.number", "Party.name", "Party.number", "Case.numbersX"]),
)
def test_what_is_given_is_what_some_grant_says_and_nothing_else(
    made: list[Agreement], reader: Reader, day: int, coordinate: str
) -> None:
    policy = policy_of(register(*made), reader, date(2026, 6, day))
    for subgraph, provider in _SUBGRAPHS.items():
        allowed = isinstance(policy(subgraph, coordinate), Allow)
        assert allowed == obviously_given(made, reader, date(2026, 6, day), provider, coordinate)
