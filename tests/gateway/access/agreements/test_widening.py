"""A new version of an agreement that gives more in any way is known as wider; one that gives less is not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from agreements_kit import agreement

from gateway.access.agreements.document import Condition, Grant, Obligations, Suspension
from gateway.access.agreements.widening import widens

COORDINATES = ["Case.number", "Case.parties", "ProsecutionFile.number"]
OPEN = Condition(field="Case.reserved", equals=False)
CIVIL = Condition(field="Case.specialty", one_of=("CIVIL", "FAMILY"))
NOT_SECRET = Condition(field="Case.status", none_of=("SECRET",))


def grant(**changes: Any) -> tuple[Grant, ...]:
    given: dict[str, Any] = {"clause": "1", "roles": ("judge",), "fields": ("Case.*",)}
    return (Grant(**(given | changes)),)


def suspended(since: int, until: int | None) -> Suspension:
    end = None if until is None else date(2026, until, 1)
    return Suspension(from_=date(2026, since, 1), reason="r", until=end)


BASE: dict[str, Any] = {
    "grants": grant(conditions=(OPEN, CIVIL, NOT_SECRET), assignment=True),
    "purposes": ("case_review", "audit"),
    "obligations": Obligations(mask_documents=True, page_limit=50),
    "suspension": suspended(5, 7),
}
CONDITIONS = (OPEN, CIVIL, NOT_SECRET)
WIDER: dict[str, dict[str, Any]] = {
    "another consumer": {"consumer": "TC"},
    "earlier": {"in_force_from": date(2026, 1, 31)},
    "later": {"in_force_until": date(2027, 1, 1)},
    "no suspension": {"suspension": None},
    "a suspension that begins later": {"suspension": suspended(6, 7)},
    "a suspension that ends sooner": {"suspension": suspended(5, 6)},
    "documents unmasked": {"obligations": Obligations(page_limit=50)},
    "larger pages": {"obligations": Obligations(mask_documents=True, page_limit=51)},
    "pages without end": {"obligations": Obligations(mask_documents=True)},
    "another purpose": {"purposes": ("case_review", "audit", "tutelage")},
    "another role": {"grants": grant(roles=("judge", "clerk"), conditions=CONDITIONS, assignment=True)},
    "another field": {"grants": grant(fields=("*.*",), conditions=CONDITIONS, assignment=True)},
    "no assignment": {"grants": grant(conditions=CONDITIONS)},
    "a condition less": {"grants": grant(conditions=(OPEN, CIVIL), assignment=True)},
    "a value more": {
        "grants": grant(
            conditions=(OPEN, Condition(field="Case.specialty", one_of=("CIVIL", "FAMILY", "LABOUR")), NOT_SECRET),
            assignment=True,
        )
    },
    "a value excepted no more": {
        "grants": grant(conditions=(OPEN, CIVIL, Condition(field="Case.status", none_of=("OTHER",))), assignment=True)
    },
    "another kind of condition": {
        "grants": grant(
            conditions=(Condition(field="Case.reserved", equals_claim="court"), CIVIL, NOT_SECRET), assignment=True
        )
    },
    "a clause that asks less beside the old one": {
        "grants": (*grant(conditions=CONDITIONS, assignment=True), *grant(clause="2", fields=("Case.number",)))
    },
}
NARROWER: dict[str, dict[str, Any]] = {
    "the same": {},
    "shorter": {"in_force_from": date(2026, 3, 1), "in_force_until": date(2026, 11, 1)},
    "a longer suspension": {"suspension": suspended(4, None)},
    "smaller pages": {"obligations": Obligations(mask_documents=True, page_limit=10)},
    "a purpose less": {"purposes": ("case_review",)},
    "a field less": {"grants": grant(fields=("Case.number",), conditions=CONDITIONS, assignment=True)},
    "a condition more": {
        "grants": grant(conditions=(*CONDITIONS, Condition(field="Case.court", equals="X")), assignment=True)
    },
    "a value less": {
        "grants": grant(
            conditions=(OPEN, Condition(field="Case.specialty", equals="CIVIL"), NOT_SECRET), assignment=True
        )
    },
    "a value more excepted": {
        "grants": grant(
            conditions=(OPEN, CIVIL, Condition(field="Case.status", none_of=("SECRET", "OTHER"))), assignment=True
        )
    },
    "a value where all but one were": {
        "grants": grant(conditions=(OPEN, CIVIL, Condition(field="Case.status", one_of=("PUBLIC",))), assignment=True)
    },
    "one clause in two": {
        "grants": (
            *grant(fields=("Case.number",), conditions=CONDITIONS, assignment=True),
            *grant(clause="2", fields=("Case.parties",), conditions=CONDITIONS, assignment=True),
        )
    },
}


@pytest.mark.parametrize("change", WIDER)
def test_what_gives_more_is_wider(change: str) -> None:
    assert widens(agreement(**BASE), agreement(**(BASE | WIDER[change])), COORDINATES)


@pytest.mark.parametrize("change", NARROWER)
def test_what_gives_no_more_is_not(change: str) -> None:
    assert not widens(agreement(**BASE), agreement(**(BASE | NARROWER[change])), COORDINATES)
